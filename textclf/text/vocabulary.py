"""The units a model knows, in a fixed order."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from textclf.errors import ArtefactError
from textclf.files import canonical_json

PAD, UNKNOWN = 0, 1
RESERVED = ("<pad>", "<unk>")
_CODE_POINTS = 0x110000


@dataclass(frozen=True)
class Vocabulary:
    """Tokens with their training counts; row i of an embedding is token i.

    Tokens 0 and 1 are padding and unknown. The others follow by falling count, equal
    counts by code point, so that the same texts always give the same vocabulary.

    Attributes:
        tokens: The tokens; no two are equal.
        counts: int64[len(tokens)], how often training saw each token.
    """

    tokens: tuple[str, ...]
    counts: np.ndarray

    def __post_init__(self) -> None:
        shape = (len(self.tokens),)
        if self.tokens[:2] != RESERVED or self.counts.shape != shape:
            raise ArtefactError(
                f"got a vocabulary of {len(self.tokens)} tokens and "
                f"{self.counts.size} counts that begins {self.tokens[:2]}, expected "
                f"{RESERVED} first and a count a token"
            )
        if self.counts.dtype != np.int64 or self.counts.min() < 0:
            raise ArtefactError("got counts that are no whole numbers from 0 up")
        check_units(self.tokens)

    @classmethod
    def build(
        cls,
        tokens: Sequence[str] | pl.Series,
        counts: np.ndarray,
        *,
        size: int,
        min_count: int,
    ) -> "Vocabulary":
        """Keeps the most frequent tokens.

        Args:
            tokens: Different tokens, in any order.
            counts: int64[len(tokens)].
            size: Most rows, the two reserved ones included.
            min_count: Tokens with smaller counts are left out.
        """
        census = pl.DataFrame({"token": tokens, "count": counts})
        kept = (
            census.filter(pl.col("count") >= min_count)
            .sort(["count", "token"], descending=[True, False])
            .head(size - len(RESERVED))
        )
        lost = int(counts.sum()) - int(kept["count"].sum())
        return cls(
            (*RESERVED, *kept["token"].to_list()),
            np.concatenate([[0, lost], kept["count"].to_numpy()]).astype(np.int64),
        )

    def __len__(self) -> int:
        return len(self.tokens)

    def __iter__(self) -> Iterator[str]:
        return iter(self.tokens)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vocabulary) and self.digest == other.digest

    __hash__ = None  # type: ignore[assignment]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the tokens and counts in their order."""
        return hashlib.sha256(canonical_json(self.to_json()).encode()).hexdigest()

    @cached_property
    def ids(self) -> dict[str, int]:
        """The id of every known token."""
        return {token: row for row, token in enumerate(self.tokens)}

    def lookup(self, flat: pl.Series) -> np.ndarray:
        """Returns int32[total] ids of a flat column of strings or code points."""
        if flat.dtype == pl.String:
            known = self.ids
            return np.array([known.get(t, UNKNOWN) for t in flat.to_list()], np.int32)
        return self._by_code_point[flat.to_numpy()]

    @cached_property
    def _by_code_point(self) -> np.ndarray:
        table = np.full(_CODE_POINTS, UNKNOWN, dtype=np.int32)
        for row, token in enumerate(self.tokens[2:], start=2):
            table[ord(token)] = row
        return table

    def to_json(self) -> dict[str, Any]:
        """Returns what `from_json` reads back exactly."""
        return {"tokens": list(self.tokens), "counts": self.counts.tolist()}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Vocabulary":
        """Reads what `to_json` returned."""
        return cls(tuple(value["tokens"]), np.array(value["counts"]))


def check_units(units: Sequence[Any]) -> None:
    """Refuses units that are not different texts of valid Unicode.

    Raises:
        ArtefactError: A unit is empty, no string, has a lone surrogate, or comes twice.
    """
    if not all(isinstance(unit, str) and unit for unit in units):
        raise ArtefactError("got a unit that is empty or no text")
    if len(set(units)) != len(units):
        raise ArtefactError("got a unit twice")
    try:
        "".join(units).encode()
    except UnicodeEncodeError as fault:
        raise ArtefactError("got a unit that is not valid Unicode") from fault
