"""Contestants in turn: round 1 of all, then round 2 of all, and so on."""

import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from textwrap import shorten
from typing import Any

from benchmarks.process import Finished, measure
from benchmarks.records import ROOT, Benchmark, Case, Contestant, Place, last_line

_LIMIT = 1800.0
_MB = 1e6
_FAILED = "failed"
_LONGEST_REASON = 200
_OUTSIDE = ("wall_s", "cpu_s", "peak_mb", "texts_per_s")

Measure = Callable[[Contestant, Case], Finished]


@dataclass(frozen=True)
class Measurement:
    """One process of one contestant, or why there is none.

    Attributes:
        case: The input.
        contestant: Who.
        round: From 1.
        figures: `wall_s`, `cpu_s`, `peak_mb` from outside, and what it told.
        missing: Why there are no figures.
    """

    case: str
    contestant: str
    round: int
    figures: dict[str, Any] = field(default_factory=dict)
    missing: str | None = None


def measurer(place: Place) -> Measure:
    """Returns what runs a contestant in a fresh process and an empty scratch folder."""
    environ = {
        **os.environ,
        "TEXTCLF_DATA": str(place.imdb.parent),
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "0",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TOKENIZERS_PARALLELISM": "true",
    }

    def run(contestant: Contestant, case: Case) -> Finished:
        shutil.rmtree(place.scratch, ignore_errors=True)
        place.scratch.mkdir(parents=True)
        command = contestant.command(place, case)
        return measure(command, folder=ROOT, environ=environ, limit=_LIMIT)

    return run


def alternate(
    benchmark: Benchmark,
    *,
    quick: bool,
    measured: Measure,
    say: Callable[[str], None],
) -> list[Measurement]:
    """Measures all cases; who failed once in a case is not asked again.

    Args:
        benchmark: What to run.
        quick: Whether cases and rounds are those of a quick run.
        measured: Runs one process.
        say: Hears every measurement as it comes.
    """
    found: list[Measurement] = []
    for case in benchmark.cases(quick):
        lost: set[str] = set()
        for number in range(1, _rounds(benchmark, quick) + 1):
            for contestant in benchmark.contestants:
                if contestant.name in lost:
                    continue
                one = _one(contestant, case, number, measured)
                if one.missing is not None:
                    lost.add(contestant.name)
                say(_line(one))
                found.append(one)
    return found


def profiled(
    benchmark: Benchmark, *, quick: bool, measured: Measure
) -> dict[str, dict[str, float]]:
    """Profiles ours in one case of a full run; who fails has no profile."""
    found: dict[str, dict[str, float]] = {}
    if quick or benchmark.profiled is None:
        return found
    case = benchmark.cases(quick)[benchmark.profiled]
    for contestant in benchmark.contestants:
        if contestant.ours:
            one = _one(_observed(contestant), case, 0, measured)
            if one.missing is None:
                found[contestant.name] = {
                    place: seconds
                    for place, seconds in one.figures.items()
                    if place not in _OUTSIDE
                }
    return found


def _observed(contestant: Contestant) -> Contestant:
    def command(place: Place, case: Case) -> list[str]:
        program, option, *rest = contestant.command(place, case)
        return [program, option, "benchmarks.profiled", *rest]

    return replace(contestant, command=command, read=last_line)


def _rounds(benchmark: Benchmark, quick: bool) -> int:
    return benchmark.quick_rounds if quick else benchmark.rounds


def _one(
    contestant: Contestant, case: Case, number: int, measured: Measure
) -> Measurement:
    def lacking(reason: str) -> Measurement:
        told = shorten(reason.replace(str(ROOT), "."), _LONGEST_REASON)
        return Measurement(case.name, contestant.name, number, missing=told)

    try:
        done = measured(contestant, case)
    except FileNotFoundError as fault:
        return lacking(f"not there: {Path(fault.filename).name}")
    if done.code:
        return lacking(f"{_FAILED}: {done.reason}")
    try:
        told = contestant.read(done.output)
    except (ValueError, LookupError, TypeError) as fault:
        return lacking(f"{_FAILED}: its output cannot be read ({fault})")
    outside = {"wall_s": done.wall, "cpu_s": done.cpu, "peak_mb": done.peak / _MB}
    if "texts" in case.values:
        outside["texts_per_s"] = case.values["texts"] / done.wall
    return Measurement(case.name, contestant.name, number, {**outside, **told})


def _line(one: Measurement) -> str:
    place = f"  {one.case}, round {one.round}, {one.contestant}: "
    if one.missing is not None:
        return f"{place}not available: {one.missing}"
    told = {k: f"{v:.4g}" for k, v in one.figures.items() if isinstance(v, int | float)}
    return place + ", ".join(f"{key} {value}" for key, value in told.items())


def broken(benchmark: Benchmark, found: list[Measurement]) -> list[Measurement]:
    """Returns the failures of textclf itself; what it has not yet is none."""
    ours = {c.name for c in benchmark.contestants if c.ours}
    return [
        one
        for one in found
        if one.contestant in ours and (one.missing or "").startswith(_FAILED)
    ]


def clock() -> Callable[[], float]:
    """Returns a function that tells the seconds since now."""
    started = time.monotonic()
    return lambda: time.monotonic() - started


def progress(line: str) -> None:
    """Writes a line of progress to the terminal."""
    print(line, file=sys.stderr, flush=True)
