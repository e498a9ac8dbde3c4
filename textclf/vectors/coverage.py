"""How much of a vocabulary a vector file knows."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from textclf.errors import ArtefactError, printable
from textclf.text.vocabulary import RESERVED, Vocabulary
from textclf.vectors.layout import Layout
from textclf.vectors.matching import Match, Matcher

_MISSING_SHOWN = 20


@dataclass(frozen=True)
class Coverage:
    """What of a vocabulary was found in a vector file; padding and unknown left out.

    Attributes:
        file: The file's name.
        format: One of `layout.Format`.
        rows: Rows the file has.
        dim: Numbers a row has.
        types: Tokens of the vocabulary.
        types_found: Those that got a row.
        words: Running words: the sum of the tokens' counts.
        words_found: Those whose token got a row.
        fallback_types: Tokens found in another case only.
        fallback_words: Their running words.
        duplicates: Words wanted and found again; the first row was kept.
        undecodable: Words of the file that are not UTF-8, skipped.
        missing: The most frequent tokens not found, with their counts.
        built_types: Tokens not found whose row was made of n-grams.
        built_words: Their running words.
        factor: What all rows were multiplied by (`embedding.scale`).
    """

    file: str
    format: str
    rows: int
    dim: int
    types: int
    types_found: int
    words: int
    words_found: int
    fallback_types: int
    fallback_words: int
    duplicates: int
    undecodable: int
    missing: tuple[tuple[str, int], ...]
    built_types: int = 0
    built_words: int = 0
    factor: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.fallback_types <= self.types_found <= self.types:
            raise ArtefactError(f"got impossible counts of types: {self}")
        if not 0 <= self.fallback_words <= self.words_found <= self.words:
            raise ArtefactError(f"got impossible counts of running words: {self}")

    @classmethod
    def of(
        cls,
        vocabulary: Vocabulary,
        matcher: Matcher,
        *,
        layout: Layout,
        rows: int,
        built: np.ndarray,
        factor: float,
    ) -> "Coverage":
        """Counts what `matcher` found after it saw all `rows` rows of a file.

        Args:
            vocabulary: The tokens.
            matcher: What was found.
            layout: The file.
            rows: Its rows.
            built: int64[n] ids of tokens whose rows were made of n-grams.
            factor: What the rows were multiplied by.
        """
        best, counts = matcher.best[len(RESERVED) :], vocabulary.counts[len(RESERVED) :]
        found = best > Match.NONE
        fallback = found & (best < Match.EXACT)
        return cls(
            file=layout.path.name,
            format=layout.format.value,
            rows=rows,
            dim=layout.dim,
            types=len(best),
            types_found=int(found.sum()),
            words=int(counts.sum()),
            words_found=int(counts[found].sum()),
            fallback_types=int(fallback.sum()),
            fallback_words=int(counts[fallback].sum()),
            duplicates=matcher.duplicates,
            undecodable=matcher.undecodable,
            missing=_most_frequent(vocabulary, ~found),
            built_types=len(built),
            built_words=int(vocabulary.counts[built].sum()),
            factor=factor,
        )

    def to_json(self) -> dict[str, Any]:
        """Returns what `from_json` reads back exactly."""
        return {**asdict(self), "missing": [list(pair) for pair in self.missing]}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Coverage":
        """Reads what `to_json` returned."""
        missing = tuple((str(word), int(count)) for word, count in value["missing"])
        return cls(**{**value, "missing": missing})

    def to_lines(self) -> list[str]:
        """Returns lines for a terminal; words are escaped."""
        lines = [
            f"{printable(self.file, limit=80)}: {self.format}, "
            f"{self.rows:,} rows of {self.dim} numbers",
            f"types found          {_share(self.types_found, self.types)}",
            f"running words found  {_share(self.words_found, self.words)}",
            f"  in another case    {self.fallback_types:,} types, "
            f"{self.fallback_words:,} running words",
        ]
        if self.built_types:
            lines.append(
                f"built of n-grams     {self.built_types:,} types, "
                f"{self.built_words:,} running words"
            )
        if self.duplicates:
            lines.append(f"found twice          {self.duplicates:,}, first row kept")
        if self.undecodable:
            lines.append(f"not UTF-8            {self.undecodable:,} rows skipped")
        if self.missing:
            words = (f"{printable(w, limit=40)} ({n:,})" for w, n in self.missing)
            lines.append("missing most often   " + ", ".join(words))
        return lines


def _share(part: int, whole: int) -> str:
    percent = f" ({100 * part / whole:.1f} %)" if whole else ""
    return f"{part:,} of {whole:,}{percent}"


def _most_frequent(
    vocabulary: Vocabulary, missing: np.ndarray
) -> tuple[tuple[str, int], ...]:
    ids = np.flatnonzero(missing) + len(RESERVED)
    ids = ids[np.argsort(-vocabulary.counts[ids], kind="stable")][:_MISSING_SHOWN]
    return tuple((vocabulary.tokens[i], int(vocabulary.counts[i])) for i in ids)
