"""A report as Markdown, with its pictures beside it."""

from collections.abc import Iterator, Sequence

from textclf.study.report.content import Content, Table
from textclf.study.report.pictures import Picture

_SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]<>#|~"})


def to_markdown(content: Content, pictures: Sequence[Picture]) -> str:
    """Returns the report; pictures are linked by their file names."""
    return "\n".join(_lines(content, pictures)) + "\n"


def _lines(content: Content, pictures: Sequence[Picture]) -> Iterator[str]:
    yield f"# {_plain(content.title)}\n"
    if content.question:
        yield f"{_plain(content.question)}\n"
    yield from (f"- {_plain(line)}" for line in content.conclusions)
    yield "\n## What was asked\n"
    yield from _table(Table(("what", "value"), content.asked, frozenset()))
    if content.effects:
        yield "\n## Effects\n"
        yield from _table(content.effects)
    if content.anova:
        yield "\nAnalysis of variance: factors, pairs of factors, and seeds.\n"
        yield from _table(content.anova)
    for picture in pictures:
        yield f"\n![{_plain(picture.title)}: {picture.told}]({picture.file})"
    yield "\n## Every cell\n"
    yield from _table(content.cells)
    for title, table in (
        ("What was tuned", content.nuisance),
        ("Failed trials", content.failed),
    ):
        if table:
            yield f"\n## {title}\n"
            yield from _table(table)
    yield "\n## How to read this\n"
    yield from (f"- {_plain(line)}" for line in content.method)
    yield f"\n## How to do it again\n\n```sh\n{content.command}\n```\n"
    yield from _table(Table(("environment", ""), content.environment, frozenset()))


def _table(table: Table) -> Iterator[str]:
    yield _row(table.head)
    marks = ("---:" if at in table.numeric else "---" for at in range(len(table.head)))
    yield f"| {' | '.join(marks)} |"
    yield from map(_row, table.rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_plain, cells))} |"


def _plain(text: str) -> str:
    """Returns text that Markdown takes for nothing else."""
    return " ".join(text.translate(_SPECIAL).split())
