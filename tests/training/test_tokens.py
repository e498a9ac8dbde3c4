"""Tokens: the same ids from memory and from the cache, which is never out of date."""

import mmap
from pathlib import Path

import numpy as np
import pytest

from tests.listening import Listener
from textclf.config.schema import TextConfig
from textclf.data.dataset import Dataset
from textclf.data.labels import Labels
from textclf.errors import DataError
from textclf.text.encoded import Encoded
from textclf.text.encoder import TextEncoder
from textclf.training.tokens import give_back, learn_tokens

LABELS = Labels(("a", "b"), "binary", None)
TEXTS = [f"one two {'three ' * (at % 4)}é{at % 5}" for at in range(60)] + [""]


def dataset(texts: list[str]) -> Dataset:
    return Dataset(texts, np.zeros(len(texts), np.int32), LABELS)


def learnt(
    cache: Path, texts: list[str] = TEXTS, settings: TextConfig | None = None
) -> tuple[TextEncoder, Encoded, str]:
    listener = Listener()
    encoder, encoded = learn_tokens(
        dataset(texts), settings or TextConfig(), cache=str(cache), progress=listener
    )
    return encoder, encoded, listener.said[-1].split()[0]


@pytest.mark.parametrize("unit", ["word", "character", "subword"])
def test_the_ids_are_those_of_memory(tmp_path: Path, unit: str) -> None:
    settings = TextConfig.model_validate(
        {"unit": unit, "ngrams": 1 if unit == "subword" else 2, "max_length": 7}
    )
    plain_encoder, plain = learn_tokens(dataset(TEXTS), settings, cache=None)
    for word in ("writing", "read"):
        encoder, encoded, said = learnt(tmp_path, settings=settings)
        assert said == word
        assert encoder.digest == plain_encoder.digest
        for name in ("ids", "offsets", "truncated", "unknown"):
            one, other = getattr(encoded, name), getattr(plain, name)
            assert one.dtype == other.dtype
            assert np.array_equal(one, other)


def test_other_texts_and_settings_are_learnt_anew(tmp_path: Path) -> None:
    short = TextConfig(max_length=3)
    for word in ("writing", "read"):
        assert learnt(tmp_path)[2] == word
        assert learnt(tmp_path, TEXTS[1:])[2] == word
        assert learnt(tmp_path, settings=short)[2] == word
    assert learnt(tmp_path, settings=short)[1].lengths.max() == 3


def test_a_damaged_file_is_learnt_anew(tmp_path: Path) -> None:  # row 51
    expected = learnt(tmp_path)[1].ids.copy()
    (entry,) = tmp_path.glob("tokens-*")
    for file in [path for path in entry.rglob("*") if path.is_file()]:
        whole = file.read_bytes()
        file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        _, encoded, said = learnt(tmp_path)
        assert said == "writing"
        assert np.array_equal(encoded.ids, expected)


def test_texts_without_units_leave_no_entry(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="without any word"):
        learnt(tmp_path, ["", " "])
    assert not list(tmp_path.glob("*tokens*"))


def test_mapped_ids_can_be_read_after_they_are_given_back(tmp_path: Path) -> None:
    _, encoded, _ = learnt(tmp_path)
    base = encoded.ids
    while isinstance(base, np.ndarray):
        base = base.base
    assert isinstance(base, mmap.mmap)
    before = encoded.ids.copy()
    give_back(encoded)
    assert np.array_equal(encoded.ids, before)
    give_back(learn_tokens(dataset(TEXTS), TextConfig(), cache=None)[1])
