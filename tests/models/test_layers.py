"""Layers that know padding, against plain NumPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from textclf import backend


@pytest.fixture(scope="module")
def layers():
    backend.start()
    from textclf.models import layers

    return layers


IDS = hnp.arrays(
    np.int32,
    st.tuples(st.integers(1, 4), st.integers(1, 7)),
    elements=st.integers(0, 5),
)


def slow_pooling(how, vectors, ids):
    rows = []
    for row, text in zip(vectors, ids, strict=True):
        words = row[text != 0]
        if len(words) == 0:
            words = np.zeros((1, row.shape[1]), dtype=np.float32)
        parts = {"mean": [words.mean(axis=0)], "max": [words.max(axis=0)]}
        parts["sum"] = [words.sum(axis=0)]
        parts["sqrtn"] = [words.sum(axis=0) / np.sqrt(len(words))]
        parts["mean_max"] = parts["mean"] + parts["max"]
        rows.append(np.concatenate(parts[how]))
    return np.array(rows)


class TestMaskedPooling:
    @pytest.mark.parametrize("how", ["max", "mean_max"])
    @settings(max_examples=25)
    @given(ids=IDS, seed=st.integers(0, 99))
    def test_equals_the_slow_reference(self, layers, how, ids, seed):
        vectors = np.random.default_rng(seed).normal(size=(*ids.shape, 3))
        vectors = (vectors * (ids != 0)[..., None]).astype(np.float32)
        got = layers.MaskedPooling(how)(vectors, ids).numpy()
        assert np.allclose(got, slow_pooling(how, vectors, ids), atol=1e-6)

    def test_the_maximum_of_a_padded_text_may_be_negative(self, layers):
        vectors = np.array([[[-3.0], [-2.0], [0.0], [0.0]]], dtype=np.float32)
        ids = np.array([[4, 5, 0, 0]], dtype=np.int32)
        assert layers.MaskedPooling("max")(vectors, ids).numpy() == -2.0


class TestTokenEmbedding:
    def test_looks_rows_up_and_gives_zeros_for_padding(self, layers):
        layer = layers.TokenEmbedding(6, 2, seed=1)
        ids = np.array([[3, 0, 5], [0, 0, 3]], dtype=np.int32)
        got, table = layer(ids).numpy(), layer.table.numpy()
        assert table[0].any()
        assert np.array_equal(got[0], [table[3], [0, 0], table[5]])
        assert np.array_equal(got[1], [[0, 0], [0, 0], table[3]])
        assert layer.compute_output_shape((2, None)) == (2, None, 2)

    def test_starts_uniform_within_bounds(self, layers):
        layer = layers.TokenEmbedding(500, 8, seed=1)
        layer.build((None, None))
        table = layer.table.numpy()
        assert 0.049 < np.abs(table).max() <= 0.05
        assert abs(table.mean()) < 0.005

    @pytest.mark.parametrize("id_", [-1, 6])
    def test_a_foreign_id_is_refused(self, layers, id_):
        layer = layers.TokenEmbedding(6, 2, seed=1)
        with pytest.raises(Exception, match="not in"):
            layer(np.array([[id_]], dtype=np.int32))


class TestPooledEmbedding:
    @pytest.mark.parametrize("how", ["mean", "sqrtn", "sum"])
    @settings(max_examples=25)
    @given(ids=IDS)
    def test_equals_an_embedding_and_a_pooling(self, layers, how, ids):
        layer = layers.PooledEmbedding(6, 3, how=how, seed=1)
        got, table = layer(ids).numpy(), layer.table.numpy()
        assert np.allclose(got, slow_pooling(how, table[ids], ids), atol=1e-6)
        assert layer.compute_output_shape((4, None)) == (4, 3)


class TestWordDropout:
    IDS = np.arange(1, 20_001, dtype=np.int32).reshape(100, 200)

    def test_drops_the_asked_share_while_training(self, layers):
        drop = layers.WordDropout(0.3, seed=5)
        dropped = drop(self.IDS, training=True).numpy()
        assert abs((dropped == 0).mean() - 0.3) < 0.02
        assert np.array_equal(dropped[dropped > 0], self.IDS[dropped > 0])

    def test_drops_others_each_time(self, layers):
        drop = layers.WordDropout(0.3, seed=5)
        first, second = (drop(self.IDS, training=True).numpy() for _ in range(2))
        assert (first != second).any()

    @pytest.mark.parametrize(("rate", "training"), [(0.3, False), (0.0, True)])
    def test_else_changes_nothing(self, layers, rate, training):
        drop = layers.WordDropout(rate, seed=5)
        assert np.array_equal(drop(self.IDS, training=training), self.IDS)

    def test_its_seed_is_no_weight(self, layers):
        assert layers.WordDropout(0.3, seed=5).weights == []
