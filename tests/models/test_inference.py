"""Logits of many texts, whatever batches a model gets."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.models import inference
from textclf.models.inference import keras_engine, logits_of
from textclf.text.encoded import Encoded, offsets_of

LOUD = np.zeros(0, dtype=bool)
TEXTS = st.lists(st.lists(st.integers(1, 9), max_size=40), max_size=30)


def encoded_of(texts):
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    ids = np.array([i for text in texts for i in text], dtype=np.int32)
    unknown = [np.mean([i == 1 for i in text]) if text else 0.0 for text in texts]
    return Encoded(
        ids,
        offsets_of(lengths),
        np.zeros(len(texts), dtype=bool),
        np.array(unknown, dtype=np.float32),
    )


class Model:
    """Sums the ids of a text, and keeps the shapes it was given."""

    def __init__(self):
        self.shapes = []

    output_shape = (None, 2)

    def __call__(self, ids, guests=None):
        assert ids.dtype == np.int32
        self.shapes.append(ids.shape)
        sums = ids.sum(axis=1)
        return np.stack([sums, -sums], axis=1).astype(np.float32)


@pytest.fixture(autouse=True)
def uncompiled(monkeypatch):
    monkeypatch.setattr(inference.backend, "compiled_forward", lambda model: model)


@given(TEXTS)
def test_every_text_gets_its_own_logits(texts):
    encoded = encoded_of(texts)
    silent = encoded.empty | (encoded.unknown == 1)
    got = logits_of(keras_engine(Model()), encoded, silent)
    sums = [0 if set(text) == {1} else sum(text) for text in texts]
    assert got.shape == (len(texts), 2)
    assert got.dtype == np.float32
    assert np.array_equal(got[:, 0], sums)
    assert np.array_equal(got[:, 1], np.negative(sums))


def test_no_texts_need_no_engine():
    engine = keras_engine(Model())
    assert logits_of(engine, encoded_of([]), LOUD).shape == (0, 2)


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=600))
def test_batches_are_bounded(lengths):
    model = Model()
    keras_engine(model)(encoded_of([[2] * length for length in lengths]))
    limit = inference._BATCH_IDS
    assert all(rows <= inference._BATCH for rows, _ in model.shapes)
    assert all(
        rows == 1 or rows * width <= limit * 1.13 for rows, width in model.shapes
    )


def test_a_text_longer_than_a_batch_is_read():
    long = [2] * (inference._BATCH_IDS + 5)
    got = keras_engine(Model())(encoded_of([long, [3]]))
    assert got[:, 0].tolist() == [2 * len(long), 3]
