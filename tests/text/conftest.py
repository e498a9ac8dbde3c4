"""The slow reference of the text pipeline: plain Python, lists and dictionaries."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
import regex

from textclf.config.schema import TextConfig

# Rust's \w and \s, spelt out (Unicode Technical Standard 18, annex C).
_WORD = r"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}"
_BLANK = r"\p{White_Space}"
_SYMBOL = (
    rf"[^{_WORD}{_BLANK}]"
    "[\\p{M}\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*"
)  # fmt: skip
_UNIT = regex.compile(
    rf"[{_WORD}]+(?:['\u2019][{_WORD}]+)*"
    "|[\U0001f1e6-\U0001f1ff]{2}"
    f"|{_SYMBOL}(?:\u200d{_SYMBOL})*"
)
_BLANKS = regex.compile(f"{_BLANK}+")
_MASK = 2**64 - 1
Gram = tuple[int, ...]


class Reference:
    """Does to one text after the other what `TextEncoder` does to columns."""

    @staticmethod
    def words(text: str) -> list[str]:
        return _UNIT.findall(text)

    @staticmethod
    def characters(text: str) -> list[str]:
        return list(_BLANKS.sub(" ", text).strip(" "))

    @staticmethod
    def normalised(text: str, settings: TextConfig) -> str:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if settings.unicode != "none":
            text = unicodedata.normalize(settings.unicode.upper(), text)
        return text.lower() if settings.lowercase else text

    def units(self, text: str, settings: TextConfig) -> list[str]:
        text = self.normalised(text, settings)
        return (
            self.characters(text) if settings.unit == "character" else self.words(text)
        )

    def vocabulary(
        self, texts: list[str], settings: TextConfig
    ) -> tuple[list[str], list[int]]:
        counts = Counter(u for text in texts for u in self.units(text, settings))
        order = sorted(counts, key=lambda unit: (-counts[unit], unit))
        kept = [u for u in order if counts[u] >= settings.min_count]
        kept = kept[: settings.vocabulary_size - 2]
        lost = sum(counts.values()) - sum(counts[u] for u in kept)
        return ["<pad>", "<unk>", *kept], [0, lost, *(counts[u] for u in kept)]

    def fitted(self, texts: list[str], settings: TextConfig) -> "SlowEncoder":
        """Learns vocabulary and n-grams of the training texts."""
        tokens, _ = self.vocabulary(texts, settings)
        slow = SlowEncoder(self, settings, {token: i for i, token in enumerate(tokens)})
        for text in texts:
            slow.see(text)
        return slow

    @staticmethod
    def windows(codes: Sequence[int], lengths: tuple[int, int]) -> list[Gram]:
        """The n-grams of a run of codes, the shorter first."""
        return [
            tuple(codes[start : start + n])
            for n in range(lengths[0], lengths[1] + 1)
            for start in range(len(codes) - n + 1)
        ]

    @staticmethod
    def known(counts: Counter[Gram], least: int) -> dict[Gram, int]:
        """The rows of n-grams that stand often enough."""
        frequent = [gram for gram, count in counts.items() if count >= least]
        ordered = sorted(frequent, key=lambda gram: (len(gram), gram))
        return {gram: row for row, gram in enumerate(ordered)}

    @staticmethod
    def shortened(ids: list[int], limit: int, keep: str) -> list[int]:
        """One text's truncation, by slices."""
        if len(ids) <= limit:
            return ids
        if keep == "head":
            return ids[:limit]
        if keep == "tail":
            return ids[-limit:]
        tail = limit // 2
        return ids[: limit - tail] + ids[len(ids) - tail :]

    @staticmethod
    def gram_hash(gram: list[int]) -> int:
        """SplitMix64 over the ids, in Python's own integers."""
        state = len(gram)
        for unit in gram:
            state = (state + unit + 0x9E3779B97F4A7C15) & _MASK
            state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
            state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _MASK
            state ^= state >> 31
        return state


@dataclass
class SlowEncoder:
    """The encoder of some training texts, as dictionaries of n-grams."""

    reference: Reference
    settings: TextConfig
    tokens: dict[str, int]
    units: Counter[Gram] = field(default_factory=Counter)
    characters: Counter[Gram] = field(default_factory=Counter)

    def kept(self, text: str) -> tuple[list[str], bool]:
        """The units that count, and whether others were left out."""
        units = self.reference.units(text, self.settings)
        limit, keep = self.settings.max_length, self.settings.truncate
        kept = self.reference.shortened(units, limit, keep)
        return kept, len(kept) < len(units)

    def see(self, text: str) -> None:
        """Counts the n-grams of a training text."""
        units, inside = self.grams(text)
        self.units.update(units)
        self.characters.update(gram for word in inside for gram in word)

    def grams(self, text: str) -> tuple[list[Gram], list[list[Gram]]]:
        """The n-grams of units, and those of the characters of each word."""
        kept, _ = self.kept(text)
        ids, inside = [self.tokens.get(unit, 1) for unit in kept], list[list[Gram]]()
        units = self.reference.windows(ids, (2, self.settings.ngrams))
        if self.settings.char_ngrams is not None:
            lengths = (self.settings.char_ngrams[0], self.settings.char_ngrams[1])
            spelt = [list(map(ord, f" {word} ")) for word in kept]
            inside = [self.reference.windows(codes, lengths) for codes in spelt]
        return units, inside

    def encode(self, text: str) -> tuple[list[int], bool, float]:
        """The ids of a text, whether it was cut, and its share of unknown units."""
        kept, cut = self.kept(text)
        ids = [self.tokens.get(unit, 1) for unit in kept]
        units, inside = self.grams(text)
        find_unit, rows = self.finder(self.units, self.settings.ngrams > 1)
        find_inside, _ = self.finder(self.characters, True)
        first = len(self.tokens)
        found = [(first, find_unit(gram)) for gram in units]
        found += [(first + rows, find_inside(gram)) for word in inside for gram in word]
        every = ids + [start + row for start, row in found if row is not None]
        every = sorted(set(every)) if self.settings.distinct else every
        return every, cut, ids.count(1) / len(ids) if ids else 0.0

    def finder(
        self, counts: Counter[Gram], asked: bool
    ) -> tuple[Callable[[Gram], int | None], int]:
        """From an n-gram to its row, and how many rows there are."""
        buckets = self.settings.ngram_buckets
        if buckets is not None:
            size = buckets if asked else 0
            return lambda gram: self.reference.gram_hash(list(gram)) % buckets, size
        known = self.reference.known(counts, self.settings.ngram_min_count)
        return known.get, len(known)


@pytest.fixture(scope="session")
def reference() -> Reference:
    """The slow pipeline."""
    return Reference()
