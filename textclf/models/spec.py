"""All that is needed to rebuild a model, in bounded numbers."""

import math
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from textclf.config.kinds import ModelConfig
from textclf.config.regularisation import RegularisationConfig
from textclf.config.schema import Config
from textclf.config.section import Section
from textclf.errors import ArtefactError
from textclf.models.shapes import Shapes, weight_shapes

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

    def shapes(self) -> Shapes:
        """Returns the shape of every weight, by the name of its variable."""
        return weight_shapes(self)

    def parameters(self) -> int:
        """Returns the number of weights, trained or not, without building the model."""
        return sum(math.prod(shape) for shape in self.shapes().values())

    def bytes(self) -> int:
        """Returns the size of the float32 weights."""
        return 4 * self.parameters()
