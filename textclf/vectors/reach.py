"""How many words of texts a vector file knows, and what other spellings gain."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

import numpy as np

from textclf.errors import DataError
from textclf.progress import SILENT, Progress
from textclf.text.normalise import text_column
from textclf.text.units import split_words
from textclf.vectors.blocks import decoded
from textclf.vectors.reader import stream_vectors

_MISSING_SHOWN = 20
_AT_ONCE = 4096

Unit = Literal["word", "blanks"]
Counts = Mapping[str, int]


class Spelling(StrEnum):
    """The ways a word is looked up, in this order; training knows the first three."""

    WRITTEN = "as written"
    LOWER = "in lower case"
    OTHER_CASE = "in another case"
    NFKC = "in NFKC form"
    PLAIN = "without accents"


@dataclass(frozen=True)
class Gain:
    """What one way of spelling finds that those before it did not.

    Attributes:
        spelling: The way.
        types: Different words.
        words: Running words.
    """

    spelling: Spelling
    types: int
    words: int


@dataclass(frozen=True)
class Reach:
    """What of the words of some texts is in a vector file.

    Attributes:
        types: Different words.
        words: Running words.
        lettered: Running words with a letter.
        gains: A gain for each of `Spelling`.
        lettered_found: Running words with a letter, found as training finds them.
        missing: The most frequent words that no spelling finds, with their counts.
    """

    types: int
    words: int
    lettered: int
    gains: tuple[Gain, ...]
    lettered_found: int
    missing: tuple[tuple[str, int], ...]


def count_words(texts: Sequence[str], *, unit: Unit, lowercase: bool) -> dict[str, int]:
    """Counts the words of texts.

    Args:
        texts: The texts.
        unit: `word`: as `text.unit: word` cuts; `blanks`: between blanks.
        lowercase: Whether capitals count as small letters.
    """
    counts: dict[str, int] = {}
    for start in range(0, len(texts), _AT_ONCE):
        column = text_column(list(texts[start : start + _AT_ONCE]))
        if lowercase:
            column = column.str.to_lowercase()
        if unit == "word":
            flat = split_words(column).flat
        else:
            flat = column.str.extract_all(r"\S+").explode().drop_nulls()
        for word, count in flat.value_counts(name="n").iter_rows():
            counts[word] = counts.get(word, 0) + count
    return counts


def reach(
    path: Path, splits: Mapping[str, Counts], *, progress: Progress = SILENT
) -> dict[str, Reach]:
    """Looks the words of each split up in a file, which is read once.

    Args:
        path: Any file that `sniff` knows.
        splits: The words of each split, with their counts.
        progress: Hears how many bytes were read.

    Raises:
        ArtefactError: The file is missing, foreign or damaged.
        DataError: A split has no word.
    """
    for name, counts in splits.items():
        if not counts:
            raise DataError("got no word in the texts, expected some", where=name)
    spelt = {word: _spellings(word) for counts in splits.values() for word in counts}
    found = _Found.among(path, spelt.values(), progress)
    ways = {word: found.way(forms) for word, forms in spelt.items()}
    return {name: _reach(counts, ways) for name, counts in splits.items()}


def _spellings(word: str) -> tuple[str, str, str]:
    """Returns the word, its NFKC form and its form without accents."""
    if word.isascii():
        return word, word, word
    parts = unicodedata.normalize("NFKD", word)
    bare = "".join(c for c in parts if not unicodedata.combining(c))
    return word, unicodedata.normalize("NFKC", word), bare.replace("’", "'")


@dataclass(frozen=True)
class _Found:
    """Those wanted words that a file has, as it writes them and in lower case."""

    written: set[str]
    lowered: set[str]

    @classmethod
    def among(
        cls, path: Path, wanted: Iterable[tuple[str, ...]], progress: Progress
    ) -> "_Found":
        lower = {form.lower() for forms in wanted for form in forms}
        written, lowered = set(), set()
        for word in _words(path, progress):
            small = word.lower()
            if small in lower:
                lowered.add(small)
                written.add(word)
        return cls(written, lowered)

    def way(self, forms: tuple[str, str, str]) -> Spelling | None:
        word, nfkc, plain = forms
        lower = word.lower()
        if word in self.written:
            return Spelling.WRITTEN
        if lower in self.written:
            return Spelling.LOWER
        if word == lower and lower in self.lowered:
            return Spelling.OTHER_CASE
        if nfkc.lower() in self.lowered:
            return Spelling.NFKC
        return Spelling.PLAIN if plain.lower() in self.lowered else None


def _words(path: Path, progress: Progress) -> Iterator[str]:
    for block in stream_vectors(path, progress=progress):
        yield from (word for word in decoded(block.tokens) if word is not None)


_BY_TRAINING = (Spelling.WRITTEN, Spelling.LOWER, Spelling.OTHER_CASE)


def _reach(counts: Counts, ways: Mapping[str, Spelling | None]) -> Reach:
    types = dict.fromkeys(Spelling, 0)
    words = dict.fromkeys(Spelling, 0)
    lettered = lettered_found = 0
    missing = []
    for word, count in counts.items():
        way = ways[word]
        if way is None:
            missing.append((word, count))
        else:
            types[way] += 1
            words[way] += count
        if any(map(str.isalpha, word)):
            lettered += count
            lettered_found += count * (way in _BY_TRAINING)
    missing.sort(key=lambda pair: (-pair[1], pair[0]))
    return Reach(
        types=len(counts),
        words=int(np.sum(list(counts.values()))),
        lettered=lettered,
        gains=tuple(Gain(way, types[way], words[way]) for way in Spelling),
        lettered_found=lettered_found,
        missing=tuple(missing[:_MISSING_SHOWN]),
    )
