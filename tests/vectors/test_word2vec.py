"""Skip-gram, CBOW and fastText: repeatable, and they put like words together."""

import os
import subprocess
import sys

import numpy as np
import pytest

from textclf.config.word_vectors import VectorTraining
from textclf.vectors.queries import neighbours
from textclf.vectors.sentences import open_sentences
from textclf.vectors.word2vec import learn_word2vec, vectors_of

PAIRS = ("red blue green yellow", "cat dog horse cow")
SMALL = {"dim": 16, "epochs": 12, "min_count": 1, "negative": 3, "window": 4}


def texts(seed=1, count=600):
    """Texts of colours or of animals, never of both."""
    rng = np.random.default_rng(seed)
    groups = [words.split() for words in PAIRS]
    rows = (groups[i % 2] for i in range(count))
    return [" ".join(rng.choice(words, 8)) for words in rows]


def learnt(method, **changes):
    settings = VectorTraining.model_validate({"method": method, **SMALL, **changes})
    if method == "fasttext":
        settings = settings.model_copy(update={"buckets": 500})
    with open_sentences([texts()], min_count=1, lowercase=True) as sentences:
        return vectors_of(learn_word2vec(sentences, settings))


@pytest.mark.parametrize("method", ["skipgram", "cbow", "fasttext"])
def test_words_of_one_kind_come_together(method):
    vectors = learnt(method)
    near = {one.word for one in neighbours(vectors, "cat", k=3)}
    assert near == {"dog", "horse", "cow"}
    assert vectors.matrix.shape == (8, 16)
    assert np.isfinite(vectors.matrix).all()


@pytest.mark.parametrize("method", ["skipgram", "fasttext"])
def test_the_same_seed_gives_the_same_bits_and_another_does_not(method):
    first = learnt(method, epochs=2)
    assert np.array_equal(first.matrix, learnt(method, epochs=2).matrix)
    assert not np.array_equal(first.matrix, learnt(method, epochs=2, seed=8).matrix)


def test_a_fresh_process_gives_the_same_bits():
    program = (
        "from tests.vectors.test_word2vec import learnt; import hashlib; "
        "print(hashlib.sha256(learnt('skipgram', epochs=2).matrix.tobytes())"
        ".hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_a_text_longer_than_gensim_reads_is_learnt_whole():
    long = "one two " * 6000 + "three four " * 2000  # three, four beyond 10,000
    settings = VectorTraining.model_validate({**SMALL, "epochs": 3})
    with open_sentences([[long]], min_count=1, lowercase=True) as sentences:
        model = learn_word2vec(sentences, settings)
    vectors = vectors_of(model)
    assert neighbours(vectors, "three", k=1)[0].word == "four"


def test_a_fault_while_reading_ends_the_learning(monkeypatch):
    settings = VectorTraining.model_validate(SMALL)
    with open_sentences([texts()], min_count=1, lowercase=True) as sentences:

        def broken(self):
            yield from ()
            raise OSError(28, "No space left")

        monkeypatch.setattr(type(sentences), "chunks", broken)
        with pytest.raises(OSError, match="No space"):
            learn_word2vec(sentences, settings)


class Listener:
    def __init__(self):
        self.steps, self.total, self.notes = 0, 0, []

    def task(self, name, total=None):
        self.total = total
        return self

    def __enter__(self):
        return self

    def __exit__(self, *fault):
        return None

    def advance(self, steps=1.0, note=""):
        self.steps += steps
        self.notes.append(note)


def test_every_running_word_is_told_with_the_speed():
    listener = Listener()
    settings = VectorTraining.model_validate({**SMALL, "epochs": 2})
    with open_sentences([texts()], min_count=1, lowercase=True) as sentences:
        learn_word2vec(sentences, settings, progress=listener)
        assert listener.steps == listener.total == 2 * sentences.words
    assert all(note.endswith("words/s") for note in listener.notes)
