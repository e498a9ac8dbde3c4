"""The setting `training.self_training`: learning from texts that the model labels."""

from typing import Annotated

from pydantic import Field

from textclf.config.section import Section


class SelfTrainingConfig(Section):
    """How a model learns from texts without labels, in rounds."""

    rounds: Annotated[int, Field(ge=1, le=100)] = Field(
        1, description="Most trainings after the first; one without gain is the last."
    )
    threshold: Annotated[float, Field(gt=0.0, lt=1.0)] = Field(
        0.9, description="The probability that a text's label must reach."
    )
    weight: Annotated[float, Field(gt=0.0, le=1.0)] = Field(
        0.5, description="What such a text counts beside a labelled one."
    )
