"""Rows of measured tables that the pages of docs/kinds show, too."""

from collections.abc import Sequence
from pathlib import Path

from textclf.files import write_text

PAGES = Path(__file__).resolve().parent.parent / "docs" / "kinds"


def table_of(report: Path) -> list[str]:
    """Returns the lines of the table of a report: head, rule, rows."""
    lines = report.read_text("utf-8").splitlines()
    return [line for line in lines if line.startswith("|")]


def renew(report: Path) -> None:
    """Writes the rows of a report anew wherever a page shows them."""
    for path in sorted(PAGES.glob("*.md")):
        write_text(path, renewed(path.read_text("utf-8"), table_of(report)))


def renewed(page: str, table: Sequence[str]) -> str:
    """Returns a page whose rows are those of a table, wherever it has its head.

    Args:
        page: Markdown.
        table: Head, rule and rows; a row is known by its first cell.
    """
    head, _, *rows = table
    known = {_name(row): row for row in rows}
    lines, inside = [], False
    for line in page.split("\n"):
        inside = line == head or (inside and line.startswith("|"))
        lines.append(known.get(_name(line), line) if inside else line)
    return "\n".join(lines)


def _name(row: str) -> str:
    return row.split("|")[1].strip() if row.startswith("|") else ""
