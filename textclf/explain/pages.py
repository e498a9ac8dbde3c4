"""A page of explained texts."""

from collections.abc import Sequence

from textclf.explain.explanation import Explanation
from textclf.explain.similar import Similar
from textclf.page.document import page
from textclf.page.parts import Piece, joined


def page_of(
    explanations: Sequence[Explanation],
    *,
    title: str = "Explanations",
    similar: Sequence[Similar] = (),
) -> str:
    """Returns a page that loads and runs nothing.

    Args:
        explanations: The texts, each in a section of its own.
        title: Its heading.
        similar: For each of them the training texts that are like it, if asked for.
    """
    beside: list[list[Piece]] = [one.pieces() for one in similar]
    beside = beside or [[] for _ in explanations]
    pairs = zip(explanations, beside, strict=True)
    sections = {
        f"{number}. {explanation.headline()}": joined(*explanation.pieces(), *more)
        for number, (explanation, more) in enumerate(pairs, start=1)
    }
    return page(title, kind="textclf", sections=sections)
