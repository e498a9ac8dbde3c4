"""Texts: what is empty, what is far longer than the others, what all begin with."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from textclf.audit.finding import Finding, kept, told_share
from textclf.audit.pool import Pool
from textclf.errors import printable

_FAR = 10  # times the 95th percentile
_LONG = 5_000  # characters below which no text is far too long
_BEGINNING = 0.3  # share of the texts that begin alike
_LEAST = 50  # rows below which a beginning says nothing
_WORD = 40  # characters of a first word


def on_texts(pool: Pool) -> Iterator[Finding]:
    """Yields empty and over-long texts, and beginnings that many share."""
    for split in pool.splits:
        yield from _empty(pool, split)
        yield from _long(pool, split)
        yield from _beginning(pool, split)


def _empty(pool: Pool, split: str) -> Iterator[Finding]:
    rows = pool.rows(split)
    texts = pool.texts[rows[0] : rows[-1] + 1]
    blank = rows[np.array([not text.strip() for text in texts], dtype=bool)]
    if len(blank):
        yield Finding(
            "empty",
            "serious",
            split,
            len(blank),
            len(rows),
            f"{told_share(len(blank), len(rows))} texts of {split} are empty",
            "leave them out: their label can only be guessed",
            kept(blank, pool.example),
        )
    wordless = np.array([bool(t.strip()) and not _has_word(t) for t in texts], bool)
    found = rows[wordless]
    if len(found):
        yield Finding(
            "no_word",
            "note",
            split,
            len(found),
            len(rows),
            f"{told_share(len(found), len(rows))} texts of {split} hold signs only",
            "look whether the text was lost on the way",
            kept(found, pool.example),
        )


def _has_word(text: str) -> bool:
    return any(map(str.isalnum, text))


def _long(pool: Pool, split: str) -> Iterator[Finding]:
    rows = pool.rows(split)
    texts = pool.texts[rows[0] : rows[-1] + 1]
    lengths = np.fromiter(map(len, texts), np.int64, len(rows))
    high = int(np.quantile(lengths, 0.95, method="higher"))
    found = np.flatnonzero(lengths > max(_FAR * high, _LONG))
    if len(found):
        found = found[np.argsort(-lengths[found], kind="stable")]
        yield Finding(
            "far_too_long",
            "notable",
            split,
            len(found),
            len(rows),
            f"{told_share(len(found), len(rows))} texts of {split} are over {_FAR} "
            f"times as long as 95 % are ({high:,} characters), the longest "
            f"{int(lengths.max()):,}",
            "look whether several texts ran together, or files were attached",
            kept(
                rows[found],
                lambda row: pool.example(row, f"{len(pool.texts[row]):,} characters"),
            ),
        )


def _beginning(pool: Pool, split: str) -> Iterator[Finding]:
    """Yields a first word that ends in a sign and that many texts begin with."""
    rows = pool.rows(split)
    words = [_first_word(pool.texts[row]) for row in rows.tolist()]
    (word, count) = Counter(words).most_common(1)[0]
    if len(rows) < _LEAST or count < _BEGINNING * len(rows) or word[-1:].isalnum():
        return
    if word:
        found = rows[np.array([one == word for one in words], dtype=bool)]
        yield Finding(
            "same_beginning",
            "notable",
            split,
            count,
            len(rows),
            f"{told_share(count, len(rows))} texts of {split} begin with "
            f'"{printable(word)}"',
            "headers and forms may give the answer away; remove what a new text will "
            "not have",
            kept(found, pool.example),
        )


def _first_word(text: str) -> str:
    return next(iter(text[:_WORD].split(maxsplit=1)), "")
