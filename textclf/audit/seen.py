"""What a model would see of the texts: lengths, what is cut off, unknown words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from textclf.audit.finding import Finding
from textclf.config.schema import LONGEST, DataConfig, TextConfig
from textclf.data.dataset import divide
from textclf.data.sources import Sources
from textclf.data.tables import Table
from textclf.errors import DataError, one_of
from textclf.text.encoded import Encoded
from textclf.text.encoder import TextEncoder
from textclf.text.normalise import text_column
from textclf.text.units import split_words
from textclf.text.vocabulary import UNKNOWN

_LOST = 0.05  # share of all units
_MANY = 0.1  # share of unknown words
_SAMPLE = 2_000  # texts whose unknown words are listed


@dataclass(frozen=True)
class Seen:
    """What the text settings leave of a split.

    Attributes:
        split: train, dev or test.
        texts: How many texts there are.
        unit: What lengths are counted in.
        median: Units of the text in the middle.
        high: Units that 95 % of the texts do not exceed.
        longest: Units of the longest text.
        cut: Texts that are longer than `text.max_length`.
        lost: Share of all units that is cut off.
        unknown: Share of the units that the vocabulary of train lacks.
    """

    split: str
    texts: int
    unit: str
    median: int
    high: int
    longest: int
    cut: int
    lost: float
    unknown: float


@dataclass(frozen=True)
class View:
    """The splits of a run, seen through its text settings.

    Attributes:
        settings: The section `text`.
        splits: What is left of each; of a file alone also of what is held out of it.
        unknown_words: For each split some frequent words that train lacks.
    """

    settings: TextConfig
    splits: tuple[Seen, ...]
    unknown_words: Mapping[str, tuple[str, ...]]


def view(
    data: DataConfig, text: TextConfig, tables: Mapping[str, Table], *, seed: int
) -> View:
    """Encodes every split as a run would, but whole.

    What a run would hold out is held out, so that its unknown words are counted too.
    """
    plain = text.model_copy(
        update={
            "ngrams": 1,
            "char_ngrams": None,
            "distinct": False,
            "max_length": LONGEST,
        }
    )
    parts = _divided(data, tables, seed=seed)
    try:
        encoder = TextEncoder.fit(parts["train"].texts, plain)
    except DataError:  # no training text has a unit: another finding tells
        return View(text, (), {})
    seen, words = [], {}
    for split, table in parts.items():
        encoded = encoder.encode(table.texts)
        seen.append(_seen(split, encoded, text))
        if split != "train" and text.unit == "word":
            words[split] = _unknown_words(table, encoder)
    return View(text, tuple(seen), words)


def on_view(found: View) -> Iterator[Finding]:
    """Yields what is cut off and what is unknown, where it is much."""
    for one in found.splits:
        if one.lost > 0:
            yield _cut(one, found.settings)
        if one.unknown >= _MANY and one.split != "train":
            units = round(one.unknown * 1000)
            named = one_of(found.unknown_words.get(one.split, ()), limit=8)
            yield Finding(
                "unknown_words",
                "notable",
                one.split,
                units,
                1000,
                f"{one.unknown:.1%} of the {one.unit}s of {one.split} are unknown to "
                f"the vocabulary of train{': ' if named else ''}{named}",
                "text.char_ngrams or text.unit: subword read unknown words by their "
                "parts",
            )


def _cut(one: Seen, settings: TextConfig) -> Finding:
    return Finding(
        "truncation",
        "notable" if one.lost >= _LOST else "note",
        one.split,
        one.cut,
        one.texts,
        f"text.max_length {settings.max_length:,} cuts {one.cut:,} of {one.texts:,} "
        f"texts of {one.split}; {one.lost:.1%} of all {one.unit}s are lost",
        f"95 % of the texts have at most {one.high:,} {one.unit}s; raise "
        "text.max_length, or keep both ends by text.truncate: head_tail",
    )


def _divided(
    data: DataConfig, tables: Mapping[str, Table], *, seed: int
) -> dict[str, Table]:
    if len(tables) > 1:
        return dict(tables)
    try:
        parts = divide(data, Sources(**tables), seed=seed)
    except DataError:  # too few rows, or a blank label: another finding tells
        return dict(tables)
    named = {"train": parts.train, "dev": parts.dev, "test": parts.test}
    return {name: table for name, table in named.items() if table is not None}


def _seen(split: str, encoded: Encoded, text: TextConfig) -> Seen:
    lengths: npt.NDArray[np.int64] = encoded.lengths
    median, high = np.quantile(lengths, (0.5, 0.95), method="higher")
    over = np.maximum(lengths - text.max_length, 0)
    total = max(int(lengths.sum()), 1)
    return Seen(
        split=split,
        texts=len(encoded),
        unit={"subword": "piece"}.get(text.unit, text.unit),
        median=int(median),
        high=int(high),
        longest=int(lengths.max()),
        cut=int((over > 0).sum()),
        lost=float(over.sum() / total),
        unknown=float((encoded.ids == UNKNOWN).sum() / total),
    )


def _unknown_words(table: Table, encoder: TextEncoder) -> tuple[str, ...]:
    column = text_column(list(table.texts[:_SAMPLE])).str.to_lowercase()
    words, counts = np.unique(split_words(column).flat.to_numpy(), return_counts=True)
    known = encoder.vocabulary.ids
    new = [
        (int(count), str(word))
        for word, count in zip(words, counts, strict=True)
        if word not in known and str(word).isalpha()
    ]
    return tuple(
        word for _, word in sorted(new, key=lambda pair: (-pair[0], pair[1]))[:20]
    )
