"""The kinds of model and their settings."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from textclf.config.section import Rate, Section

_KIND = "The architecture."

_FILTERS: int = Field(100, ge=1, le=4096, description="Filters of each width.")
_POOLING: Literal["mean", "max", "mean_max"] = Field(
    "mean", description="How the embeddings of a text become one."
)
_HIDDEN: list[int] = Field([], max_length=8, description="Units of each hidden layer.")

ORDERLESS = ("average", "ngram")
"""The kinds that take a text as a bag of units and n-grams."""


class AverageConfig(Section):
    """Pooled embeddings, with optional hidden layers.

    Sources: Joulin et al. 2016 (mean), Iyyer et al. 2015 (hidden layers, word dropout),
    Shen et al. 2018 (max, mean and max).
    """

    kind: Literal["average"] = Field("average", description=_KIND)
    pooling: Literal["mean", "max", "mean_max"] = _POOLING
    hidden: list[Annotated[int, Field(ge=1, le=8192)]] = _HIDDEN


class CnnConfig(Section):
    """Convolutions of several widths with one maximum a filter (Kim 2014)."""

    kind: Literal["cnn"] = Field("cnn", description=_KIND)
    widths: list[Annotated[int, Field(ge=1, le=32)]] = Field(
        [3, 4, 5], min_length=1, max_length=16, description="Units that filters span."
    )
    filters: int = _FILTERS
    multichannel: bool = Field(
        False, description="A frozen and a trained copy of the embedding, side by side."
    )


class RecurrentConfig(Section):
    """A recurrent network that reads the words in turn, in one or both directions.

    Sources: Hochreiter and Schmidhuber 1997 (LSTM), Cho et al. 2014 (GRU), Schuster and
    Paliwal 1997 (both directions), Yang et al. 2016 (attention over the states).
    """

    kind: Literal["recurrent"] = Field("recurrent", description=_KIND)
    cell: Literal["gru", "lstm"] = Field("gru", description="What carries the state.")
    state: int = Field(64, ge=1, le=4096, description="Numbers of the state.")
    layers: int = Field(1, ge=1, le=8, description="Networks on top of each other.")
    bidirectional: bool = Field(
        True, description="A second network reads from the end."
    )
    readout: Literal["last", "mean", "max", "attention"] = Field(
        "max", description="How the states of a text become one vector."
    )


class AttentionConfig(Section):
    """A weighted mean of the words of a text, whose weights are learnt.

    Sources: Lin et al. 2017 (several weightings side by side), Yang et al. 2016.
    """

    kind: Literal["attention"] = Field("attention", description=_KIND)
    encoder: Literal["none", "convolution"] = Field(
        "convolution", description="What looks at neighbours before the mean is taken."
    )
    filters: int = _FILTERS
    hops: int = Field(4, ge=1, le=64, description="Weightings side by side.")
    attention_dim: int = Field(
        64, ge=1, le=4096, description="Hidden units that decide a word's weight."
    )


class TransformerConfig(Section):
    """A small encoder from scratch: every word looks at all others.

    Sources: Vaswani et al. 2017 (attention, positions), Xiong et al. 2020 (norms before
    each part, which trains without warm-up).
    """

    kind: Literal["transformer"] = Field("transformer", description=_KIND)
    width: int = Field(128, ge=2, le=4096, description="Numbers a word has inside.")
    blocks: int = Field(2, ge=1, le=24, description="Blocks on top of each other.")
    heads: int = Field(4, ge=1, le=64, description="Attentions side by side.")
    block_dropout: Rate = Field(0.1, description="Dropout after each part of a block.")

    @model_validator(mode="after")
    def _heads_share_the_width(self) -> Self:
        if self.width % (2 * self.heads):
            raise ValueError(
                f"got width {self.width} for {self.heads} heads, expected a multiple "
                f"of {2 * self.heads}"
            )
        return self


class CharCnnConfig(Section):
    """Convolutions over characters that look at ever longer pieces (Zhang et al. 2015).

    Their network, made small and of any text length: a maximum over the whole text
    stands in for the dense layers over a fixed number of characters.
    """

    kind: Literal["charcnn"] = Field("charcnn", description=_KIND)
    char_widths: list[Annotated[int, Field(ge=1, le=32)]] = Field(
        [7, 7, 3], min_length=1, max_length=16, description="Span of each convolution."
    )
    char_pools: list[Annotated[int, Field(ge=1, le=16)]] = Field(
        [3, 3, 1], min_length=1, max_length=16, description="Maxima taken after each."
    )
    filters: int = _FILTERS
    hidden: list[Annotated[int, Field(ge=1, le=8192)]] = _HIDDEN

    @model_validator(mode="after")
    def _a_pool_a_convolution(self) -> Self:
        if len(self.char_widths) != len(self.char_pools):
            raise ValueError(
                f"got {len(self.char_widths)} char_widths and {len(self.char_pools)} "
                "char_pools, expected as many"
            )
        return self


class WordCharConfig(Section):
    """Pooled words that are known by a row of their own and by their spelling.

    Sources: Kim et al. 2016 (filters over the characters of a word, highway layer),
    Peters et al. 2018 (the vector of a word), Joulin et al. 2016 (mean). Words that
    training never saw are read by their spelling.
    """

    kind: Literal["wordchar"] = Field("wordchar", description=_KIND)
    pooling: Literal["mean", "max", "mean_max"] = _POOLING
    hidden: list[Annotated[int, Field(ge=1, le=8192)]] = _HIDDEN
    spelling_dim: int = Field(16, ge=1, le=512, description="Numbers a byte has.")
    spelling_widths: list[Annotated[int, Field(ge=1, le=32)]] = Field(
        [2, 3, 4], min_length=1, max_length=16, description="Bytes that filters span."
    )
    spelling_filters: int = Field(
        50, ge=1, le=4096, description="Filters of each of these widths."
    )
    spelling_length: int = Field(
        20,
        ge=4,
        le=200,
        description="Bytes (UTF-8) of a word that are read, two marks included.",
    )
    spelling_only: Rate = Field(
        0.25,
        description="Share of words that training knows by their spelling alone, as "
        "predicting knows those that training never saw.",
    )
    spelling_dropout: Rate = Field(
        0.1, description="Share of bytes left out of spellings while training."
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
    length_norm: bool = Field(
        False,
        description="The sum is divided by the root of how many n-grams a text has, so "
        "that long texts weigh no more than short ones.",
    )


ModelConfig = Annotated[
    AverageConfig
    | CnnConfig
    | NgramConfig
    | RecurrentConfig
    | AttentionConfig
    | TransformerConfig
    | CharCnnConfig
    | WordCharConfig,
    Field(discriminator="kind"),
]
