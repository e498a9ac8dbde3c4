"""Encoded texts in a folder: the bytes of those in memory, or an error."""

import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textclf.config.schema import TextConfig
from textclf.errors import ArtefactError, ConfigError, DataError, ResourceError
from textclf.text import columns as columns_module
from textclf.text import corpus as corpus_module
from textclf.text import workers
from textclf.text.encoded import Encoded
from textclf.text.encoder import TextEncoder
from textclf.text.store import load_encoded, open_store

NAMES = ("ids", "offsets", "truncated", "unknown")
CORPUS = [
    "The cat sat on the mat, don't panic.",
    "",
    "Éte\u0301 你好 👍 " * 9,
    "x" * 50,
] * 25
SETTINGS = {
    "word": TextConfig(max_length=7),
    "ngrams": TextConfig(ngrams=3, ngram_buckets=99, max_length=7),
    "character": TextConfig(unit="character", max_length=30, truncate="tail"),
    "subword": TextConfig(unit="subword", max_length=9, truncate="head_tail"),
}


class SlicesOnly:
    """A sequence that can be measured and sliced, as a mapped one is."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, index: slice) -> list[str]:
        if not isinstance(index, slice):
            raise TypeError(index)
        return self._texts[index]


@pytest.fixture
def small_columns(monkeypatch):
    monkeypatch.setattr(columns_module, "_LEAST_BYTES", 300)
    monkeypatch.setattr(columns_module, "_MOST_BYTES", 300)
    monkeypatch.setattr(columns_module, "_FIRST_TEXTS", 3)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def assert_same_bytes(one: Encoded, other: Encoded) -> None:
    for name in NAMES:
        left, right = getattr(one, name), getattr(other, name)
        assert (left.dtype, left.tobytes()) == (right.dtype, right.tobytes()), name


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("kind", SETTINGS)
def test_a_folder_holds_the_bytes_of_memory(
    tmp_path, monkeypatch, small_columns, kind, threads
):
    expected, whole = TextEncoder.fit_encode(CORPUS, SETTINGS[kind])
    again = expected.encode(CORPUS)
    monkeypatch.setattr(workers, "cores", lambda: threads)
    texts = SlicesOnly(CORPUS)
    encoder, encoded = TextEncoder.fit_encode(
        texts, SETTINGS[kind], folder=tmp_path / "fit"
    )
    assert encoder.digest == expected.digest
    assert_same_bytes(encoded, whole)
    assert_same_bytes(encoder.encode(texts, folder=tmp_path / "encode"), again)
    assert_same_bytes(load_encoded(tmp_path / "encode"), again)
    assert_same_bytes(encoder.encode(texts), again)
    assert names_in(tmp_path) == ["encode", "fit"]
    members = sorted(f"{name}.npy" for name in NAMES)
    assert names_in(tmp_path / "fit") == members


@settings(max_examples=20)
@given(st.lists(st.text("ab 👍", max_size=9), min_size=1, max_size=9))
def test_numpy_reads_the_files(tmp_path_factory, texts):
    folder = tmp_path_factory.mktemp("store") / "encoded"
    encoder = TextEncoder.fit(["a b"], TextConfig())
    encoded = encoder.encode(texts, folder=folder)
    for name in NAMES:
        array = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
        np.testing.assert_array_equal(array, getattr(encoded, name))
    assert not encoded.offsets.flags.writeable


def test_nothing_is_read_into_memory(tmp_path):
    encoder, encoded = TextEncoder.fit_encode(
        CORPUS, TextConfig(), folder=tmp_path / "encoded"
    )
    assert isinstance(encoded.ids.base, np.memmap)
    assert len(encoder.encode([], folder=tmp_path / "none")) == 0


def written(folder: Path) -> Path:
    TextEncoder.fit_encode(CORPUS, TextConfig(), folder=folder)
    return folder


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("damage", ["missing", "short", "long", "header", "empty"])
def test_refuses_damaged_files(tmp_path, name, damage):
    path = written(tmp_path / "encoded") / f"{name}.npy"
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(
            {
                "short": content[:-1],
                "long": content + content[128:],
                "header": b"\x93NUMPY\x02" + content[7:],
                "empty": b"",
            }[damage]
        )
    with pytest.raises(ArtefactError):
        load_encoded(tmp_path / "encoded")


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("ids", np.ones(3, dtype=np.int32)),
        ("ids", np.ones(700, dtype=np.int64)),
        ("offsets", np.arange(101, dtype=np.int64)[::-1].copy()),
        ("truncated", np.zeros(99, dtype=bool)),
        ("unknown", np.zeros((100, 1), dtype=np.float32)),
        ("unknown", np.array([None] * 100, dtype=object)),
    ],
)
def test_refuses_arrays_that_do_not_fit(tmp_path, name, array):
    folder = written(tmp_path / "encoded")
    np.save(folder / f"{name}.npy", array, allow_pickle=True)
    with pytest.raises(ArtefactError):
        load_encoded(folder)


def test_refuses_an_existing_folder(tmp_path):
    (tmp_path / "encoded").mkdir()
    with pytest.raises(ConfigError, match="exists already"):
        TextEncoder.fit_encode(CORPUS, TextConfig(), folder=tmp_path / "encoded")


@pytest.mark.parametrize("fault", [KeyboardInterrupt, ValueError])
def test_a_fault_leaves_no_folder_and_no_thread(
    tmp_path, monkeypatch, small_columns, fault
):
    before = threading.active_count()
    cut = corpus_module.cut

    def failing(column, settings):
        if "x" * 50 in column.to_list():
            raise fault
        return cut(column, settings)

    monkeypatch.setattr(corpus_module, "cut", failing)
    with pytest.raises(fault):
        TextEncoder.fit_encode(CORPUS, TextConfig(), folder=tmp_path / "encoded")
    assert names_in(tmp_path) == []
    assert threading.active_count() == before


def test_nothing_to_learn_leaves_no_folder(tmp_path):
    with pytest.raises(DataError):
        TextEncoder.fit_encode([" "], TextConfig(), folder=tmp_path / "encoded")
    assert names_in(tmp_path) == []


def test_a_full_disk_is_an_error_of_the_disk(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with (
        pytest.raises(ResourceError, match="No space left"),
        open_store(tmp_path / "encoded") as store,
    ):
        monkeypatch.setattr(type(store), "append", full)
        store.append(None)
    assert names_in(tmp_path) == []
