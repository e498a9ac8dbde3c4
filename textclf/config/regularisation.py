"""The section `regularisation`."""

from typing import Annotated

from pydantic import Field

from textclf.config.section import Penalty, Rate, Section


class RegularisationConfig(Section):
    """What keeps a model from learning its training texts by heart."""

    word_dropout: Rate = Field(0.0, description="Share of words left out of a text.")
    type_dropout: Rate = Field(
        0.0, description="Share of words left out of all texts of a batch at once."
    )
    spatial_dropout: Rate = Field(
        0.0, description="Share of embedding dimensions set to zero in a text."
    )
    dropout: Rate = Field(0.5, description="Dropout before each dense layer.")
    drop_connect: Rate = Field(
        0.0, description="Share of weights left out of the hidden and output layers."
    )
    l2: Penalty = Field(0.0, description="Penalty on the kernels, not the embedding.")
    max_norm: float | None = Field(
        None, gt=0.0, le=1e6, description="Bound on the norm of each output weight row."
    )
    label_smoothing: Annotated[float, Field(ge=0.0, le=0.5)] = Field(
        0.0, description="Share of each target spread over all labels."
    )
