"""What a page says of the errors."""

from typing import TYPE_CHECKING

from textclf.page.parts import Piece, cases, joined, paragraph, running
from textclf.report.answers import Answer, worst
from textclf.report.material import Material
from textclf.report.wording import percent, plural

if TYPE_CHECKING:
    from markupsafe import Markup

_SHOWN = 20
"""Errors that are listed."""

_EXCERPT = 600
"""Characters of a text that are shown."""

_NAMED = 4
"""Labels of an answer that are named."""


def errors_section(material: Material) -> "Markup":
    """Returns the wrong answers whose truth was expected least."""
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
    texts = material.texts.get(material.split)
    gone = [] if texts is not None else [paragraph(material.gone, tone="soft")]
    return joined(
        paragraph(told, tone="soft"),
        *gone,
        cases(
            (_told(one), _shown(texts.texts[one.row]) if texts is not None else "")
            for one in wrong
        ),
    )


def _told(answer: Answer) -> str:
    given = answer.probabilities
    likely = tuple(sorted(answer.said, key=lambda label: -given[label]))
    said = _named(likely)
    if likely:
        said += f" ({percent(given[likely[0]])} sure)"
    part = ", read in part" if answer.truncated else ""
    return f"row {answer.row:,}: {_named(answer.truth)}, taken for {said}{part}"


def _named(labels: tuple[str, ...]) -> str:
    if not labels:
        return "no label"
    more = f" and {len(labels) - _NAMED:,} more" if len(labels) > _NAMED else ""
    return " + ".join(labels[:_NAMED]) + more


def _shown(text: str) -> Piece:
    if not text.strip():
        return paragraph("(empty)", tone="soft")
    return running(text if len(text) <= _EXCERPT else text[: _EXCERPT - 1] + "…")
