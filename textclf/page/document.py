"""Whole pages that need nothing else, and snippets for a cell of a notebook."""

from collections.abc import Mapping

from textclf.page import templating
from textclf.page.parts import Piece, html_of

_CONTENTS = 5  # sections from which on a page has a table of contents


def page(
    title: str,
    *body: Piece,
    kind: str = "",
    lead: str = "",
    sections: Mapping[str, Piece] | None = None,
) -> str:
    """Returns a page in one file that loads and runs nothing, in light and dark.

    Args:
        title: The name of what it is about.
        body: What comes first; a plain string is a paragraph.
        kind: What the page is, for the window's title.
        lead: A line under the title.
        sections: Titles and contents of what follows, with a list of them where there
            are several.
    """
    named = sections or {}
    return templating.rendered(
        "page.html.j2",
        title=title,
        kind=kind,
        lead=lead,
        body=html_of(body),
        sections=list(zip(named, html_of(named.values()), strict=True)),
        contents=len(named) >= _CONTENTS,
        style=templating.style(),
    )


def fragment(*body: Piece) -> str:
    """Returns a snippet for `_repr_html_`, in the theme of the notebook.

    Its styles hold inside it only. A plain string is a paragraph.
    """
    return templating.rendered(
        "fragment.html.j2", body=html_of(body), style=templating.style()
    )
