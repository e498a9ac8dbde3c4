"""What a page says of the errors."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textclf.data.held import Held
from textclf.evaluation.answers import Answers
from textclf.evaluation.mistakes import Mistake, worst_mistakes
from textclf.page.parts import Piece, cases, joined, paragraph, running
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
    """Returns the wrong answers the model was surest of, explained."""
    judged = material.judged
    if judged is None:
        return paragraph("The run kept no answers.", tone="soft")
    held = material.texts.get(material.split)
    wrong = _worst(judged, held)
    if not wrong:
        return paragraph(f"None of {plural(len(judged.truth), 'answer')} is wrong.")
    told = (
        f"The {plural(len(wrong), 'wrong answer')} the model was surest of. Such texts "
        "are often labelled wrong, ambiguous, or of a kind that training lacked."
    )
    return joined(paragraph(told, tone="soft"), *_listed(material, held, wrong))


def _worst(judged: Answers, held: Held | None) -> list[Mistake]:
    given = (judged.predictions, judged.truth)
    if held is None:
        texts = [""] * len(judged.truth)
        return worst_mistakes(*given, texts, lambda row: f"row {row:,}", most=_SHOWN)
    texts_there, place = held.dataset.texts, held.table.place
    return worst_mistakes(*given, texts_there, place, most=_SHOWN)


def _listed(
    material: Material, held: Held | None, wrong: Sequence[Mistake]
) -> list[Piece]:
    if held is None:
        gone = paragraph(material.gone, tone="soft")
        return [gone, cases((_told(one), "") for one in wrong)]
    from textclf.explain.attribution import Explainer

    explainer = Explainer.of(material.bundle)
    listed = [(_told(one), _shown(one, explainer)) for one in wrong]
    return [paragraph(_COLOURS, tone="soft"), cases(listed)]


def _told(one: Mistake) -> str:
    return (
        f"{_named(one.truth)}, taken for {_named(one.said)} "
        f"({percent(one.confidence)} sure); {Path(one.place).name}"
    )


def _named(labels: tuple[str, ...]) -> str:
    if not labels:
        return "no label"
    more = f" and {len(labels) - _NAMED:,} more" if len(labels) > _NAMED else ""
    return " + ".join(labels[:_NAMED]) + more


def _shown(one: Mistake, explainer: "Explainer") -> Piece:
    from textclf.explain.html import marked

    if not one.text.strip():
        return paragraph("(empty)", tone="soft")
    if len(one.text) > _EXCERPT:
        return running(one.text[: _EXCERPT - 1] + "…")
    # Of a wrong label set the first label that is not true, else the likeliest one.
    label = next((name for name in one.said if name not in one.truth), None)
    told = explainer.explain(one.text, label=label)
    return marked(told.segments(), strongest=told.strongest)
