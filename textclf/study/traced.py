"""Models whose steps are compiled once and used for many trials.

A trial needs a fresh model, but compiling its step takes as long as an epoch on a small
data set. So a fresh model is built, which is cheap, and its numbers are poured into a
model of the same shape whose step is compiled already. Vocabularies differ from seed to
seed by a few words, so tables are made with some rows to spare, which nothing reads.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from textclf import backend
from textclf.config.schema import Config
from textclf.files import canonical_json
from textclf.models.build import build_model
from textclf.models.embedding import table_of
from textclf.models.inference import Engine, keras_engine
from textclf.models.spec import ModelSpec
from textclf.study.recent import Recent
from textclf.training.steps import Begin, Steps

_SPARE = 16
"""Tables have room for up to 1 / this more rows than are needed."""
_UNSET = (
    "learning_rate",
    "schedule",
    "warmup",
    "average",
    "average_decay",
    "epochs",
    "patience",
    "monitor",
    "class_weight",
)
"""Settings of training that a compiled step does not contain."""


@dataclass
class _Compiled:
    """The step of a stage, and the numbers its optimiser began with."""

    step: backend.Step
    rule: Any
    first: list[np.ndarray]

    def begin(self, learning_rate: float) -> backend.Step:
        for variable, value in zip(self.rule.variables, self.first, strict=True):
            variable.assign(value)
        self.rule.learning_rate = learning_rate
        return self.step


@dataclass
class Traced:
    """A model with what is compiled of it.

    Attributes:
        model: The Keras model; it is poured into again and again.
        engine: Its predictions.
    """

    model: Any
    engine: Engine
    _steps: dict[float, _Compiled] = field(default_factory=dict)

    def pour(self, fresh: Any) -> None:
        """Takes over all numbers of a fresh model, its random states too."""
        for mine, other in zip(self.model.variables, fresh.variables, strict=True):
            mine.assign(_filled(other.numpy(), tuple(mine.shape)))

    def begin(
        self, config: Config, task: str, shares: np.ndarray | None = None
    ) -> Begin:
        """Returns what gives the step of a stage, as fresh as newly compiled.

        Args:
            config: The settings.
            task: What is asked of the labels.
            shares: See `Steps`; they are part of a step, which is then compiled anew.
        """
        if shares is not None:
            room = tuple(table_of(self.model).shape)
            return Steps(self.model, config, task, _filled(shares, room))

        def begin(table_rate: float) -> backend.Step:
            if table_rate not in self._steps:
                step, rule = Steps(self.model, config, task).begun(table_rate)
                first = [variable.numpy() for variable in rule.variables]
                self._steps[table_rate] = _Compiled(step, rule, first)
            return self._steps[table_rate].begin(config.training.learning_rate)

        return begin


class TracedModels:
    """The models of a worker, the ones used last.

    Args:
        megabytes: How much memory their numbers may take.
    """

    def __init__(self, megabytes: float) -> None:
        self._models: Recent[Traced] = Recent(megabytes, weight=_megabytes)

    def fresh(
        self, spec: ModelSpec, config: Config, *, seed_model: Callable[[Any], None]
    ) -> Traced:
        """Returns a model that begins as one built for this trial alone.

        Args:
            spec: Its shape.
            config: Its settings, with the seed.
            seed_model: Writes what a built model begins with, other than chance.
        """
        fresh = build_model(spec, seed=config.seed)
        seed_model(fresh)
        roomy = _roomy(spec)
        traced = self._models.of(_key(roomy, config), lambda: _traced(roomy))
        traced.pour(fresh)
        return traced


def _megabytes(traced: Traced) -> float:
    # Values, the best so far, and what optimisers remember of each.
    return 4 * 4e-6 * traced.model.count_params()


def _traced(spec: ModelSpec) -> Traced:
    model = build_model(spec, seed=0)
    return Traced(model, keras_engine(model))


def _key(spec: ModelSpec, config: Config) -> str:
    training = config.training.model_dump(mode="json", exclude=set(_UNSET))
    return canonical_json([spec.model_dump(mode="json"), training])


def _roomy(spec: ModelSpec) -> ModelSpec:
    """Returns the spec with rows to spare, the same for seeds of like vocabularies."""
    unit = max(1, 1 << max(0, spec.rows.bit_length() - _SPARE.bit_length()))
    rows = -(-spec.rows // unit) * unit
    if spec.model.kind == "ngram":  # the only one that tells units from n-grams
        return spec.model_copy(update={"rows": rows})
    return spec.model_copy(update={"rows": rows, "units": rows})


def _filled(values: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Returns the values with rows of zeros after them."""
    if values.shape == shape:
        return values
    roomy = np.zeros(shape, dtype=values.dtype)
    roomy[: len(values)] = values
    return roomy
