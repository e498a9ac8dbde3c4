"""What a benchmark is: cases, contestants, columns and goals, as plain records."""

import json
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

ROOT = Path(__file__).resolve().parent.parent
SEED = 7

Figures = dict[str, Any]
"""What a contestant's process tells of itself: numbers, and a word or two."""


@dataclass(frozen=True)
class Place:
    """Where a benchmark reads and writes.

    Attributes:
        data: The folder of the data sets, with `imdb/` and `sst2/`.
        work: A folder for what is made once: texts of a size, trained peers.
        quick: Whether sizes are reduced.
    """

    data: Path
    work: Path
    quick: bool

    @property
    def scratch(self) -> Path:
        """A folder that is emptied before every measurement."""
        return self.work / "scratch"

    @property
    def runs(self) -> Path:
        """The runs of `textclf train`, newest of each name; gone at the next start."""
        return self.work / "runs"

    def run(self, name: str) -> Path:
        """Returns the folder of one of our runs."""
        return self.runs / name.replace(", ", "-")

    def fresh_run(self, name: str) -> Path:
        """Returns the folder of a run, which is gone if it was there."""
        folder = self.run(name)
        shutil.rmtree(folder, ignore_errors=True)
        self.runs.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def imdb(self) -> Path:
        """The folder of train.parquet and test.parquet, reduced for a quick run."""
        return (self.work / "data" if self.quick else self.data) / "imdb"

    @property
    def fasttext_python(self) -> Path:
        """The Python of the environment that fastText needs for itself."""
        return ROOT / ".venv-fasttext" / "bin" / "python"


@dataclass(frozen=True)
class Case:
    """One input that all contestants meet, e.g. a size of text."""

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)


def python(module: str, *arguments: object, program: Path | None = None) -> list[str]:
    """Returns the command that runs a module of ours in a fresh process.

    Args:
        module: Its full name.
        arguments: What it is told.
        program: The Python that runs it; this one without.
    """
    return [str(program or sys.executable), "-m", module, *map(str, arguments)]


def last_line(output: str) -> Figures:
    """Reads the JSON object in the last line that a process printed."""
    figures: Figures = json.loads(output.strip().splitlines()[-1])
    return figures


@dataclass(frozen=True)
class Contestant:
    """Somebody who is measured.

    Attributes:
        name: As in the table.
        settings: What it was told, for the reader.
        command: The process that is measured.
        read: Takes its figures from what it printed.
        ours: Whether it is textclf, whose failure is an error.
    """

    name: str
    settings: str
    command: Callable[[Place, Case], list[str]]
    read: Callable[[str], Figures] = last_line
    ours: bool = False

    @classmethod
    def of_module(
        cls,
        name: str,
        module: str,
        settings: str,
        *more: str,
        arguments: Callable[[Place, Case], tuple[object, ...]],
        ours: bool = False,
    ) -> "Contestant":
        """Returns one whose process is a module below `benchmarks`.

        Args:
            name: As in the table.
            module: Its name below `benchmarks`, e.g. `step.keras_step`.
            settings: What it was told, for the reader.
            more: Arguments of this contestant alone, after those of all.
            arguments: Makes the arguments that all contestants of a case get.
            ours: Whether it is textclf.
        """

        def command(place: Place, case: Case) -> list[str]:
            return python(f"benchmarks.{module}", *arguments(place, case), *more)

        return cls(name, settings, command, ours=ours)


@dataclass(frozen=True)
class Column:
    """A figure of the table.

    Attributes:
        key: Its name among the figures.
        title: The head of the column.
        scale: What the figure is multiplied by.
        digits: Digits after the point.
        spread: Whether minimum and maximum are shown too.
    """

    key: str
    title: str
    scale: float = 1.0
    digits: int = 1
    spread: bool = False


class Seen(Protocol):
    """Medians of what was measured."""

    def median(self, case: str, contestant: str, key: str) -> float | None:
        """Returns the median over the rounds; None if it was not measured."""


@dataclass(frozen=True)
class Goal:
    """What is wanted of the medians.

    Attributes:
        text: The goal in words.
        value: Computes the figure that is judged; None if a part is missing.
        least: It should be no less than this, or
        most: no more than this; with neither it is only stated.
        unit: What stands behind the figure.
        why: What is in the way where it is missed.
    """

    text: str
    value: Callable[[Seen], float | None]
    least: float | None = None
    most: float | None = None
    unit: str = "×"
    why: str = ""


@dataclass(frozen=True)
class Benchmark:
    """A question, who answers it, and what is wanted.

    Attributes:
        letter: Its letter in the table of goals.
        name: Names its files.
        title: A heading.
        text: What is measured, in words.
        contestants: All who are measured, ours first.
        cases: The inputs, for a full or a quick run.
        columns: The figures shown; contestants are compared by `ratio`.
        goals: What is wanted, for a full or a quick run; a full one is judged.
        ratio: The figure that is compared, and whether more of it is better; None
            where nobody is compared.
        rounds: Rounds of a full run; `quick_rounds` of a quick one.
        prepare: Items that `benchmarks.prepare` makes first.
        packages: Whose versions are told.
        profiled: Which case ours are profiled in after a full run; None: in none.
    """

    letter: str
    name: str
    title: str
    text: str
    contestants: tuple[Contestant, ...]
    cases: Callable[[bool], tuple[Case, ...]]
    columns: tuple[Column, ...]
    goals: Callable[[bool], tuple[Goal, ...]]
    ratio: tuple[str, bool] | None
    prepare: tuple[str, ...]
    packages: tuple[str, ...]
    rounds: int = 3
    quick_rounds: int = 1
    profiled: int | None = 0

    def __post_init__(self) -> None:
        names = [contestant.name for contestant in self.contestants]
        if len(set(names)) < len(names):
            raise ValueError(f"got contestants of one name in {self.name}: {names}")
