"""What is kept of a trial: one line of the store."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from textclf.study.design import Cell

Kind = Literal["tuning", "trial", "winner", "test"]
Status = Literal["done", "raised", "diverged", "timeout", "memory", "killed"]
STATUSES = ("done", "raised", "diverged", "timeout", "memory", "killed")
_UNTIMED = ("cpu_seconds", "wall_seconds", "peak_mb", "latency_ms", "at", "log")
"""What differs from run to run of one and the same trial."""


@dataclass(frozen=True)
class Trial:
    """One cell with one seed and one point of the nuisance settings.

    Attributes:
        kind: `tuning` trials choose nuisance settings, `trial`s are compared; the best
            cell is trained again on fresh seeds, as `winner` on fresh splits and as
            `test` to be judged by the test texts, once.
        cell: The cell.
        seed: Decides split, order, initialisation and masks.
        nuisance: The nuisance settings.
        identity: SHA-256 of all that decides the result, as hexadecimal.
    """

    kind: Kind
    cell: Cell
    seed: int
    nuisance: Mapping[str, Any]
    identity: str

    def to_json(self) -> dict[str, Any]:
        """Returns the trial as a mapping."""
        return {
            "kind": self.kind,
            "cell": self.cell.mapping(),
            "seed": self.seed,
            "nuisance": dict(self.nuisance),
            "identity": self.identity,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Trial":
        """Reads what `to_json` returned."""
        return cls(
            value["kind"],
            Cell.of(value["cell"]),
            value["seed"],
            value["nuisance"],
            value["identity"],
        )

    def __str__(self) -> str:
        tuned = "".join(
            f" {k.rpartition('.')[2]}={v}" for k, v in self.nuisance.items()
        )
        return f"{self.cell} seed {self.seed}{tuned}"


@dataclass(frozen=True)
class Record:
    """How a trial ended.

    Attributes:
        trial: Which.
        status: `done`, or why there are no scores.
        scores: By name: held-out `accuracy`, `macro_f1`, `log_loss`, `brier`, `ece`;
            `dev_accuracy`, `dev_loss`, `train_accuracy`.
        curve: A mapping an epoch.
        answers: Packed `ids`, `targets` and `predicted` of the texts judged by.
        parameters: Numbers of the model.
        latency_ms: Milliseconds that single texts took, by percentile: p50, p95.
        cpu_seconds: Of all threads of the worker.
        wall_seconds: Of the trial.
        peak_mb: Most memory of the worker during the trial.
        error: Why it failed.
        log: Its log file, relative to the study.
        at: When it ended, UTC.
        code: The hash of the code that trained it.
    """

    trial: Trial
    status: Status
    scores: Mapping[str, float] = field(default_factory=dict)
    curve: tuple[Mapping[str, float], ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    parameters: int | None = None
    latency_ms: Mapping[str, float] = field(default_factory=dict)
    cpu_seconds: float | None = None
    wall_seconds: float | None = None
    peak_mb: float | None = None
    error: str | None = None
    log: str | None = None
    at: str | None = None
    code: str | None = None

    @property
    def done(self) -> bool:
        """Whether there are scores."""
        return self.status == "done"

    def to_json(self) -> dict[str, Any]:
        """Returns the record as a mapping."""
        values = asdict(self)
        values["curve"] = [dict(epoch) for epoch in self.curve]
        return values | {"trial": self.trial.to_json()}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Record":
        """Reads what `to_json` returned.

        Raises:
            KeyError, TypeError, ValueError: It is something else.
        """
        if value["status"] not in STATUSES:
            raise ValueError(f"got status {value['status']!r}")
        rest = {**value, "trial": Trial.from_json(value["trial"])}
        return cls(**(rest | {"curve": tuple(value["curve"])}))

    def differences(self, other: "Record") -> list[tuple[str, Any, Any]]:
        """Returns what differs beside measurements of time: key, mine, the other's."""
        mine, theirs = self.to_json(), other.to_json()
        return [
            (key, mine[key], theirs[key])
            for key in mine
            if key not in _UNTIMED and mine[key] != theirs[key]
        ]
