"""All that is needed to rebuild a model, in bounded numbers."""

from typing import Annotated, Literal

from pydantic import Field, ValidationError

from textclf.config.schema import Config, ModelConfig, RegularisationConfig, Section
from textclf.errors import ArtefactError

Task = Literal["binary", "multiclass", "multilabel"]


class ModelSpec(Section):
    """The shape of a model: its kind with its settings, and the sizes around it.

    Nothing in it is executed: a builder reads the numbers and makes the Keras model.
    """

    rows: Annotated[int, Field(ge=3, le=200_000_000)]
    dim: Annotated[int, Field(ge=1, le=4096)]
    outputs: Annotated[int, Field(ge=1, le=1_000_000)]
    task: Task
    model: ModelConfig
    regularisation: RegularisationConfig

    @classmethod
    def of(cls, config: Config, *, rows: int, labels: int, task: Task) -> "ModelSpec":
        """Combines a configuration with the sizes that the data decided."""
        return cls(
            rows=rows,
            dim=config.embedding.dim,
            outputs=1 if task == "binary" else labels,
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

    def parameters(self) -> int:
        """Returns the number of weights, trained or not, without building the model."""
        table = self.rows * self.dim
        if self.model.kind == "average":
            width = self.dim * (2 if self.model.pooling == "mean_max" else 1)
            return table + _dense(width, [*self.model.hidden, self.outputs])
        channels = 2 if self.model.multichannel else 1
        convolutions = sum(
            (width * self.dim * channels + 1) * self.model.filters
            for width in self.model.widths
        )
        features = self.model.filters * len(self.model.widths)
        return table * channels + convolutions + _dense(features, [self.outputs])

    def bytes(self) -> int:
        """Returns the size of the float32 weights."""
        return 4 * self.parameters()


def _dense(inputs: int, layers: list[int]) -> int:
    total = 0
    for units in layers:
        total += (inputs + 1) * units
        inputs = units
    return total
