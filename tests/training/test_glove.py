"""GloVe: its products come near the logarithms it is asked for."""

import numpy as np

from textclf.config.word_vectors import VectorTraining
from textclf.training.glove import learn_glove
from textclf.vectors.queries import neighbours
from textclf.vectors.sentences import open_sentences

GROUPS = ("red blue green yellow", "cat dog horse cow")


def texts():
    rng = np.random.default_rng(5)
    words = [group.split() for group in GROUPS]
    return [" ".join(rng.choice(words[i % 2], 10)) for i in range(400)]


def learnt(**changes):
    settings = VectorTraining.model_validate(
        {"method": "glove", "dim": 8, "min_count": 1, "epochs": 40, **changes}
    )
    told = []

    class Listener:
        def task(self, name, total=None):
            return self

        def __enter__(self):
            return self

        def __exit__(self, *fault):
            return None

        def advance(self, steps=1.0, note=""):
            return None

        def say(self, line):
            told.append(line)

    with open_sentences([texts()], min_count=1, lowercase=True) as sentences:
        return learn_glove(sentences, settings, progress=Listener()), told


def test_words_that_meet_come_together_and_the_loss_falls():
    vectors, told = learnt(epochs=150)
    near = {one.word for one in neighbours(vectors, "cat", k=3)}
    assert near == {"dog", "horse", "cow"}
    losses = [float(line.rsplit(" ", 1)[1]) for line in told]
    assert losses[-1] < losses[0] / 2


def test_the_same_seed_gives_the_same_bits_and_another_does_not():
    first, _ = learnt(epochs=3)
    assert np.array_equal(first.matrix, learnt(epochs=3)[0].matrix)
    assert not np.array_equal(first.matrix, learnt(epochs=3, seed=8)[0].matrix)
