"""n-gram rows that travel with a model: chosen, asked, written, refused if damaged."""

import json

import numpy as np
import pytest

from tests.vectors.fasttext_models import model_bytes, numbers
from tests.vectors.test_seed import vocabulary
from textclf.errors import ArtefactError
from textclf.vectors.fasttext_format import open_fasttext
from textclf.vectors.kept_grams import KeptGrams

WORDS = [b"film", b"screen", b"soup"]


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "model.bin"
    path.write_bytes(model_bytes(WORDS, numbers(WORDS, 40), buckets=40))
    return path


def test_with_all_rows_words_have_the_vectors_of_the_model(model):
    grams = KeptGrams.choose(model, vocabulary("film", "films"), most=99, factor=2.0)
    found, vectors = grams(["films", "film", "ß", ""])
    with open_fasttext(model) as whole:
        for row, word in enumerate((b"films", b"film")):
            assert vectors[row] == pytest.approx(2 * whole.built(word), rel=1e-5)
    assert found.tolist()[:2] == [0, 1]


def test_the_most_frequent_ngrams_are_kept(model):
    known = vocabulary("film", "screen", "films")  # counts 3, 2, 1 behind the reserved
    few = KeptGrams.choose(model, known, most=4, factor=1.0)
    totals = {}
    for word, count in zip(known.tokens[2:], known.counts[2:], strict=True):
        for bucket in few.cut.of(word.encode()):
            totals[bucket] = totals.get(bucket, 0) + count
    best = sorted(totals, key=lambda b: (-totals[b], b))[:4]
    assert few.buckets.tolist() == sorted(best)
    with open_fasttext(model) as whole:
        for bucket, row in zip(few.buckets, few.rows, strict=True):
            assert np.array_equal(row, whole.gram(int(bucket)))


def test_a_word_has_the_mean_of_those_that_are_kept(model):
    few = KeptGrams.choose(model, vocabulary("film"), most=3, factor=1.0)
    found, vectors = few(["films", "xyzzy"])
    kept = dict(zip(few.buckets.tolist(), few.rows, strict=True))
    rows = [kept[b] for b in few.cut.of(b"films") if b in kept]
    assert vectors[0] == pytest.approx(np.mean(rows, axis=0), rel=1e-5)
    assert 0 in found


def test_what_is_written_reads_back(model, tmp_path):
    grams = KeptGrams.choose(model, vocabulary("film"), most=5, factor=1.0)
    path = tmp_path / "grams.safetensors"
    grams.write(path)
    again = KeptGrams.read(path, dim=4)
    assert again.cut == grams.cut
    assert np.array_equal(again.rows, grams.rows)
    assert np.array_equal(again.buckets, grams.buckets)
    with pytest.raises(ArtefactError, match="5 numbers a row"):
        KeptGrams.read(path, dim=5)


def test_damage_is_refused(model, tmp_path):
    grams = KeptGrams.choose(model, vocabulary("film"), most=5, factor=1.0)
    path = tmp_path / "grams.safetensors"
    grams.write(path)
    content = path.read_bytes()
    for size in range(len(content)):
        path.write_bytes(content[:size])
        with pytest.raises(ArtefactError):
            KeptGrams.read(path, dim=4)
    rng = np.random.default_rng(2)
    for _ in range(300):
        changed = bytearray(content)
        changed[int(rng.integers(len(changed)))] ^= int(rng.integers(1, 256))
        path.write_bytes(bytes(changed))
        try:
            again = KeptGrams.read(path, dim=4)
        except ArtefactError:
            continue
        assert np.isfinite(again.rows).all() and len(again.rows) == 5


def test_what_is_too_long_for_a_word_is_none(model):
    grams = KeptGrams.choose(model, vocabulary("film"), most=9, factor=1.0)
    assert grams(["film" * 25])[0].tolist() == [0]
    assert grams(["film" * 25 + "s"])[0].tolist() == []


@pytest.mark.parametrize(
    "header",
    [
        {},
        [],
        {"buckets": [], "rows": []},
        {"buckets": {"shape": []}, "rows": {"shape": []}},
        {"buckets": {"dtype": "I64", "shape": [-1]}, "rows": {}},
        "[" * 60_000,
        "null",
    ],
)
def test_headers_that_lie_are_refused(tmp_path, header):
    body = (header if isinstance(header, str) else json.dumps(header)).encode()
    path = tmp_path / "grams.safetensors"
    path.write_bytes(len(body).to_bytes(8, "little") + body + bytes(64))
    with pytest.raises(ArtefactError, match=r"grams\.safetensors"):
        KeptGrams.read(path, dim=4)


@pytest.mark.parametrize(
    "sizes",
    [
        "[3, 6]",
        "[3, 6, Infinity]",
        "[3, 6, 1e3]",
        "[3, 6, true]",
        "[3, 6, -5]",
        "[3, 600, 40]",
        "[3, 6, 1]",
        "[" * 20_000,
        "null",
    ],
)
def test_sizes_that_lie_are_refused(model, tmp_path, sizes):
    from safetensors.numpy import save_file

    grams = KeptGrams.choose(model, vocabulary("film"), most=5, factor=1.0)
    path = tmp_path / "grams.safetensors"
    tensors = {"buckets": grams.buckets, "rows": grams.rows}
    save_file(tensors, path, metadata={"subwords": sizes})
    with pytest.raises(ArtefactError, match=r"grams\.safetensors"):
        KeptGrams.read(path, dim=4)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda b, r: (b[::-1].copy(), r), "rise"),
        (lambda b, r: (b - b[0] - 1, r), "rise"),
        (lambda b, r: (b + 40, r), "beyond"),
        (lambda b, r: (b, r * np.float32("nan")), "finite"),
    ],
)
def test_rows_that_lie_are_refused(model, tmp_path, change, told):
    from safetensors.numpy import save_file

    grams = KeptGrams.choose(model, vocabulary("film"), most=5, factor=1.0)
    path = tmp_path / "grams.safetensors"
    buckets, rows = change(grams.buckets, grams.rows)
    sizes = {"subwords": "[3, 6, 40]"}
    save_file({"buckets": buckets, "rows": rows}, path, metadata=sizes)
    with pytest.raises(ArtefactError, match=told):
        KeptGrams.read(path, dim=4)
