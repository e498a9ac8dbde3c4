"""The kinds of model and their settings."""

from typing import Annotated, Literal

from pydantic import Field

from textclf.config.section import Section

_KIND = "The architecture."

ORDERLESS = ("average", "ngram")
"""The kinds that take a text as a bag of units and n-grams."""


class AverageConfig(Section):
    """Pooled embeddings, with optional hidden layers.

    Sources: Joulin et al. 2016 (mean), Iyyer et al. 2015 (hidden layers, word dropout),
    Shen et al. 2018 (max, mean and max).
    """

    kind: Literal["average"] = Field("average", description=_KIND)
    pooling: Literal["mean", "max", "mean_max"] = Field(
        "mean", description="How the embeddings of a text become one."
    )
    hidden: list[Annotated[int, Field(ge=1, le=8192)]] = Field(
        [], max_length=8, description="Units of each hidden layer."
    )


class CnnConfig(Section):
    """Convolutions of several widths with one maximum a filter (Kim 2014)."""

    kind: Literal["cnn"] = Field("cnn", description=_KIND)
    widths: list[Annotated[int, Field(ge=1, le=32)]] = Field(
        [3, 4, 5], min_length=1, max_length=16, description="Units that filters span."
    )
    filters: int = Field(100, ge=1, le=4096, description="Filters of each width.")
    multichannel: bool = Field(
        False, description="A frozen and a trained copy of the embedding, side by side."
    )


class NgramConfig(Section):
    """One weight an n-gram and output, summed over the n-grams of a text.

    A linear model written as an embedding: with `embedding.init: naive_bayes` it begins
    as the Naive Bayes of Wang and Manning 2012 and is trained on from there.
    """

    kind: Literal["ngram"] = Field("ngram", description=_KIND)
    dense_dim: int = Field(
        0,
        ge=0,
        le=4096,
        description="Dimension of a word embedding whose mean is added; 0: none.",
    )


ModelConfig = Annotated[
    AverageConfig | CnnConfig | NgramConfig, Field(discriminator="kind")
]
