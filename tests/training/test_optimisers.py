"""Row-sparse optimisers: what stock Keras does wrong, and that ours do it right."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contracts import small_config, small_dataset, untrained
from textclf import backend
from textclf.config.training import TrainingConfig
from textclf.models.embedding import table_of
from textclf.text.padding import pad
from textclf.training.loss import cross_entropy
from textclf.training.optimisers import (
    OPTIMISERS,
    DenseAdam,
    LazyAdam,
    SparseAdagrad,
    SparseSgd,
    optimiser,
)
from textclf.training.targets import target_matrix

ROWS, DIM, RATE = 7, 2, 0.1
STOCK = {
    "adam": keras.optimizers.Adam,
    "adagrad": keras.optimizers.Adagrad,
    "rmsprop": keras.optimizers.RMSprop,
    "sgd": keras.optimizers.SGD,
}

BATCH = st.lists(st.integers(0, ROWS - 1), min_size=1, max_size=12)
BATCHES = st.lists(BATCH, min_size=1, max_size=6)


def slices(ids, values, rows=ROWS):
    values = np.asarray(values, dtype=np.float32)
    return tf.IndexedSlices(
        tf.constant(values),
        tf.constant(ids, tf.int32),
        tf.constant([rows, values.shape[1]]),
    )


def dense_of(ids, values):
    total = np.zeros((ROWS, DIM))
    np.add.at(total, ids, np.asarray(values, dtype=np.float64))
    return total


def draws(batches, seed):
    """Random parts for each id of each batch: float32 as the gradients are."""
    rng = np.random.default_rng(seed)
    return [rng.normal(size=(len(ids), DIM)).astype(np.float32) for ids in batches]


def stepped(rule, start, gradients):
    """The weights after one update a gradient."""
    table = keras.Variable(np.asarray(start, dtype=np.float32))
    rule.build([table])
    for gradient in gradients:
        rule.apply([gradient], [table])
    return table.numpy()


def assert_close(got, expected, *, steps):
    """Equal but for the rounding of float32 in each step."""
    assert np.allclose(got, expected, rtol=1e-5, atol=2e-6 * steps)


class TestStockKeras:
    """The fault that ours are for: parts of one row are not added up first."""

    def ends(self, name, **options):
        """Two steps from 1.0 where row 1 occurs twice, with the parts 1 and 3."""
        start, ids = [[1.0], [1.0], [1.0]], [1, 1]
        sparse = slices(ids, [[1.0], [3.0]], rows=3)
        dense = tf.constant([[0.0], [4.0], [0.0]])
        return [
            float(stepped(STOCK[name](0.1, **options), start, [gradient] * 2)[1, 0])
            for gradient in (sparse, dense)
        ]

    def test_adam_ends_elsewhere(self):
        sparse, dense = self.ends("adam")
        assert sparse == pytest.approx(0.747, abs=5e-4)
        assert dense == pytest.approx(0.800, abs=5e-4)

    @pytest.mark.parametrize("name", ["adagrad", "rmsprop"])
    def test_so_do_adagrad_and_rmsprop(self, name):
        sparse, dense = self.ends(name)
        assert abs(sparse - dense) > 0.01

    def test_sgd_does_not(self):
        sparse, dense = self.ends("sgd")
        assert [sparse, dense] == pytest.approx([0.2, 0.2], abs=1e-6)

    @pytest.mark.parametrize(
        ("ours", "stock"),
        [
            (SparseSgd, "sgd"),
            (SparseAdagrad, "adagrad"),
            (DenseAdam, "adam"),
            (LazyAdam, "adam"),
        ],
    )
    def test_ours_end_where_the_dense_gradient_ends(self, ours, stock):
        sparse = slices([1, 1], [[1.0], [3.0]], rows=3)
        got = stepped(ours(0.1), [[1.0]] * 3, [sparse] * 2)
        assert float(got[1, 0]) == pytest.approx(self.ends(stock)[1], abs=2e-6)
        assert got[0, 0] == got[2, 0] == 1.0


def slow_sgd(table, gradients):
    for gradient in gradients:
        table = table - RATE * gradient
    return table


def slow_adagrad(table, gradients):
    """Duchi et al. 2011, with the start 0.1 and epsilon 1e-7 of Keras."""
    total = np.full_like(table, 0.1)
    for gradient in gradients:
        total = total + gradient**2
        table = table - RATE * gradient / np.sqrt(total + 1e-7)
    return table


def slow_adam(table, gradients):
    """Kingma and Ba 2015, algorithm 1 in the order of section 2, last paragraph."""
    mean = square = np.zeros_like(table)
    for step, gradient in enumerate(gradients, start=1):
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        rate = RATE * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
        table = table - rate * mean / (np.sqrt(square) + 1e-7)
    return table


def slow_lazy_adam(table, gradients, touched):
    table, mean, square = table.copy(), np.zeros_like(table), np.zeros_like(table)
    steps = enumerate(zip(gradients, touched, strict=True), start=1)
    for step, (gradient, ids) in steps:
        for row in set(ids):
            mean[row] = 0.9 * mean[row] + 0.1 * gradient[row]
            square[row] = 0.999 * square[row] + 0.001 * gradient[row] ** 2
            rate = RATE * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
            table[row] -= rate * mean[row] / (np.sqrt(square[row]) + 1e-7)
    return table


START = np.random.default_rng(2).normal(size=(ROWS, DIM)).astype(np.float32)
DENSE_RULES = {
    "sgd": (SparseSgd, slow_sgd),
    "adagrad": (SparseAdagrad, slow_adagrad),
    "adam": (DenseAdam, slow_adam),
}


class TestAgainstFloat64:
    @pytest.mark.parametrize("name", DENSE_RULES)
    @settings(max_examples=20)
    @given(batches=BATCHES, seed=st.integers(0, 99))
    def test_equals_the_dense_rule(self, name, batches, seed):
        ours, slow = DENSE_RULES[name]
        values = draws(batches, seed)
        sparse = [slices(*pair) for pair in zip(batches, values, strict=True)]
        dense = [dense_of(*pair) for pair in zip(batches, values, strict=True)]
        got = stepped(ours(RATE), START, sparse)
        expected = slow(START.astype(np.float64), dense)
        assert_close(got, expected, steps=len(batches))

    @settings(max_examples=20)
    @given(batches=BATCHES, seed=st.integers(0, 99))
    def test_lazy_adam_equals_the_lazy_rule(self, batches, seed):
        values = draws(batches, seed)
        sparse = [slices(*pair) for pair in zip(batches, values, strict=True)]
        dense = [dense_of(*pair) for pair in zip(batches, values, strict=True)]
        got = stepped(LazyAdam(RATE), START, sparse)
        expected = slow_lazy_adam(START.astype(np.float64), dense, batches)
        assert_close(got, expected, steps=len(batches))

    @pytest.mark.parametrize("name", ["sgd", "adagrad"])
    def test_equals_the_dense_rule_over_many_steps(self, name):
        ours, slow = DENSE_RULES[name]
        rng = np.random.default_rng(8)
        batches = [list(rng.integers(0, ROWS, size=9)) for _ in range(300)]
        values = draws(batches, 8)
        sparse = [slices(*pair) for pair in zip(batches, values, strict=True)]
        dense = [dense_of(*pair) for pair in zip(batches, values, strict=True)]
        got = stepped(ours(RATE), START, sparse)
        expected = slow(START.astype(np.float64), dense)
        assert np.abs(got - expected).max() < 1e-5

    @pytest.mark.parametrize("name", OPTIMISERS)
    def test_a_dense_gradient_is_taken_by_the_stock_rule(self, name):
        gradients = [tf.constant(g) for g in draws([range(ROWS)] * 3, 1)]
        stock = STOCK[name.removeprefix("lazy_")]
        got = stepped(OPTIMISERS[name](RATE), START, gradients)
        assert_close(got, stepped(stock(RATE), START, gradients), steps=3)


class TestUntouchedRows:
    """Row 1 has a gradient in the first step, row 2 in the second."""

    def after_each(self, name):
        steps = [slices([1], [[1.0, 1.0]]), slices([2], [[1.0, 1.0]])]
        return [
            stepped(OPTIMISERS[name](RATE), START, steps[:n]) - START for n in (1, 2)
        ]

    @pytest.mark.parametrize("name", ["sgd", "adagrad", "lazy_adam"])
    def test_stay_where_they_are(self, name):
        first, second = self.after_each(name)
        assert np.array_equal(first[1], second[1])
        assert first[1].all()
        assert second[2].all()
        assert not second[[0, 3, 4, 5, 6]].any()

    def test_move_on_in_adam(self):
        """This is how the lazy rule differs, and why it has a name of its own."""
        first, second = self.after_each("adam")
        assert (np.abs(second[1]) > np.abs(first[1]) + 0.01).all()


class TestTableRate:
    @pytest.mark.parametrize("name", OPTIMISERS)
    @pytest.mark.parametrize("sparse", [True, False])
    def test_scales_the_table_alone(self, name, sparse):
        values = draws([[1, 1, 3]], 4)[0]
        gradient = slices([1, 1, 3], values)
        if not sparse:
            gradient = tf.convert_to_tensor(gradient)
        moved = []
        for share in (1.0, 0.25):
            table, other = keras.Variable(START), keras.Variable(START)
            rule = optimiser(TrainingConfig(optimizer=name, learning_rate=RATE))
            rule.build([table, other])
            rule.scale_table(table, share)
            rule.apply([gradient, gradient], [table, other])
            moved.append([table.numpy() - START, other.numpy() - START])
        assert np.array_equal(moved[0][1], moved[1][1])
        assert np.allclose(0.25 * moved[0][0], moved[1][0], atol=1e-7)
        assert np.abs(moved[1][0][1]).max() > 1e-3

    def test_takes_rule_and_rate_from_the_configuration(self):
        for name, rule in OPTIMISERS.items():
            made = optimiser(TrainingConfig(optimizer=name, learning_rate=0.25))
            assert type(made) is rule
            assert float(made.learning_rate) == 0.25


def small_model():
    made = untrained(small_config("average-mean"), small_dataset("multiclass"))
    rows = np.arange(48)
    ids, targets = pad(made.encoded, rows), target_matrix(made.dataset)
    return made.model, ids, targets, np.ones_like(targets)


def table_gradient(model, ids, targets, weights):
    table = table_of(model).value
    loss = cross_entropy("multiclass", smoothing=0.0)
    with tf.GradientTape() as tape:
        total = loss(targets, model(ids, training=True), weights)
    return tape.gradient(total, table)


class TestInACompiledStep:
    def test_the_gradient_of_the_table_holds_only_its_rows(self):
        model, *batch = small_model()
        gradient = table_gradient(model, *batch)
        assert isinstance(gradient, tf.IndexedSlices)
        assert backend.is_row_sparse(gradient)
        assert len(np.unique(gradient.indices)) < len(gradient.indices)

    @pytest.mark.parametrize("name", ["sgd", "adagrad", "adam"])
    def test_ours_train_as_stock_does_with_dense_gradients(self, name):
        model, *batch = small_model()
        loss = cross_entropy("multiclass", smoothing=0.0)
        step = backend.compiled_step(model, OPTIMISERS[name](RATE), loss)
        losses = [step(*batch)[0] for _ in range(4)]
        dense, *_ = small_model()
        expected = self.stock_steps(dense, STOCK[name](RATE), batch, densify=True)
        assert losses == pytest.approx(expected, abs=5e-6)
        for ours, stock in zip(model.weights, dense.weights, strict=True):
            assert np.abs(ours.numpy() - stock.numpy()).max() < 1e-5

    @pytest.mark.parametrize("name", ["adagrad", "adam"])
    def test_stock_does_not_with_sparse_gradients(self, name):
        ends = []
        for densify in (True, False):
            model, *batch = small_model()
            self.stock_steps(model, STOCK[name](RATE), batch, densify=densify)
            ends.append(table_of(model).numpy())
        assert np.abs(ends[0] - ends[1]).max() > 5e-4

    def stock_steps(self, model, rule, batch, *, densify):
        ids, targets, weights = batch
        loss = cross_entropy("multiclass", smoothing=0.0)
        rule.build(model.trainable_variables)
        watched = [variable.value for variable in model.trainable_variables]

        @tf.function
        def step():
            with tf.GradientTape() as tape:
                total = loss(targets, model(ids, training=True), weights)
            gradients = tape.gradient(total, watched)
            if densify:
                gradients = [tf.convert_to_tensor(gradient) for gradient in gradients]
            rule.apply(gradients, model.trainable_variables)
            return total

        return [float(step()) for _ in range(4)]

    @pytest.mark.parametrize("name", OPTIMISERS)
    def test_nothing_as_large_as_the_table_is_made(self, name):
        """But in the published Adam, which moves every row."""
        rows = 5000
        table = keras.Variable(np.zeros((rows, DIM), dtype=np.float32))
        rule = OPTIMISERS[name](RATE)
        rule.build([table])
        rule.scale_table(table, 0.5)

        @tf.function
        def step(ids):
            with tf.GradientTape() as tape:
                total = tf.reduce_sum(backend.gather_rows(table, ids) ** 2)
            rule.apply([tape.gradient(total, table.value)], [table])

        graph = step.get_concrete_function(tf.constant([1, 1, 4])).graph
        shapes = [o.shape for op in graph.get_operations() for o in op.outputs]
        large = [shape for shape in shapes if shape.rank and shape[0] == rows]
        assert bool(large) == (name == "adam")
