"""fastText's own models: read row by row, and refused when damaged."""

import gzip
import time
import tracemalloc

import numpy as np
import pytest

from tests.vectors.fasttext_models import SUPERVISED, model_bytes, numbers
from tests.vectors.test_seed import vocabulary
from tests.vectors.test_subword import plain_grams, plain_hash
from textclf.errors import ArtefactError, ConfigError
from textclf.vectors import Vectors, seed_rows, sniff
from textclf.vectors.fasttext_format import open_fasttext
from textclf.vectors.layout import Format

WORDS = [b"</s>", b"the", "který".encode(), b"\xffbad", b"film"]
FIXTURES = (
    "finalfusion_fasttext.bin",
    "lee_fasttext.bin",
    "lee_fasttext_new.bin",
    "non_ascii_fasttext.bin",
)


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "model.bin"
        path.write_bytes(content)
        return path

    return write


def expected(words, matrix, word, buckets, *, row=None, version=12):
    rows = [] if row is None else [row]
    if word != b"</s>" or version == 0:
        hashes = [plain_hash(gram) % buckets for gram in plain_grams(word, 3, 6)]
        rows += [len(words) + value for value in hashes]
    return matrix[rows].mean(axis=0)


@pytest.mark.parametrize("version", [0, 11, 12])
def test_words_and_other_words_have_the_mean_of_their_rows(written, version):
    matrix = numbers(WORDS, 20)
    path = written(model_bytes(WORDS, matrix, version=version))
    assert sniff(path).format == Format.FASTTEXT_BINARY
    with open_fasttext(path) as model:
        assert [word for some in model.words() for word in some] == WORDS
        for row, word in enumerate(WORDS):
            known = expected(WORDS, matrix, word, 20, row=row, version=version)
            assert model.known(row, word) == pytest.approx(known, abs=1e-6)
        for word in ("filme", "a", "日本語", "the"):
            content = word.encode()
            row = WORDS.index(content) if content in WORDS else None
            other = expected(WORDS, matrix, content, 20, row=row)
            assert model.vector(word) == pytest.approx(other, abs=1e-6)
    vectors = Vectors.read(path)
    assert vectors.tokens == ("</s>", "the", "který", "film")


def test_a_supervised_model_has_its_words_without_labels(written):
    matrix = numbers(WORDS, 0)
    content = model_bytes(
        WORDS, matrix, labels=[b"__label__a"], kind=SUPERVISED, longest=0, buckets=0
    )
    path = written(content)
    with open_fasttext(path) as model:
        assert model.head.method == "supervised" and model.head.words == len(WORDS)
        assert np.array_equal(model.known(1, b"the"), matrix[1])
        assert model.vector("elsewhere") is None
    assert len(Vectors.read(path)) == 4


