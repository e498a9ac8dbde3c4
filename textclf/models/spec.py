"""All that is needed to rebuild a model, in bounded numbers."""

import math
from collections.abc import Callable
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from textclf.config.kinds import AverageConfig, CnnConfig, ModelConfig, NgramConfig
from textclf.config.schema import Config, RegularisationConfig
from textclf.config.section import Section
from textclf.errors import ArtefactError

Task = Literal["binary", "multiclass", "multilabel"]


class ModelSpec(Section):
    """The shape of a model: its kind with its settings, and the sizes around it.

    Nothing in it is executed: a builder reads the numbers and makes the Keras model.
    """

    rows: Annotated[int, Field(ge=3, le=200_000_000)]
    units: Annotated[int, Field(ge=3, le=200_000_000)]
    dim: Annotated[int, Field(ge=1, le=1_000_000)]
    outputs: Annotated[int, Field(ge=1, le=1_000_000)]
    task: Task
    model: ModelConfig
    regularisation: RegularisationConfig

    @model_validator(mode="after")
    def _sizes_fit_together(self) -> Self:
        if self.units > self.rows:
            raise ValueError(f"got {self.units} units in {self.rows} rows")
        if self.model.kind == "ngram" and self.dim != self.outputs:
            raise ValueError(f"got dim {self.dim} for {self.outputs} outputs")
        return self

    @classmethod
    def of(
        cls, config: Config, *, rows: int, units: int, labels: int, task: Task
    ) -> "ModelSpec":
        """Combines a configuration with the sizes that the data decided.

        Args:
            config: The settings.
            rows: Rows of the embedding: units, then n-grams.
            units: Rows of the vocabulary.
            labels: Different labels.
            task: What is asked of them.
        """
        outputs = 1 if task == "binary" else labels
        return cls(
            rows=rows,
            units=units,
            dim=outputs if config.model.kind == "ngram" else config.embedding.dim,
            outputs=outputs,
            task=task,
            model=config.model,
            regularisation=config.regularisation,
        )

    @classmethod
    def from_json(cls, value: object) -> "ModelSpec":
        """Reads a spec from a bundle.

        Raises:
            ArtefactError: A key is unknown or a number is out of its bounds.
        """
        try:
            return cls.model_validate(value)
        except ValidationError as fault:
            first = fault.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            raise ArtefactError(f"got {first['msg'].lower()}", where=key) from fault

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Returns the shape of every weight, by the name of its variable."""
        table = {"embedding/table": (self.rows, self.dim)}
        return table | _SHAPES[self.model.kind](self, self.model)

    def parameters(self) -> int:
        """Returns the number of weights, trained or not, without building the model."""
        return sum(math.prod(shape) for shape in self.shapes().values())

    def bytes(self) -> int:
        """Returns the size of the float32 weights."""
        return 4 * self.parameters()


Shapes = dict[str, tuple[int, ...]]


def _dense(name: str, inputs: int, units: int) -> Shapes:
    return {f"{name}/kernel": (inputs, units), f"{name}/bias": (units,)}


def _average(spec: ModelSpec, model: AverageConfig) -> Shapes:
    shapes: Shapes = {}
    width = spec.dim * (2 if model.pooling == "mean_max" else 1)
    for number, units in enumerate(model.hidden, start=1):
        shapes |= _dense(f"hidden_{number}", width, units)
        width = units
    return shapes | _dense("output", width, spec.outputs)


def _cnn(spec: ModelSpec, model: CnnConfig) -> Shapes:
    shapes: Shapes = {}
    if model.multichannel:
        shapes["static_embedding/table"] = (spec.rows, spec.dim)
    channels = spec.dim * (2 if model.multichannel else 1)
    for place, width in enumerate(model.widths, start=1):
        name = f"convolution_{place}"
        shapes[f"{name}/kernel"] = (width, channels, model.filters)
        shapes[f"{name}/bias"] = (model.filters,)
    return shapes | _dense("output", model.filters * len(model.widths), spec.outputs)


def _ngram(spec: ModelSpec, model: NgramConfig) -> Shapes:
    shapes: Shapes = {"bias/bias": (spec.outputs,)}
    if model.dense_dim > 0:
        shapes["dense_embedding/table"] = (spec.units, model.dense_dim)
        shapes |= _dense("output", model.dense_dim, spec.outputs)
    return shapes


_SHAPES: dict[str, Callable[[ModelSpec, Any], Shapes]] = {
    "average": _average,
    "cnn": _cnn,
    "ngram": _ngram,
}
"""The weights of each kind beside the table."""
