"""What a study is told: one YAML file, checked before the first trial."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from textclf.config.duration import Duration
from textclf.config.schema import Name
from textclf.config.section import Count, Section

Metric = Literal["accuracy", "macro_f1", "log_loss", "brier", "ece"]
MOST_WORKERS = 256
MOST_CELLS = 20_000
LOWER_IS_BETTER = ("log_loss", "brier", "ece")
SEARCHES = ("tpe", "gp")
"""Samplers that look for the best cell; their trials tell nothing of effects."""


class SplitConfig(Section):
    """Which texts a seed holds out to be judged by."""

    kind: Literal["repeated_cv", "holdout", "given"] = Field(
        "repeated_cv",
        description="repeated_cv: seed s holds out fold s of `folds`, divided anew "
        "after the last; holdout: a random `fraction`; given: data.dev, always.",
    )
    folds: int = Field(10, ge=2, le=1000, description="repeated_cv: folds.")
    fraction: float = Field(
        0.1, gt=0.0, le=0.5, description="holdout: share of the training rows."
    )


class NuisanceConfig(Section):
    """Settings that have to be tuned in each cell, or cells would not be comparable."""

    settings: dict[str, Any] = Field(
        min_length=1,
        description="Key of the configuration: a list of values, or a range {log: "
        "[low, high]} or {linear: [low, high]}.",
    )
    trials: Count = Field(4, description="Points tried in a cell.")
    seeds: Count = Field(1, description="Seeds of each point; apart from the others.")
    select: Literal["dev_loss", "dev_accuracy"] = Field(
        "dev_loss", description="What decides; of the dev texts of those seeds."
    )


class StopConfig(Section):
    """When no further seeds are wanted."""

    half_width: float = Field(
        gt=0.0,
        description="Points: every interval of an effect is at most twice as wide.",
    )


class ReplicationConfig(Section):
    """How many seeds each cell is trained with; seed s is the same split in all."""

    min: Count = Field(5, description="Seeds of every cell.")
    max: Count | None = Field(None, description="Most seeds; null: as many as min.")
    stop_when: StopConfig | None = Field(
        None, description="Ends between min and max; null: at max."
    )

    @model_validator(mode="after")
    def _max_is_not_below(self) -> Self:
        if self.max is not None and self.max < self.min:
            raise ValueError(f"got max {self.max} below min {self.min}")
        return self

    @property
    def widens(self) -> bool:
        """Whether some cells get more seeds than all do."""
        return self.most > self.min

    @property
    def most(self) -> int:
        """The most seeds of a cell."""
        return self.max or self.min


class SamplerConfig(Section):
    """Which cells of the design are trained."""

    kind: Literal["grid", "fractional", "quasi_random", "tpe", "gp"] = Field(
        "grid",
        description="grid: all; fractional: enough for main effects and two-way "
        "interactions; quasi_random: scrambled Sobol points; tpe, gp: searches for "
        "the best (Optuna), which estimate no effects and give seeds above "
        "`replication.min` to the cells that lead.",
    )
    cells: Annotated[int, Field(ge=1, le=MOST_CELLS)] | None = Field(
        None, description="How many; grid: all, fractional: what it needs at least."
    )

    @model_validator(mode="after")
    def _number_where_needed(self) -> Self:
        counted = self.kind in ("quasi_random", "tpe", "gp")
        if counted and self.cells is None:
            raise ValueError(f"got kind {self.kind} without cells, say how many")
        if self.kind == "grid" and self.cells is not None:
            raise ValueError("got cells with kind grid, which trains all")
        return self


class WinnerConfig(Section):
    """The best cell, trained again on seeds that had no say in choosing it."""

    seeds: int = Field(
        5, ge=0, le=1000, description="Fresh seeds; 0: no winner is named."
    )


class LimitsConfig(Section):
    """What a study may use."""

    workers: Annotated[int, Field(ge=1, le=MOST_WORKERS)] = Field(
        2, description="Processes that train."
    )
    trial_minutes: float = Field(
        30.0, gt=0.0, le=10_000.0, description="A longer trial is ended."
    )
    memory_mb: Count = Field(6000, description="A larger worker is ended.")
    budget: Duration | None = Field(
        None,
        description="No trial begins after this time, e.g. 20m; the study can go on.",
    )


class StudySpec(Section):
    """Everything a study is told."""

    study: Name = Field("study", description="Names the study's folder.")
    question: str | None = Field(
        None, max_length=500, description="What is asked, for the report."
    )
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = Field(
        7, description="Of the test rows, the folds and the choice of cells."
    )
    base: str | None = Field(
        None, description="A configuration file that `fixed` is laid over."
    )
    fixed: dict[str, Any] = Field(
        {}, description="Sections of a configuration: what all trials share."
    )
    scientific: dict[str, Any] = Field(
        min_length=1,
        description="The factors: KEY: [values] or {log: [low, high]}, or NAME: "
        "{level: {KEY: value, …}, …}.",
    )
    reference: dict[str, Any] = Field(
        {},
        description="Level of a factor that others are compared with; else first. A "
        "search begins with it.",
    )
    constraints: list[str] = Field(
        [], description="Rules that cells obey, e.g. \"init == 'random' implies …\"."
    )
    nuisance: NuisanceConfig | None = None
    split: SplitConfig = SplitConfig()
    replication: ReplicationConfig = ReplicationConfig()
    sampler: SamplerConfig = SamplerConfig()
    metric: Metric = Field("accuracy", description="What cells are compared by.")
    rope: float = Field(
        0.5,
        gt=0.0,
        description="Differences within ± this are no differences: points, or units of "
        "the loss.",
    )
    winner: WinnerConfig = WinnerConfig()
    limits: LimitsConfig = LimitsConfig()
