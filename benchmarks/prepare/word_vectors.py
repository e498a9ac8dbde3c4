"""A file of word vectors like GloVe's, its word2vec binary, and a vocabulary."""

import re
from collections import Counter
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from benchmarks.prepare.sizes import SEEDED_ROWS, VECTOR_DIM, binary_rows, text_rows
from benchmarks.records import SEED, Place

_KNOWN_SHARE = 0.87
_WORD = re.compile(r"\w+")
_CONSONANTS = np.array(list("tnsrhldcmfpgwybvkxjqz"))
_VOWELS = np.array(list("eaoiu"))


def vectors(place: Place) -> None:
    """Writes word2vec.bin, glove.txt (its first rows) and vocabulary.txt."""
    if (place.work / "vocabulary.txt").exists():
        return
    rng = np.random.default_rng([SEED, 3])
    ranked = _words_by_rank(place.data / "imdb" / "train.parquet")
    words = _mixed(ranked, binary_rows(place.quick), rng)
    numbers = rng.standard_normal((len(words), VECTOR_DIM)).astype(np.float32) * 0.4
    numbers = np.round(numbers, 5)
    first = slice(text_rows(place.quick))
    _write_text(place.work / "glove.txt", words[first], numbers[first])
    _write_binary(place.work / "word2vec.bin", words, numbers)
    text = "\n".join(ranked[:SEEDED_ROWS]) + "\n"
    (place.work / "vocabulary.txt").write_text(text, encoding="utf-8")


def _words_by_rank(path: Path) -> list[str]:
    counts: Counter[str] = Counter()
    for text in pq.read_table(path)["text"].to_pylist():
        counts.update(_WORD.findall(text.lower()))
    return [word for word, _ in counts.most_common()]


def _mixed(ranked: list[str], count: int, rng: np.random.Generator) -> list[str]:
    """Mixes known and made-up words: roughly by falling frequency, as GloVe has them.

    A share of the known words is left out, as words of any corpus are.
    """
    kept = [w for w in ranked if rng.random() < _KNOWN_SHARE][: int(0.7 * count)]
    invented = _invented(count - len(kept), set(ranked), rng)
    places = np.concatenate([np.arange(len(kept)), np.arange(len(invented))])
    order = np.argsort((places + 1) * np.exp(rng.standard_normal(len(places))))
    words = kept + invented
    return [words[place] for place in order]


def _invented(count: int, known: set[str], rng: np.random.Generator) -> list[str]:
    """Makes words up: vowels and consonants in turn, frequent letters more often."""
    made: dict[str, None] = {}
    while len(made) < count:
        length = int(np.clip(rng.poisson(7), 3, 18))
        starts = int(rng.integers(2))
        letters = [
            letter
            for place in range(length)
            for letter in _letter(_VOWELS if (place + starts) % 2 else _CONSONANTS, rng)
        ]
        word = "".join(letters)
        if word not in known:
            made[word] = None
    return list(made)


def _letter(letters: np.ndarray, rng: np.random.Generator) -> str:
    return str(letters[min(int(rng.exponential(len(letters) / 3)), len(letters) - 1)])


def _write_text(path: Path, words: list[str], numbers: np.ndarray) -> None:
    columns = {f"n{place}": numbers[:, place] for place in range(VECTOR_DIM)}
    table = pl.DataFrame({"word": words, **columns})
    table.write_csv(
        path,
        include_header=False,
        separator=" ",
        float_precision=5,
        float_scientific=False,
        quote_style="never",
    )


def _write_binary(path: Path, words: list[str], numbers: np.ndarray) -> None:
    with path.open("wb") as file:
        file.write(f"{len(words)} {VECTOR_DIM}\n".encode())
        for word, row in zip(words, numbers, strict=True):
            file.write(word.encode() + b" " + row.tobytes() + b"\n")
