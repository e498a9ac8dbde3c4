"""A page of explained texts."""

from collections.abc import Mapping, Sequence

from textclf.explain.explanation import Explanation
from textclf.page.document import page
from textclf.page.parts import Piece, joined


def page_of(
    explanations: Sequence[Explanation],
    *,
    title: str = "Explanations",
    sections: Mapping[str, Piece] | None = None,
) -> str:
    """Returns a page that loads and runs nothing.

    Args:
        explanations: The texts, each in a section of its own.
        title: Its heading.
        sections: Further sections, which come after.
    """
    named = {
        f"{number}. {explanation.headline()}": joined(*explanation.pieces())
        for number, explanation in enumerate(explanations, start=1)
    }
    return page(title, kind="textclf", sections={**named, **(sections or {})})