def test_version_11_supervised_has_no_ngrams_whatever_it_says(written):
    matrix = numbers(WORDS, 20)
    path = written(model_bytes(WORDS, matrix, kind=SUPERVISED, version=11))
    with open_fasttext(path) as model:
        assert np.array_equal(model.known(1, b"the"), matrix[1])


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"quantised": True}, "unsupported: quantised"),
        ({"quantised": True, "pruned": 2}, "unsupported: quantised"),
        ({"pruned": 0}, "pruned n-grams in a model that is not quantised"),
        ({"pruned": 2}, "pruned n-grams in a model that is not quantised"),
        ({"pruned": -2}, "damaged"),
        ({"pruned": 1 << 60}, "ends at byte"),
        ({"version": 13}, "unsupported: fastText version 13"),
        ({"kind": 9}, "model 9"),
        ({"dim": 0}, "0 numbers a word"),
        ({"dim": 5}, "ends at byte|matrix"),
        ({"rows": 24}, "got a matrix of 24 × 4, expected 25 × 4"),
        ({"rows": 3_000_000_000}, "expected 25 × 4"),
        ({"buckets": -1}, "buckets"),
        ({"longest": 400}, "0 to 64 characters"),
        ({"buckets": 2_000_000_000}, "expected 2,000,000,005 × 4"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_allocated(written, changes, told):
    path = written(model_bytes(WORDS, numbers(WORDS, 20), **changes))
    tracemalloc.start()
    with pytest.raises(ArtefactError, match=told) as caught:
        Vectors.read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20e6
    assert str(path) in str(caught.value)


def test_numbers_that_are_not_finite_are_refused_with_the_word(written):
    matrix = numbers(WORDS, 20)
    matrix[4] = np.inf
    path = written(model_bytes(WORDS, matrix))
    with pytest.raises(ArtefactError, match='not finite for "film"'):
        Vectors.read(path)


def test_a_packed_model_is_to_be_unpacked(written):
    content = gzip.compress(model_bytes(WORDS, numbers(WORDS, 20)))
    with pytest.raises(ArtefactError, match="unpack it"):
        sniff(written(content))


def test_every_cut_is_told(written):
    content = model_bytes(WORDS, numbers(WORDS, 20))
    whole = len(content) - len(b"output")
    for size in range(1, whole):
        with pytest.raises(ArtefactError):
            Vectors.read(written(content[:size]))


def test_any_changed_byte_is_refused_or_harmless(written):
    content = bytearray(model_bytes(WORDS, numbers(WORDS, 20)))
    rng = np.random.default_rng(11)
    for _ in range(2000):
        changed = bytearray(content)
        place = int(rng.integers(len(changed) if rng.random() < 0.3 else 180))
        changed[place] ^= int(rng.integers(1, 256))
        path, started = written(bytes(changed)), time.monotonic()
        try:
            vectors = Vectors.read(path)
        except ArtefactError:
            continue
        finally:
            assert time.monotonic() - started < 2
        assert np.isfinite(vectors.matrix).all()


@pytest.mark.parametrize("name", FIXTURES)
def test_real_models_equal_gensim(shared, name):
    fasttext = pytest.importorskip("gensim.models.fasttext")
    path = shared / "vectors" / "format_fixtures" / name
    theirs = fasttext.load_facebook_vectors(str(path))
    ours = Vectors.read(path)
    for word, row in ours.ids.items():
        if word != "</s>":  # fastText of today gives it no n-grams, gensim does
            assert ours.matrix[row] == pytest.approx(theirs[word], abs=2e-6)
    with open_fasttext(path) as model:
        for word in ("unseen", "Überraschung", "ключ", "日本語", "a"):
            assert model.vector(word) == pytest.approx(theirs[word], abs=2e-6)


@pytest.mark.parametrize("name", ["lee_fasttext", "pang_lee_polarity_fasttext"])
def test_real_models_equal_what_fasttext_printed(shared, name):
    folder = shared / "vectors" / "format_fixtures"
    ours, printed = (Vectors.read(folder / f"{name}.{end}") for end in ("bin", "vec"))
    assert ours.tokens == printed.tokens
    close = np.isclose(ours.matrix, printed.matrix, rtol=1e-4, atol=1e-5)
    assert close.all()


def test_a_real_quantised_model_is_unsupported(shared):
    with pytest.raises(ArtefactError, match="unsupported: quantised"):
        sniff(shared / "vectors" / "lid.176.ftz")


class TestSeeding:
    def seeded(self, path, *tokens, **options):
        known = vocabulary(*tokens)
        rng = np.random.default_rng(1)
        return seed_rows(path, known, dim=4, rng=rng, **options)

    def test_missing_words_are_built_of_ngrams(self, written):
        matrix = numbers(WORDS, 20)
        path = written(model_bytes(WORDS, matrix))
        result = self.seeded(path, "the", "films", "ß", oov="subword")
        other = expected(WORDS, matrix, b"films", 20)
        assert result.matrix[3] == pytest.approx(other, abs=1e-6)
        assert result.found.tolist() == [False, False, True, False, False]
        assert (result.coverage.built_types, result.coverage.types_found) == (2, 1)
        assert result.matrix[1] == pytest.approx(result.matrix[2])  # unknown: the mean
        assert "built of n-grams" in "\n".join(result.coverage.to_lines())

    def test_built_rows_are_scaled_with_the_others(self, written):
        path = written(model_bytes(WORDS, numbers(WORDS, 20)))
        plain = self.seeded(path, "the", "film", "films", oov="subword")
        scaled = self.seeded(path, "the", "film", "films", oov="subword", scale=0.1)
        factor = 0.1 / plain.matrix[2:4].std()
        assert scaled.matrix == pytest.approx(plain.matrix * factor, rel=1e-4)

    @pytest.mark.parametrize("oov", ["zero", "mean"])
    def test_missing_words_may_be_zero_or_the_mean(self, written, oov):
        path = written(model_bytes(WORDS, numbers(WORDS, 20)))
        result = self.seeded(path, "the", "film", "other", oov=oov)
        mean = result.matrix[2:4].mean(axis=0) if oov == "mean" else np.zeros(4)
        for row in (1, 4):
            assert result.matrix[row] == pytest.approx(mean, abs=1e-6)

    def test_subword_needs_ngrams(self, written, tmp_path):
        path = tmp_path / "a.txt"
        path.write_text("the 1 2 3 4\n")
        with pytest.raises(ConfigError, match=r"embedding\.oov.*has no n-grams"):
            self.seeded(path, "the", oov="subword")
        matrix = numbers(WORDS, 0)
        path = written(model_bytes(WORDS, matrix, longest=0, buckets=0))
        with pytest.raises(ConfigError, match="without n-grams"):
            self.seeded(path, "the", oov="subword")
