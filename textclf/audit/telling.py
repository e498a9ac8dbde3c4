"""An audit as lines for a terminal."""

from collections.abc import Iterator, Mapping, Sequence

from textclf.audit.finding import WEIGHTS, Example, Finding, Weight
from textclf.audit.found import Found
from textclf.audit.seen import Seen
from textclf.errors import printable
from textclf.evaluation.tables import fitted, text_table, wrapped

_LABELS = 12  # labels of a table
_INDENT = "  "
_TEXT = 200  # characters of an example
TITLES: Mapping[Weight, str] = {
    "serious": "serious: a score or a model will be wrong",
    "notable": "notable: look at it",
    "note": "notes: good to know",
}


def verdict(audit: Found) -> str:
    """Says in a sentence how much was found."""
    rows = sum(audit.rows.values())
    names = {name for counts in audit.labels.values() for name in counts}
    numbers = [len(audit.weighing(weight)) for weight in WEIGHTS]
    if not any(numbers):
        found = "nothing found"
    else:
        serious, notable, notes = numbers
        found = (
            f"{serious} serious, {notable} notable, {notes} note{'s' * (notes != 1)}"
        )
    return f"{audit.source}: {rows:,} texts, {len(names):,} labels; {found}"


def seen_rows(splits: Sequence[Seen]) -> list[list[str]]:
    """Returns the table of lengths and unknown words, a header first."""
    return [
        ["split", "texts", "median", "95 %", "longest", "cut off", "unknown"],
        *(
            [
                one.split,
                f"{one.texts:,}",
                f"{one.median:,}",
                f"{one.high:,}",
                f"{one.longest:,}",
                f"{one.lost:.1%}",
                "" if one.split == "train" else f"{one.unknown:.1%}",
            ]
            for one in splits
        ),
    ]


def label_rows(
    labels: Mapping[str, Mapping[str, int]], *, most: int = _LABELS
) -> tuple[list[list[str]], int]:
    """Returns a table of the most frequent labels, and how many are left out."""
    totals: dict[str, int] = {}
    for counts in labels.values():
        for name, count in counts.items():
            totals[name] = totals.get(name, 0) + count
    ranked = sorted(totals, key=lambda name: (-totals[name], name))
    left = max(0, len(ranked) - most)
    shown = ranked if not left else [*ranked[: most - 3], *ranked[-3:]]
    rows = [["label", *(split for split in labels), "share"]]
    whole = max(sum(totals.values()), 1)
    for name in shown:
        numbers = [f"{labels[split].get(name, 0):,}" for split in labels]
        share = f"{totals[name] / whole:.1%}"
        rows.append([printable(name, limit=40), *numbers, share])
    return rows, left


def overview(audit: Found, width: int) -> Iterator[str]:
    """Yields the sentence and the tables of an audit."""
    yield from wrapped(verdict(audit), width)
    if audit.folder not in ("", "."):
        yield from wrapped(f"in {audit.folder}", width)
    if audit.view.splits:
        yield ""
        yield f"lengths in {audit.view.splits[0].unit}s"
        yield from text_table(seen_rows(audit.view.splits), width)
    rows, left = label_rows(audit.labels)
    yield ""
    yield from text_table(rows, width)
    if left:
        yield f"({left} labels between them left out)"


def findings(audit: Found, width: int, *, examples: int) -> Iterator[str]:
    """Yields the findings by their weight, each with what to do and where."""
    folder = f"{audit.folder}/"
    for weight in WEIGHTS:
        those = audit.weighing(weight)
        if those:
            yield ""
            yield TITLES[weight]
        for one in those:
            yield ""
            yield from _told(one, width, examples, folder)


def _told(one: Finding, width: int, examples: int, folder: str) -> Iterator[str]:
    head, *rest = wrapped(f"{one.kind}: {one.told}", width - len(_INDENT))
    yield head
    yield from (f"{_INDENT}{line}" for line in rest)
    for line in wrapped(f"→ {one.advice}", width - len(_INDENT)):
        yield f"{_INDENT}{line}"
    for example in one.examples[:examples]:
        yield from _example(example, width, folder)


def _example(one: Example, width: int, folder: str) -> Iterator[str]:
    """Yields where a row stands and what is said of it, and the row below."""
    note = f" {printable(one.note, limit=120)}" if one.note else ""
    told = f"{one.place}{note}".replace(folder, "")
    for line in wrapped(told, width - 2 * len(_INDENT)):
        yield f"{2 * _INDENT}{line}"
    label = f"[{printable(one.label, limit=40)}] " if one.label else ""
    text = printable(" ".join(one.text.split()), limit=_TEXT)
    room = width - 3 * len(_INDENT)
    yield f"{3 * _INDENT}{fitted(f'{label}{text}', room, left=True).rstrip()}"
