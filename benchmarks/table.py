"""The tables that people read: RESULTS.md."""

from collections.abc import Sequence
from typing import Any

from benchmarks.records import Benchmark, Case, Column, Goal
from benchmarks.results import Results, Spread, advantage_over, verdict

_HEAD = """\
# Benchmarks

Written by `{command}`; every single measurement is in `{singles}`.
{notice}
How to read it:
- Contestants take turns (round 1 of all, round 2 of all, …), each time in a fresh
  process. A figure is the median of the rounds; the range beside it is their minimum
  and maximum.
- **× as fast** is theirs over ours for a time, ours over theirs for a rate, of medians:
  above 1 textclf is faster.
- Wall and CPU time and the peak of the resident set are those of the whole process, as
  the kernel tells its parent, unless the text says otherwise. MB are 10⁶ bytes.
- Every random choice has a fixed seed (7).
- "Where the time goes" is one more process on one core under `cProfile` (which costs
  time itself): imports with all they run, functions of textclf and of native libraries.
"""
_QUICK = """
**A quick run: sizes and rounds are reduced; the goals are meant for the full ones.**
"""


def page(
    found: Sequence[tuple[Benchmark, Results]], *, command: str, quick: bool
) -> str:
    """Returns the whole page, in Markdown."""
    singles = "results/ beside this page" if quick else "benchmarks/results/"
    notice = _QUICK if quick else ""
    parts = [_HEAD.format(command=command, singles=singles, notice=notice)]
    if found:
        parts.append(_machine([results for _, results in found]))
        parts.append(summary(found))
    parts += [section(benchmark, results) for benchmark, results in found]
    return "\n".join(parts)


def summary(found: Sequence[tuple[Benchmark, Results]]) -> str:
    """Returns the table of all goals."""
    rows = [
        (benchmark.letter, *_judged(goal, results))
        for benchmark, results in found
        for goal in benchmark.goals(results.quick)
        if goal.least is not None or goal.most is not None
    ]
    goals = "## Goals\n\n" + table(("", "goal", "reached", ""), rows, text=(1, 3))
    return "\n".join([goals, *_reasons(found)])


def _reasons(found: Sequence[tuple[Benchmark, Results]]) -> list[str]:
    """Returns what is in the way of each goal that was missed, each reason once."""
    missed = dict[str, list[str]]()
    for benchmark, results in found:
        for goal in benchmark.goals(results.quick):
            if "missed" in verdict(goal, goal.value(results)) and goal.why:
                missed.setdefault(goal.why, []).append(benchmark.letter)
    if not missed:
        return []
    lines = [f"- **{letters[0]}**: {why}" for why, letters in missed.items()]
    return ["What is in the way of the goals that were missed:\n", *lines, ""]


def section(benchmark: Benchmark, results: Results) -> str:
    """Returns the text and the tables of one benchmark."""
    lines = [
        f"## {benchmark.letter}. {benchmark.title}",
        "",
        benchmark.text,
        "",
        *(f"- **{c.name}**: {c.settings}" for c in benchmark.contestants),
        "",
    ]
    lines += [_case(benchmark, results, c) for c in benchmark.cases(results.quick)]
    stated = [g for g in benchmark.goals(results.quick) if g.least is g.most is None]
    if stated:
        rows = [_judged(goal, results)[:2] for goal in stated]
        lines.append(table(("also", "value"), rows, text=(0,)))
    lines += [_profile(name, told) for name, told in results.profiles.items()]
    prepared = (
        f" after {results.prepared:.0f} s of preparing" if results.prepared else ""
    )
    lines.append(f"Took {results.seconds:.0f} s{prepared}.\n")
    return "\n".join(lines)


def _case(benchmark: Benchmark, results: Results, case: Case) -> str:
    ratio = ("× as fast",) if benchmark.ratio else ()
    heads = ("contestant", *(c.title for c in benchmark.columns), *ratio)
    rows, absent = [], []
    for contestant in benchmark.contestants:
        reason = results.missing(case.name, contestant.name)
        if reason is not None:
            absent.append(f"{contestant.name}: not available: {reason}\n")
        cells = [_cell(results, case, contestant.name, c) for c in benchmark.columns]
        if reason is not None and not any(cells):
            continue
        times = advantage_over(results, benchmark, case.name, contestant.name)
        compared = [""] if contestant.ours or times is None else [f"**{times:.2g}**"]
        rows.append((contestant.name, *cells, *(compared if ratio else ())))
    return "\n".join(
        [f"### {case.name} ({_rounds(results, case)})", "", table(heads, rows), *absent]
    )


def _profile(name: str, told: dict[str, float]) -> str:
    total = sum(told.values())
    rows = [(k, f"{v:.2f}", f"{100 * v / total:.0f}") for k, v in told.items()]
    head = (f"where the time of {name} goes", "s", "%")
    return table(head, rows)


def _rounds(results: Results, case: Case) -> str:
    count = max(
        (m.round for m in results.measurements if m.case == case.name), default=0
    )
    return f"{count} round" + ("" if count == 1 else "s")


def _cell(results: Results, case: Case, contestant: str, column: Column) -> str:
    spread = results.spread(case.name, contestant, column.key)
    if spread is None:
        return results.words(case.name, contestant, column.key) or ""
    return shown(spread, column)


def shown(spread: Spread, column: Column) -> str:
    """Returns a figure for the table: the median, and the range if it is asked for."""

    def number(value: float) -> str:
        return f"{value * column.scale:,.{column.digits}f}"

    if not column.spread or spread.rounds == 1:
        return number(spread.median)
    return f"{number(spread.median)} ({number(spread.least)}–{number(spread.most)})"


def _judged(goal: Goal, results: Results) -> tuple[str, str, str]:
    value = goal.value(results)
    reached = "" if value is None else f"{_figures(value)} {goal.unit}"
    return goal.text, reached, verdict(goal, value)


def _figures(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, text: Sequence[int] = (0,)
) -> str:
    """Returns a Markdown table; the columns named in `text` are set left."""
    lines = [heads, ["---" if n in text else "---:" for n in range(len(heads))], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _machine(found: Sequence[Results]) -> str:
    facts = found[-1].facts
    versions = {k: v for results in found for k, v in results.facts["versions"].items()}
    told = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
    lines = [
        f"{facts['cores']} cores ({facts['processor']}), {facts['memory_gb']} GB of "
        f"memory, Python {facts['python']}; {told}.\n"
    ]
    lines += [
        f"Section {results.name} was run on another machine or with other versions: "
        f"{results.facts}.\n"
        for results in found
        if not _agrees(results.facts, facts, versions)
    ]
    return "\n".join(lines)


def _agrees(
    one: dict[str, Any], facts: dict[str, Any], versions: dict[str, str]
) -> bool:
    own = {**facts, "versions": {name: versions[name] for name in one["versions"]}}
    return one == own
