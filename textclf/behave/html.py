"""A suite's findings as parts of a page, by the page's own macros."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textclf.behave.outcome import TestResult
from textclf.behave.telling import HEAD, Capabilities, Tests, headed, shown, table
from textclf.page import parts

if TYPE_CHECKING:
    from markupsafe import Markup

_FAILS = "FAIL"
_INDENT = "\u2003"  # an em space: a test stands under its capability


def pieces(
    summary: Sequence[str], tests: Tests, capabilities: Capabilities, *, examples: int
) -> "list[Markup]":
    """Returns the sentences, the table, and the worst cases behind a click."""
    failed = [test for test in tests if test.passed is False]
    left_out = [f"{test.name}: {test.skipped}" for test in tests if test.skipped]
    result = [
        parts.bullets(summary),
        parts.table(
            HEAD, _rows(tests, capabilities), numeric=range(2, 6), wrapped=(0,)
        ),
    ]
    if left_out:
        result.append(parts.details("tests left out", parts.bullets(left_out)))
    if examples:
        result += [_worst(test, examples) for test in failed]
    return result


def _rows(tests: Tests, capabilities: Capabilities) -> Iterator[list[parts.Piece]]:
    for whole, (name, verdict, *numbers) in table(tests, capabilities):
        if whole:
            yield [name, verdict, *numbers]
        else:
            tone: parts.Tone = "bad" if verdict == _FAILS else "soft"
            yield [f"{_INDENT}{name}", parts.tinted(verdict, tone), *numbers]


def _worst(test: TestResult, examples: int) -> "Markup":
    rows = [shown(example) for example in test.worst[:examples]]
    return parts.details(
        headed(test), parts.table(("worst cases", "answer"), rows, wrapped=(0, 1))
    )
