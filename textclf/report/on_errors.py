"""What a page says of the errors."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textclf.data.held import Held
from textclf.errors import plural
from textclf.evaluation.answers import Answers
from textclf.evaluation.mistakes import Mistake, worst_mistakes, wrong_told
from textclf.page.parts import Piece, cases, joined, paragraph, running
from textclf.report.material import Material
from textclf.report.wording import named, percent

if TYPE_CHECKING:
    from markupsafe import Markup

    from textclf.explain.attribution import Explainer

_SHOWN = 20
"""Errors that are listed."""

_EXCERPT = 600
"""Characters of a text that are shown; longer ones are not explained."""

_COLOURS = (
    "Colours say why (integrated gradients): blue words speak for {}, orange ones "
    "against it; ⁺ and ⁻ mark the strongest."
)
_PARTS = (
    "Each label is a decision of its own, and a percentage is the probability the "
    "model gave that label: of a missed one a low one. The surest wrong decision "
    "stands first, and the texts are ordered by it."
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
    told += f" {_PARTS}" if material.many else ""
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
    told = _COLOURS.format("the label named first" if material.many else "the answer")
    return [paragraph(told, tone="soft"), cases(listed)]


def _told(one: Mistake) -> str:
    place = Path(one.place).name
    if not one.wrong:
        sure = f"({percent(one.confidence)} sure)"
        return f"{named(one.truth)}, taken for {named(one.said)} {sure}; {place}"
    wrong = wrong_told(one, number=percent)
    return f"{wrong}; truth {named(one.truth)}, answer {named(one.said)}; {place}"


def _shown(one: Mistake, explainer: "Explainer") -> Piece:
    from textclf.explain.html import marked

    if not one.text.strip():
        return paragraph("(empty)", tone="soft")
    if len(one.text) > _EXCERPT:
        return running(one.text[: _EXCERPT - 1] + "…")
    # Of a label set the label that is named first; else the answer.
    told = explainer.explain(one.text, label=one.wrong[0].label if one.wrong else None)
    return marked(told.segments(), strongest=told.strongest)
