"""Answers as a notebook shows them: small, escaped, in its theme."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from textclf.page.document import fragment
from textclf.page.parts import Piece, table

SHOWN = 20
"""Rows of a table of texts."""

_LONGEST = 200  # characters of a text that are shown
NAME = 40
"""Characters of a label that are shown."""


def predictions_html(
    records: Iterable[Mapping[str, Any]], *, n: int, texts: Sequence[str] = ()
) -> str:
    """Returns the first answers as a table.

    Args:
        records: What `Predictions.records` yields.
        n: How many there are.
        texts: What was asked, if it is known.
    """
    shown = [record for record, _ in zip(records, range(SHOWN), strict=False)]
    head = ["label", "probability", *(["text"] if texts else []), "remarks"]
    rows: list[list[Piece]] = []
    for row, record in enumerate(shown):
        told = [clipped(texts[row])] if texts else []
        rows.append([*_answer(record), *told, remarks(record)])
    wide = (2,) if texts else ()
    left = f"{n - len(shown):,} more of {n:,}" if n > len(shown) else ""
    caption = f"not shown: {left}" if left else ""
    return fragment(table(head, rows, numeric=(1,), wrapped=wide, caption=caption))


def clipped(text: str, most: int = _LONGEST) -> str:
    """Returns the beginning of a text in one line."""
    line = " ".join(text[: most + 1].split())
    return line if len(text) <= most else f"{line[: most - 1]}…"


def remarks(record: Mapping[str, Any]) -> str:
    """Says what of a text the model could not see, and whether it abstains."""
    flags = record["flags"]
    told = ["abstains"] if record.get("abstained") else []
    told += [name for name in ("empty", "truncated") if flags[name]]
    if flags["unknown"] > 0:
        told.append(f"{flags['unknown']:.0%} unknown words")
    return ", ".join(told)


def _answer(record: Mapping[str, Any]) -> tuple[str, str]:
    label, probability = record["label"], record["probability"]
    if not isinstance(label, list):
        return clipped(label, NAME), f"{probability:.3f}"
    names = ", ".join(clipped(name, NAME) for name in label)
    return names or "(no label)", ", ".join(f"{p:.3f}" for p in probability)
