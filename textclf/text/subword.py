"""Byte-pair encoding of words, learnt from word counts (Sennrich et al. 2016)."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from textclf.errors import ArtefactError
from textclf.text.vocabulary import check_units

WORD_START = "▁"
_UNKNOWN = "<unk>"
_SAMPLE_WORDS = 5_000_000
_LONGEST_WORD = 500


@dataclass(frozen=True)
class Subwords:
    """Merges that turn each word into known pieces.

    A word is marked by "▁" at its start rather than by a prefix on its other pieces:
    with prefixes the library numbers them in hash order, and two trainings on the same
    texts differ.

    Attributes:
        pieces: Every piece the merges can produce.
        merges: Pairs of pieces to join, the most useful first.
    """

    pieces: tuple[str, ...]
    merges: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        check_units(self.pieces)
        known = set(self.pieces)
        if _UNKNOWN not in known:
            raise ArtefactError(f"got subword pieces without {_UNKNOWN}")
        for left, right in self.merges:
            if not (left in known and right in known and left + right in known):
                raise ArtefactError("got subword merges that do not fit the pieces")

    @classmethod
    def train(
        cls, words: Sequence[str], counts: np.ndarray, *, size: int
    ) -> "Subwords":
        """Learns at most `size` pieces from words and their counts."""
        tokenizer = Tokenizer(models.BPE(unk_token=_UNKNOWN))
        tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
        trainer = trainers.BpeTrainer(
            vocab_size=size, special_tokens=[_UNKNOWN], show_progress=False
        )
        tokenizer.train_from_iterator(_sample(words, counts), trainer)
        model = _model_json(tokenizer)
        ordered = sorted(model["vocab"].items(), key=lambda item: item[1])
        return cls(
            tuple(piece for piece, _ in ordered),
            tuple((left, right) for left, right in model["merges"]),
        )

    def split(self, words: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Returns int32 rows of `pieces`, word after word, and int64 pieces a word."""
        coded = self._tokenizer.encode_batch_fast([WORD_START + word for word in words])
        rows = [encoding.ids for encoding in coded]
        lengths = np.fromiter((len(r) for r in rows), dtype=np.int64, count=len(rows))
        total = int(lengths.sum())
        flat = (row for piece in rows for row in piece)
        return np.fromiter(flat, dtype=np.int32, count=total), lengths

    def pieces_of(self, words: Sequence[str]) -> list[list[tuple[str, int, int]]]:
        """Returns the pieces of each word, and which of its letters each is made of.

        The mark alone is made of none: it begins and ends at 0.
        """
        coded = self._tokenizer.encode_batch([WORD_START + word for word in words])
        return [
            [
                (piece, max(start - 1, 0), end - 1)
                for piece, (start, end) in zip(c.tokens, c.offsets, strict=True)
            ]
            for c in coded
        ]

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        vocab = {piece: row for row, piece in enumerate(self.pieces)}
        merges = list(self.merges)
        return Tokenizer(models.BPE(vocab=vocab, merges=merges, unk_token=_UNKNOWN))

    def to_json(self) -> dict[str, Any]:
        """Returns what `from_json` reads back exactly."""
        return {"pieces": list(self.pieces), "merges": [list(m) for m in self.merges]}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Subwords":
        """Reads what `to_json` returned."""
        merges = tuple((left, right) for left, right in value["merges"])
        return cls(tuple(value["pieces"]), merges)


def _sample(words: Sequence[str], counts: np.ndarray) -> Iterator[str]:
    """Yields each word as often as it counts, scaled to a bounded number of words.

    Longer words come in parts, because the library's time grows with a word's square.
    """
    total = max(int(counts.sum()), 1)
    scale = min(1.0, _SAMPLE_WORDS / total)
    for word, count in zip(words, counts, strict=True):
        marked = WORD_START + word
        starts = range(0, len(marked), _LONGEST_WORD)
        parts = " ".join(marked[start : start + _LONGEST_WORD] for start in starts)
        yield f"{parts} " * max(1, round(int(count) * scale))


def _model_json(tokenizer: Tokenizer) -> dict[str, Any]:
    model: dict[str, Any] = json.loads(tokenizer.to_str())["model"]
    return model
