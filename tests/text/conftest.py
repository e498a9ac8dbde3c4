"""The slow reference of the text pipeline: plain Python, lists and dictionaries."""

import unicodedata
from collections import Counter

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

    def encode(
        self, text: str, tokens: list[str], settings: TextConfig
    ) -> tuple[list[int], bool, float]:
        known = {token: row for row, token in enumerate(tokens)}
        ids = [known.get(unit, 1) for unit in self.units(text, settings)]
        kept = self.shortened(ids, settings.max_length, settings.truncate)
        unknown = kept.count(1) / len(kept) if kept else 0.0
        grams = [
            len(tokens)
            + self.gram_hash(kept[start : start + n]) % settings.ngram_buckets
            for n in range(2, settings.ngrams + 1)
            for start in range(len(kept) - n + 1)
        ]
        return kept + grams, len(kept) < len(ids), unknown

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


@pytest.fixture(scope="session")
def reference() -> Reference:
    """The slow pipeline."""
    return Reference()
