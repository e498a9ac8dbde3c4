"""Medians over rounds, and the JSON files that keep every single measurement."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.records import Benchmark, Goal
from benchmarks.rounds import Measurement


@dataclass(frozen=True)
class Spread:
    """A figure over the rounds."""

    median: float
    least: float
    most: float
    rounds: int

    @classmethod
    def of(cls, values: list[float]) -> "Spread":
        """Returns median, minimum and maximum of at least one value."""
        return cls(median(values), min(values), max(values), len(values))


@dataclass(frozen=True)
class Results:
    """What a benchmark found.

    Attributes:
        name: Of the benchmark.
        quick: Whether sizes were reduced.
        seconds: Wall time of all its rounds.
        prepared: Wall time of making what it reads.
        facts: Cores, memory, versions.
        measurements: Every single one, in their order.
        profiles: Seconds by place of ours, by name, all else last.
    """

    name: str
    quick: bool
    seconds: float
    prepared: float
    facts: dict[str, Any]
    measurements: tuple[Measurement, ...]
    profiles: dict[str, dict[str, float]] = field(default_factory=dict)

    def spread(self, case: str, contestant: str, key: str) -> Spread | None:
        """Returns a figure over the rounds; None if it was not measured."""
        values = [
            float(one.figures[key])
            for one in self._of(case, contestant)
            if isinstance(one.figures.get(key), int | float)
        ]
        return Spread.of(values) if values else None

    def median(self, case: str, contestant: str, key: str) -> float | None:
        """Returns the median over the rounds; None if it was not measured."""
        found = self.spread(case, contestant, key)
        return found.median if found else None

    def missing(self, case: str, contestant: str) -> str | None:
        """Returns why a contestant has no figures, or not those of every round."""
        told = [one.missing for one in self._of(case, contestant) if one.missing]
        return told[0] if told else None

    def words(self, case: str, contestant: str, key: str) -> str | None:
        """Returns a figure that is a word, of the first round that has it."""
        told = (one.figures.get(key) for one in self._of(case, contestant))
        return next((word for word in told if isinstance(word, str)), None)

    def _of(self, case: str, contestant: str) -> Iterable[Measurement]:
        wanted = (case, contestant)
        return [m for m in self.measurements if (m.case, m.contestant) == wanted]


def advantage(ours: float, theirs: float, *, more_is_better: bool) -> float:
    """Returns how many times as good ours is: above 1 is better."""
    return ours / theirs if more_is_better else theirs / ours


def advantage_over(
    results: Results, benchmark: Benchmark, case: str, contestant: str
) -> float | None:
    """Returns how many times as good as a contestant textclf is, by medians.

    Where several of the contestants are ours, the first that was measured counts.
    """
    if benchmark.ratio is None:
        return None
    key, more_is_better = benchmark.ratio
    ours = [results.median(case, c.name, key) for c in benchmark.contestants if c.ours]
    first = next((value for value in ours if value is not None), None)
    theirs = results.median(case, contestant, key)
    if first is None or theirs is None:
        return None
    return advantage(first, theirs, more_is_better=more_is_better)


def verdict(goal: Goal, value: float | None) -> str:
    """Says whether a goal was met, or by how much it was missed."""
    if value is None:
        return "not measured"
    wanted = goal.least if goal.least is not None else goal.most
    if wanted is None:
        return "stated"
    met = value >= wanted if goal.least is not None else value <= wanted
    if met:
        return "met"
    percent = 100 * abs(value - wanted) / wanted
    return f"missed by {percent:.{0 if percent >= 10 else 1}f} %"


def write(results: Results, folder: Path) -> Path:
    """Writes the results of a benchmark as JSON; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{results.name}.json"
    text = json.dumps(_rounded(asdict(results)), ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def read(path: Path) -> Results:
    """Reads what `write` wrote."""
    value = json.loads(path.read_text(encoding="utf-8"))
    single = tuple(Measurement(**one) for one in value.pop("measurements"))
    return Results(**value, measurements=single)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [_rounded(v) for v in value]
    return value
