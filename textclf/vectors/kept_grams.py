"""Rows of n-grams that a model keeps, so that words training never saw have vectors."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from textclf.errors import ArtefactError, ResourceError
from textclf.files import check_regular
from textclf.text.vocabulary import RESERVED, Vocabulary
from textclf.vectors.fasttext_format import open_fasttext
from textclf.vectors.subword import Subwords

_ROWS, _BUCKETS, _CUT = "rows", "buckets", "subwords"
_MOST_HEADER = 1 << 16
_LONGEST_WORD = 100
_NO_HEADER = (ValueError, TypeError, LookupError, AttributeError, OverflowError)


@dataclass(frozen=True, eq=False)
class KeptGrams:
    """Some of the n-gram rows of a fastText model.

    Attributes:
        cut: How words are cut into n-grams.
        buckets: int64[n], rising: which buckets are kept.
        rows: float32[n, dim].
    """

    cut: Subwords
    buckets: np.ndarray
    rows: np.ndarray

    def __post_init__(self) -> None:
        buckets, rows = self.buckets, self.rows
        if buckets.dtype != np.int64 or rows.dtype != np.float32:
            raise ArtefactError("got n-grams of other types than int64 and float32")
        if buckets.ndim != 1 or rows.shape[:1] != buckets.shape or not len(buckets):
            raise ArtefactError("got n-grams that do not have a row each")
        if (np.diff(buckets) <= 0).any() or not 0 <= buckets[0] <= buckets[-1]:
            raise ArtefactError("got n-grams that do not rise")
        if buckets[-1] >= self.cut.buckets or not np.isfinite(rows).all():
            raise ArtefactError("got n-grams beyond the buckets, or no finite numbers")

    @classmethod
    def choose(
        cls, path: Path, vocabulary: Vocabulary, *, most: int, factor: float
    ) -> "KeptGrams":
        """Keeps the rows that running words of the training texts have most often.

        Args:
            path: The fastText model.
            vocabulary: The words of the training texts, with their counts.
            most: Most rows; of equally frequent ones those of lower buckets.
            factor: What the model's own rows were multiplied by.

        Raises:
            ArtefactError: The model is damaged.
        """
        with open_fasttext(path) as model:
            cut = model.head.subwords
            totals: dict[int, int] = {}
            words = vocabulary.tokens[len(RESERVED) :]
            counts = vocabulary.counts[len(RESERVED) :].tolist()
            for word, count in zip(words, counts, strict=True):
                for bucket in cut.of(word.encode()):
                    totals[bucket] = totals.get(bucket, 0) + count
            best = sorted(totals, key=lambda bucket: (-totals[bucket], bucket))[:most]
            buckets = np.array(sorted(best), dtype=np.int64)
            rows = [model.gram(bucket) for bucket in buckets.tolist()]
        return cls(cut, buckets, np.stack(rows) * np.float32(factor))

    def __call__(self, words: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Returns which words have a kept n-gram, int64[g], and their float32[g, dim].

        A word's vector is the mean of the rows of its kept n-grams. What is longer than
        100 characters is no word: it could keep a machine busy with hashing.
        """
        found, vectors = [], [np.zeros((0, self.rows.shape[1]), dtype=np.float32)]
        for place, word in enumerate(words):
            if len(word) > _LONGEST_WORD:
                continue
            grams = np.array(self.cut.of(word.encode("utf-8", "surrogatepass")))
            if not len(grams):
                continue
            at = np.searchsorted(self.buckets, grams)
            at = at[self.buckets[np.minimum(at, len(self.buckets) - 1)] == grams]
            if len(at):
                found.append(place)
                vectors.append(self.rows[at].mean(axis=0, keepdims=True))
        return np.array(found, dtype=np.int64), np.concatenate(vectors)

    def write(self, path: Path) -> None:
        """Writes them as safetensors.

        Raises:
            ResourceError: The disk is full.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import save_file

        cut = (self.cut.shortest, self.cut.longest, self.cut.buckets)
        tensors = {_BUCKETS: self.buckets, _ROWS: np.ascontiguousarray(self.rows)}
        try:
            save_file(tensors, path, metadata={_CUT: json.dumps(cut)})
        except SafetensorError as fault:
            raise ResourceError(
                f"cannot be written ({fault})", where=str(path)
            ) from fault

    @classmethod
    def read(cls, path: Path, *, dim: int) -> "KeptGrams":
        """Reads what `write` wrote; sizes are checked before numbers are read.

        Raises:
            ArtefactError: The file is damaged or of other vectors.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        size = check_regular(path, ArtefactError)
        try:
            metadata = _header(path, size, dim)
            sizes = json.loads(metadata[_CUT])
            if [type(number) for number in sizes] != [int] * 3:
                raise ValueError("expected three whole numbers")
            tensors = load_file(path)
            return cls(Subwords(*sizes), tensors[_BUCKETS], tensors[_ROWS])
        except ArtefactError as fault:
            raise ArtefactError(fault.problem, where=str(path)) from fault
        except (SafetensorError, RecursionError, *_NO_HEADER) as fault:
            raise ArtefactError(
                f"got damaged n-grams ({fault})", where=str(path)
            ) from fault


def _header(path: Path, size: int, dim: int) -> dict[str, Any]:
    """Returns the metadata of a file whose tensors have the shapes they must have."""
    with path.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        if length > min(_MOST_HEADER, size):
            raise ValueError("the header is too long")
        header = json.loads(stream.read(length))
    count = header[_BUCKETS]["shape"][0]
    if type(count) is not int or count < 1:
        raise ValueError("expected at least one row")
    kinds = {
        name: (header[name]["dtype"], header[name]["shape"])
        for name in (_BUCKETS, _ROWS)
    }
    expected = {_BUCKETS: ("I64", [count]), _ROWS: ("F32", [count, dim])}
    if kinds != expected or set(header) != {*expected, "__metadata__"}:
        raise ValueError(f"expected {dim} numbers a row")
    if 8 + length + count * (8 + 4 * dim) != size:
        raise ValueError("the file has another size than its header tells")
    metadata: dict[str, Any] = header["__metadata__"]
    return metadata
