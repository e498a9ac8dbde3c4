"""The choice of the backend, its quiet start, and the row-wise operations."""

import numpy as np
import pytest

from tests.contracts import in_fresh_process
from textclf import backend
from textclf.backend import choice
from textclf.errors import ConfigError

NOISY = """
import os, sys
from textclf import backend

backend.start()
backend.start()
import keras

assert keras.backend.backend() == os.environ["KERAS_BACKEND"] == "tensorflow"
print(keras.ops.sum(keras.ops.ones((2, 2))).numpy())
"""

AFTER = """
import os, sys
from textclf import backend
from textclf.errors import ConfigError

backend.start()
os.environ["KERAS_BACKEND"] = "torch"
try:
    backend.prepare()
except ConfigError as fault:
    print(fault)
"""

CHAIN = """
import sys
import textclf.backend, textclf.bundle, textclf.models.build, textclf.models.spec
import textclf.models.inference, textclf.predictor

print(sorted({"keras", "tensorflow", "jax", "torch", "sklearn"} & set(sys.modules)))
"""


class TestChoice:
    def test_an_unknown_name_is_refused(self, monkeypatch):
        monkeypatch.setenv("KERAS_BACKEND", "tensorflaw")
        with pytest.raises(ConfigError, match="tensorflow, jax, torch") as caught:
            backend.prepare()
        assert caught.value.where == "KERAS_BACKEND"
        assert "'tensorflaw'" in str(caught.value)

    def test_tensorflow_unless_told_otherwise(self, monkeypatch):
        monkeypatch.delenv("KERAS_BACKEND", raising=False)
        assert backend.prepare() == "tensorflow"

    def test_starts_without_a_word(self):
        assert in_fresh_process(NOISY).strip() == "4.0"

    def test_refuses_to_change_horses(self):
        printed = in_fresh_process(AFTER)
        assert "Keras was imported with 'tensorflow'" in printed
        assert "before anything imports keras" in printed

    def test_only_models_import_keras(self):
        assert in_fresh_process(CHAIN).strip() == "[]"


class TestHeldTalk:
    def test_is_forgotten_when_all_went_well(self, capfd):
        import os

        with choice._native_talk_held():
            os.write(2, b"native talk\n")
        os.write(2, b"our talk\n")
        assert capfd.readouterr().err == "our talk\n"

    def test_is_shown_after_a_fault(self, capfd):
        import os

        with pytest.raises(ImportError), choice._native_talk_held():
            os.write(2, b"the reason\n")
            raise ImportError("broken")
        assert capfd.readouterr().err == "the reason\n"


@pytest.fixture(scope="module")
def tf():
    backend.start()
    import tensorflow

    return tensorflow


@pytest.fixture
def table(tf):
    import keras

    return keras.Variable(np.arange(12, dtype=np.float32).reshape(6, 2))


class TestRows:
    def test_parts_of_a_row_are_added_up(self, tf, table):
        parts = tf.constant([[1.0, 2.0], [10.0, 20.0], [3.0, 4.0]])
        gradient = tf.IndexedSlices(parts, tf.constant([4, 1, 4]), tf.constant([6, 2]))
        merged = backend.merge_rows(gradient, table)
        assert merged.indices.numpy().tolist() == [4, 1]
        assert merged.values.numpy().tolist() == [[4, 6], [10, 20]]
        assert merged.before.numpy().tolist() == [[8, 9], [2, 3]]
        dense = backend.densify(gradient).numpy()
        assert dense[[4, 1]].tolist() == [[4, 6], [10, 20]]
        assert dense.sum() == 40

    def test_rows_are_read_and_written(self, tf, table):
        rows = tf.constant([5, 0])
        assert backend.read_rows(table, rows).numpy().tolist() == [[10, 11], [0, 1]]
        backend.write_rows(table, rows, tf.constant([[7.0, 7.0], [8.0, 8.0]]))
        backend.write_rows(table.value, tf.constant([1]), tf.constant([[1.0, 1.0]]))
        expected = [[8, 8], [1, 1], [4, 5], [6, 7], [8, 9], [7, 7]]
        assert table.numpy().tolist() == expected

    def test_a_read_has_a_row_sparse_gradient(self, tf, table):
        with tf.GradientTape() as tape:
            rows = backend.gather_rows(table, tf.constant([[3, 3], [1, 3]]))
            total = tf.reduce_sum(rows)
        gradient = tape.gradient(total, table.value)
        assert rows.shape == (2, 2, 2)
        assert backend.is_row_sparse(gradient)
        assert backend.densify(gradient).numpy()[:, 0].tolist() == [0, 1, 0, 3, 0, 0]
        assert not backend.is_row_sparse(tf.zeros((6, 2)))


class TestCompiled:
    def test_a_model_is_traced_once_for_all_shapes(self, tf):
        import keras

        calls = []

        class Watched(keras.layers.Layer):
            def call(self, ids):
                calls.append(ids.shape)
                return keras.ops.cast(ids, "float32")

        inputs = keras.Input((None,), dtype="int32")
        model = keras.Model(inputs, Watched()(inputs))
        forward = backend.compiled_forward(model)
        calls.clear()
        for shape in [(1, 8), (64, 8), (3, 16), (1, 400)]:
            assert forward(np.ones(shape, dtype=np.int32)).shape == shape
        assert len(calls) == 1

    def test_many_models_in_one_process_are_no_reason_to_talk(self, tf, caplog):
        import keras

        for _ in range(7):
            inputs = keras.Input((None,), dtype="int32")
            model = keras.Model(inputs, keras.ops.cast(inputs, "float32"))
            backend.compiled_forward(model)(np.ones((1, 8), dtype=np.int32))
        assert caplog.records == []
