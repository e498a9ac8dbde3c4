"""A suite's findings as sentences, as a table for a terminal, and as Markdown."""

from collections.abc import Iterator, Sequence

from textclf.behave.excerpts import excerpt, excerpts
from textclf.behave.outcome import Capability, Example, Tally, TestResult
from textclf.errors import printable
from textclf.evaluation.tables import (
    escaped,
    markdown_table,
    text_table,
    wrapped,
)

_SHOWN = 160  # characters of a text
_NAMED = 3  # capabilities and tests that a sentence lists

Tests = Sequence[TestResult]
Capabilities = Sequence[Capability]


def title(suite: str, texts: int, tests: Tests) -> str:
    """Says how many tests there are and how many pass."""
    states = [test.passed for test in tests]
    skipped = states.count(None)
    more = f", {skipped} left out" if skipped else ""
    noun = "test" if len(tests) == 1 else "tests"
    return (
        f"{suite}: {len(tests)} {noun} with {texts:,} texts; "
        f"{states.count(True)} pass, {states.count(False)} fail{more}"
    )


def summary(tests: Tests, capabilities: Capabilities) -> list[str]:
    """Says what the model can and cannot do."""
    run = [one for one in capabilities if one.cases]
    if not run:
        return ["No test could be run."]
    weak = sorted((o for o in run if o.failed), key=lambda o: -o.rate)
    strong = [one for one in run if not one.failed]
    told = []
    if weak:
        listed = ", ".join(f"{o.name} ({_percent(o.rate)})" for o in weak[:_NAMED])
        told.append(f"Weakest, by the share of cases that fail: {listed}.")
    if strong:
        told.append(f"All tests pass in: {', '.join(o.name for o in strong)}.")
    elif weak:
        told.append("There is no capability of which all tests pass.")
    hopeless = [t.name for t in tests if t.cases and t.rate > 0.5]
    if hopeless:
        more = f" and {len(hopeless) - _NAMED} more" if len(hopeless) > _NAMED else ""
        listed = ", ".join(hopeless[:_NAMED])
        told.append(f"More than half of the cases fail in: {listed}{more}.")
    return told


def lines(
    told: Sequence[str],
    tests: Tests,
    capabilities: Capabilities,
    width: int,
    *,
    examples: int,
) -> list[str]:
    """Returns plain text, no line wider than `width`."""
    result = [line for sentence in told for line in wrapped(sentence, width)]
    result += ["", *text_table(_rows(tests, capabilities), width)]
    for test in tests:
        if test.skipped:
            result += wrapped(f"left out: {test.name}, because {test.skipped}", width)
    for test in tests:
        if test.passed is False and examples:
            result += ["", *_failed_lines(test, width, examples)]
    return result


def markdown(
    told: Sequence[str],
    tests: Tests,
    capabilities: Capabilities,
    *,
    examples: int,
) -> str:
    """Returns Markdown."""
    heading, *sentences = told
    result = [f"# {escaped(heading, limit=None)}", ""]
    result += [f"- {escaped(sentence, limit=None)}" for sentence in sentences]
    result += ["", *markdown_table(_escaped_rows(_rows(tests, capabilities)))]
    left_out = [test for test in tests if test.skipped]
    if left_out:
        result += ["", "## Left out", ""]
        result += [f"- {escaped(t.name)}: {escaped(t.skipped)}" for t in left_out]
    failed = [test for test in tests if test.passed is False]
    if failed and examples:
        result += ["", "## Worst cases of the tests that fail"]
    for test in failed if examples else ():
        result += ["", *_failed_markdown(test, examples)]
    return "\n".join(result) + "\n"


def shown(example: Example) -> tuple[str, str]:
    """Returns the text or texts of a case, and the answer or answers."""
    if example.after is None or example.answer_after is None:
        return excerpt(example.before, _SHOWN), example.answer.told()
    before, after = excerpts(example.before, example.after, _SHOWN)
    answers = f"{example.answer.told()} → {example.answer_after.told()}"
    return f"{before} → {after}", answers


def headed(test: TestResult) -> str:
    """Says what a test checks and how many cases fail."""
    return (
        f"{test.name}: {test.checks} {test.failures:,} of {test.cases:,} cases fail "
        f"(expected: {test.expected})."
    )


def table(tests: Tests, capabilities: Capabilities) -> Iterator[tuple[bool, list[str]]]:
    """Yields rows, and whether each is a capability: name, verdict, rate, range, …"""
    for one in capabilities:
        tried = one.passed + one.failed
        verdict = f"{one.passed} of {tried}" if tried else "left out"
        yield True, [printable(one.name), verdict, *_numbers(one), ""]
        for test in tests:
            if test.capability == one.name and not test.skipped:
                limit = _percent(test.limit)
                yield False, [test.name, test.verdict, *_numbers(test), limit]


HEAD = ("", "passed", "failures", "95 %", "cases", "limit")


def _rows(tests: Tests, capabilities: Capabilities) -> list[list[str]]:
    rows = [list(HEAD)]
    for whole, (name, *cells) in table(tests, capabilities):
        rows.append([name if whole else f"  {name}", *cells])
    return rows


def _numbers(tally: Tally) -> list[str]:
    if not tally.cases:
        return ["", "", ""]
    low, high = tally.interval
    spread = f"[{100 * low:.1f}, {100 * high:.1f}]"
    return [_percent(tally.rate), spread, f"{tally.cases:,}"]


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _failed_lines(test: TestResult, width: int, examples: int) -> Iterator[str]:
    yield from wrapped(headed(test), width)
    for example in test.worst[:examples]:
        texts, answers = shown(example)
        for number, line in enumerate(wrapped(texts, width - 4)):
            yield f"  - {line}" if number == 0 else f"    {line}"
        yield from (f"    {line}" for line in wrapped(answers, width - 4))


def _escaped_rows(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    head, *body = rows
    result = [list(head)]
    for name, *cells in body:
        whole = not name.startswith("  ")
        told = f"**{escaped(name)}**" if whole else escaped(name.strip())
        result.append([told, *map(escaped, cells)])
    return result


def _failed_markdown(test: TestResult, examples: int) -> Iterator[str]:
    yield f"### {escaped(headed(test), limit=None)}"
    yield ""
    for example in test.worst[:examples]:
        texts, answers = shown(example)
        yield f"- {escaped(texts, limit=None)}  "
        yield f"  {escaped(answers, limit=None)}"
