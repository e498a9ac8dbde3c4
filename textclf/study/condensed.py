"""Frozen means: a text whose words cannot change is one row of numbers.

With a frozen embedding and a plain mean, all that training reads of a text is the mean
of its rows, in every epoch the same. So the means are computed once and become the rows
of a table of texts; the model stays what it is, and each text is a single word of it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from textclf.config.kinds import AverageConfig
from textclf.config.schema import Config
from textclf.models.plain import mean_rows
from textclf.models.spec import ModelSpec
from textclf.study.material import Tokens
from textclf.text.encoded import Encoded
from textclf.text.vocabulary import RESERVED


def can_condense(config: Config) -> bool:
    """Tells whether training reads nothing of a text but the mean of frozen rows."""
    model, drops = config.model, config.regularisation
    return (
        isinstance(model, AverageConfig)
        and model.pooling == "mean"
        and config.embedding.train == "frozen"
        and config.text.char_ngrams is None
        and drops.word_dropout == 0
        and drops.type_dropout == 0
    )


@dataclass(frozen=True, eq=False)
class Condensed:
    """The texts of a trial as one id each.

    Attributes:
        spec: The model, with a row a text.
        tokens: The texts of training, dev and judging.
        matrix: float32[rows, dim], their means.
    """

    spec: ModelSpec
    tokens: Tokens
    matrix: np.ndarray

    @classmethod
    def of(cls, spec: ModelSpec, tokens: Tokens, table: np.ndarray) -> "Condensed":
        """Computes the means.

        Args:
            spec: The model as it is.
            tokens: The texts as they are.
            table: float32[rows, dim], the frozen rows.
        """
        parts = (tokens.train, tokens.dev, tokens.held)
        reserved = np.zeros((len(RESERVED), table.shape[1]), dtype=np.float32)
        matrix = np.concatenate([reserved, *(mean_rows(p, table) for p in parts)])
        starts = len(RESERVED) + np.cumsum([0, *map(len, parts)])
        single = (_single(p, int(s)) for p, s in zip(parts, starts[:-1], strict=True))
        rows = {"rows": len(matrix), "units": len(matrix)}
        return cls(
            spec.model_copy(update=rows), Tokens(tokens.encoder, *single), matrix
        )


def pour_head(model: Any, trained: Any) -> None:
    """Gives a model all weights of another one but for the table of texts."""
    for mine, other in zip(model.weights, trained.weights, strict=True):
        if mine.shape == other.shape:
            mine.assign(other)


def _single(encoded: Encoded, start: int) -> Encoded:
    """Returns texts of one id each, from `start` on; empty ones stay empty."""
    some = ~encoded.empty
    ids = (start + np.flatnonzero(some)).astype(np.int32)
    offsets = np.concatenate([[0], np.cumsum(some)]).astype(np.int64)
    return Encoded(ids, offsets, encoded.truncated, encoded.unknown)
