"""Headings, tables and code, written so that any text keeps its cell."""

from collections.abc import Sequence

NOTICE = "<!-- Written by `make references` from the code: do not edit. -->"


def heading(text: str, *, level: int) -> str:
    """Returns a heading with an empty line below it."""
    return f"{'#' * level} {text}\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Returns a table; the cells are Markdown without line breaks."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def code(text: str) -> str:
    """Returns text in backquotes, of which it may hold some itself."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}"


def plain(text: str) -> str:
    """Returns text that Markdown takes for nothing else; `code` stays code."""
    parts = " ".join(text.split()).split("`")
    for at in range(0, len(parts), 2):
        parts[at] = "".join(f"\\{c}" if c in "\\*_[]<>#~" else c for c in parts[at])
    return "`".join(parts)


def anchor(text: str) -> str:
    """Returns what GitHub makes of a heading, for links to it."""
    kept = [c for c in text.lower().replace(" ", "-") if c.isalnum() or c in "-_"]
    return "".join(kept)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
