"""What a page says of the errors."""

from functools import partial
from typing import TYPE_CHECKING

from textclf.page.parts import Piece, cases, joined, paragraph, running
from textclf.report.answers import Answer, worst
from textclf.report.material import Material
from textclf.report.wording import percent, plural

if TYPE_CHECKING:
    from markupsafe import Markup

    from textclf.explain.attribution import Explainer

_SHOWN = 20
"""Errors that are listed."""

_EXCERPT = 600
"""Characters of a text that are shown; longer ones are not explained."""

_NAMED = 4
"""Labels of an answer that are named."""

_COLOURS = (
    "Colours say why (integrated gradients): blue words speak for the answer, orange "
    "ones against it; ⁺ and ⁻ mark the strongest."
)


def errors_section(material: Material) -> "Markup":
    """Returns the wrong answers whose truth was expected least, explained."""
    answers = material.answers[material.split]
    if not answers:
        return paragraph("The run kept no answers.", tone="soft")
    wrong = worst(answers, many=material.many, most=_SHOWN)
    if not wrong:
        return paragraph(f"None of {plural(len(answers), 'answer')} is wrong.")
    told = (
        f"The {plural(len(wrong), 'wrong answer')} whose truth the model expected "
        "least. Row: the place of the text in its split, from 0. Such texts are often "
        "labelled wrong, ambiguous, or of a kind that training lacked."
    )
    return joined(paragraph(told, tone="soft"), *_listed(material, wrong))


def _listed(material: Material, wrong: list[Answer]) -> list[Piece]:
    dataset = material.texts.get(material.split)
    if dataset is None:
        gone = paragraph(material.gone, tone="soft")
        return [gone, cases((_told(one), "") for one in wrong)]
    shown = partial(_shown, _explainer(material))
    listed = [(_told(one), shown(one, dataset.texts[one.row])) for one in wrong]
    return [paragraph(_COLOURS, tone="soft"), cases(listed)]


def _explainer(material: Material) -> "Explainer":
    from textclf.explain.attribution import Explainer

    return Explainer.of(material.bundle)


def _told(answer: Answer) -> str:
    said = _named(answer.likeliest)
    if answer.said:
        sure = answer.probabilities[answer.likeliest[0]]
        said += f" ({percent(sure)} sure)"
    part = ", read in part" if answer.truncated else ""
    return f"row {answer.row:,}: {_named(answer.truth)}, taken for {said}{part}"


def _named(labels: tuple[str, ...]) -> str:
    if not labels:
        return "no label"
    more = f" and {len(labels) - _NAMED:,} more" if len(labels) > _NAMED else ""
    return " + ".join(labels[:_NAMED]) + more


def _shown(explainer: "Explainer", answer: Answer, text: str) -> Piece:
    from textclf.explain.html import marked

    if not text.strip():
        return paragraph("(empty)", tone="soft")
    if len(text) > _EXCERPT:
        return running(text[: _EXCERPT - 1] + "…")
    label = answer.likeliest[0] if answer.said else None
    told = explainer.explain(text, label=label)
    return marked(told.segments(), strongest=told.strongest)
