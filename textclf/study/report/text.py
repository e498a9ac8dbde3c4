"""A study in a terminal: sentences, and a table of effects."""

import textwrap
from typing import Any

from textclf.errors import printable
from textclf.study.analysis.effects import Effect, effects
from textclf.study.report.conclusions import conclusions, interval_of, signed, unit
from textclf.study.results import Results

_LEAST_WIDTH, _MOST_WIDTH = 40, 100


def lines_of(results: Results, width: int) -> list[str]:
    """Returns the findings and the effects.

    Args:
        results: What is known.
        width: Columns of the terminal.
    """
    width = min(max(width, _LEAST_WIDTH), _MOST_WIDTH)
    done = int((results.frame["status"] == "done").sum())
    planned = max(results.planned, len(results.frame))
    lines = [f"{results.name}: {done:,} of {planned:,} trials done", ""]
    for line in conclusions(results):
        lines += textwrap.wrap(
            printable(line), width, initial_indent="- ", subsequent_indent="  "
        )
    found = effects(results)
    return [*lines, "", *_table(results, found, width)] if found else lines


def summary(results: Results) -> dict[str, Any]:
    """Returns the same as a mapping that JSON can hold."""
    return {
        "name": results.name,
        "metric": results.metric,
        "rope": results.rope,
        "trials": len(results.frame),
        "planned": results.planned,
        "failed": int((results.frame["status"] != "done").sum()),
        "conclusions": conclusions(results),
        "effects": [effect.to_json() for effect in effects(results)],
        "winner": dict(results.winner) if results.winner else None,
    }


def _table(results: Results, found: tuple[Effect, ...], width: int) -> list[str]:
    """Returns a line an effect; where the columns do not fit, two."""
    rows = [
        (
            f"{effect.factor} {effect.level}",
            effect.reference,
            signed(effect.difference, results),
            interval_of(effect, results),
            f"{effect.seeds}",
            effect.verdict,
        )
        for effect in found
    ]
    head = ("level", "against", "difference", "95 % interval", "seeds", "verdict")
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    if sum(widths) + 2 * (len(widths) - 1) > width:
        return [line for row in rows for line in _stacked(row, results, width)]
    return [
        printable(
            "  ".join(
                cell.ljust(size) if place in (0, 1, 5) else cell.rjust(size)
                for place, (cell, size) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
        )
        for row in (head, *rows)
    ]


def _stacked(row: tuple[str, ...], results: Results, width: int) -> list[str]:
    level, reference, difference, interval, seeds, verdict = row
    told = f"{difference}{unit(results)} {interval}, seeds {seeds}"
    return [
        line
        for text, indent in ((f"{level} − {reference}: {verdict}", ""), (told, "  "))
        for line in textwrap.wrap(
            printable(text), width, initial_indent=indent, subsequent_indent="  "
        )
    ]
