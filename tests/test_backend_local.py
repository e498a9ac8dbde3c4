"""A step on the rows of its batch, against the plain model on the whole table."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from textclf import backend
from textclf.backend.local import local_batch
from textclf.config.kinds import AverageConfig, CnnConfig, WordCharConfig
from textclf.config.regularisation import RegularisationConfig
from textclf.models.build import build_model
from textclf.models.embedding import LAYER, table_of
from textclf.models.spec import ModelSpec
from textclf.training.loss import cross_entropy
from textclf.training.optimisers import SparseAdagrad, SparseSgd

ROWS, OUTPUTS = 12, 3
IDS = hnp.arrays(
    np.int32,
    st.tuples(st.integers(1, 4), st.integers(1, 9)),
    elements=st.integers(0, ROWS - 1),
)
KINDS = {
    "mean": AverageConfig(),
    "max": AverageConfig(pooling="max"),
    "mean_max": AverageConfig(pooling="mean_max", hidden=[5]),
    "cnn": CnnConfig(filters=4, widths=[2, 3], multichannel=True),
    "spelt": WordCharConfig(
        pooling="mean_max",
        spelling_dim=3,
        spelling_widths=[2, 3],
        spelling_filters=2,
        spelling_length=5,
        spelling_only=0.0,
        spelling_dropout=0.0,
    ),
}
MASKS = {
    "nothing": {},
    "words": {"word_dropout": 0.4},
    "dimensions": {"spatial_dropout": 0.4},
    "all": {"word_dropout": 0.4, "spatial_dropout": 0.4, "dropout": 0.3, "l2": 0.1},
}
BATCHES = {
    "texts": [[3, 1, 3, 0, 5], [3, 0, 0, 0, 0], [2, 3, 4, 5, 11]],
    "gaps": [[0, 2, 0, 2, 0], [0, 0, 0, 0, 7]],
    "some empty": [[0, 0, 0], [4, 4, 4]],
    "all empty": [[0, 0, 0], [0, 0, 0]],
}


@given(IDS)
def test_places_stand_for_ids(ids):
    batch = local_batch(ids)
    assert np.array_equal(batch.rows[batch.places], ids)
    assert batch.rows.tolist() == sorted({0, *ids.ravel().tolist()})
    flat = ids.ravel()
    assert batch.positions.tolist() == [i for i, id_ in enumerate(flat) if id_]
    assert batch.texts.tolist() == np.nonzero(ids)[0].tolist()
    order = sorted(batch.positions.tolist(), key=lambda i: (flat[i], i))
    assert batch.sorted_positions.tolist() == order
    assert batch.sorted_texts.tolist() == [i // ids.shape[1] for i in order]
    assert np.array_equal(batch.rows[batch.sorted_places], flat[order])
    assert {part.dtype for part in batch} == {np.dtype(np.int32)}


def test_the_largest_ids_are_kept_apart():
    ids = np.array([[2**31 - 1, 2**31 - 2, 2**31 - 1]], dtype=np.int32)
    batch = local_batch(ids)
    assert batch.rows.tolist() == [0, 2**31 - 2, 2**31 - 1]
    assert batch.places.tolist() == [[2, 1, 2]]


def model_of(kind, masks):
    regularisation = RegularisationConfig(**{"dropout": 0.0, **MASKS[masks]})
    spec = ModelSpec(
        rows=ROWS,
        units=ROWS,
        dim=4,
        outputs=OUTPUTS,
        task="multiclass",
        model=KINDS[kind],
        regularisation=regularisation,
    )
    model = build_model(spec, seed=3)
    if kind == "spelt":
        letters = np.random.default_rng(5).integers(2, 9, size=(ROWS, 5))
        model.get_layer(LAYER).spell(np.where(np.arange(5) < 4, letters, 0))
    return model


def data_of(name):
    ids = np.array(BATCHES[name], dtype=np.int32)
    targets = np.eye(OUTPUTS, dtype=np.float32)[np.arange(len(ids))]
    return ids, targets, np.ones_like(targets)


def plain_step(model, ids, targets, weights):
    """Descends by the whole gradient at rate 1, without any of the fast path."""
    loss = cross_entropy("multiclass", smoothing=0.0)
    variables = model.trainable_variables
    with tf.GradientTape() as tape:
        logits = model(ids, training=True)
        total = loss(targets, logits, weights) + sum(model.losses)
    watched = [variable.value for variable in variables]
    found = tape.gradient(total, watched)
    for variable, gradient in zip(variables, found, strict=True):
        if gradient is not None:
            variable.assign(variable - tf.convert_to_tensor(gradient))
    return float(total), logits.numpy()


@pytest.mark.parametrize("name", BATCHES)
@pytest.mark.parametrize("masks", MASKS)
@pytest.mark.parametrize("kind", KINDS)
def test_equals_the_plain_model_forward_and_backward(kind, masks, name):
    """The masks are drawn by the same seeds in both, so that they are the same."""
    batch, rule = data_of(name), SparseSgd(1.0)
    fast, plain = model_of(kind, masks), model_of(kind, masks)
    step = backend.compiled_step(fast, rule, cross_entropy("multiclass", smoothing=0.0))
    for _ in range(2):
        (loss, logits), (expected, outputs) = step(*batch), plain_step(plain, *batch)
        assert loss == pytest.approx(expected, abs=1e-5)
        assert np.allclose(logits, outputs, atol=1e-5)
    for ours, other in zip(fast.weights, plain.weights, strict=True):
        assert np.allclose(ours.numpy(), other.numpy(), atol=1e-5), ours.path


@pytest.mark.parametrize("kind", KINDS)
def test_padding_and_rows_of_other_batches_stay(kind):
    model, batch = model_of(kind, "all"), data_of("texts")
    before = table_of(model).numpy()
    loss = cross_entropy("multiclass", smoothing=0.0)
    step = backend.compiled_step(model, SparseAdagrad(0.5), loss)
    for _ in range(3):
        step(*batch)
    moved = (table_of(model).numpy() != before).any(axis=1)
    assert not moved[[0, 6, 7, 8, 9, 10]].any()
    assert moved[[3, 5]].all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_frozen_table_stays(kind):
    model, batch = model_of(kind, "nothing"), data_of("texts")
    model.get_layer(LAYER).trainable = False
    before = table_of(model).numpy()
    loss = cross_entropy("multiclass", smoothing=0.0)
    losses = [
        backend.compiled_step(model, SparseSgd(0.5), loss)(*batch)[0] for _ in range(2)
    ]
    assert np.array_equal(table_of(model).numpy(), before)
    assert losses[1] < losses[0]


@pytest.mark.parametrize("masks", ["nothing", "words"])
def test_the_vectors_of_single_words_are_never_laid_out(masks):
    """For a mean, no tensor of the graph has a word's vector for each word."""
    model, batch = model_of("mean", masks), data_of("texts")
    loss = cross_entropy("multiclass", smoothing=0.0)
    shapes = []
    original = tf.gather

    def spy(values, *rest, **options):
        shapes.append(values.shape)
        return original(values, *rest, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tf, "gather", spy)
        step = backend.compiled_step(model, SparseSgd(0.5), loss)
        step(*batch)
    assert shapes
    assert all(shape.rank == 1 for shape in shapes)
