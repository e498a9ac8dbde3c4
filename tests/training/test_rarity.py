"""Rates by rarity against TF-IDF features that are laid out."""

import math

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contracts import small_config, small_dataset, trained, untrained
from tests.training.test_naive_bayes import ONE, ROWS, TWO, encoded_of, family_of
from textclf.data.dataset import Dataset
from textclf.data.labels import Labels
from textclf.models.embedding import bias_of, table_of
from textclf.text.padding import pad
from textclf.training.optimisers import SparseSgd
from textclf.training.rarity import BIAS_SHARE, rarity_shares
from textclf.training.steps import Steps
from textclf.training.targets import target_matrix, weight_matrix

TEXTS = st.lists(st.lists(st.integers(1, ROWS - 2), max_size=6), min_size=1, max_size=9)
each_family = pytest.mark.parametrize("families", [ONE, TWO])
each_norm = pytest.mark.parametrize("length_norm", [False, True])


def idf(texts, row):
    holding = sum(row in text for text in texts)
    return math.log((1 + len(texts)) / max(holding, 1))


def slow_shares(texts, families, length_norm):
    """float64[rows]: squares of weights, families of length 1 on the mean of texts."""
    shares = np.zeros(ROWS)
    for family in range(len(families)):
        total = 0.0
        for text in texts:
            own = {row for row in text if family_of(row, families) == family}
            square = sum((text.count(row) * idf(texts, row)) ** 2 for row in own)
            total += square / (len(text) if length_norm and text else 1)
        mean = total / len(texts)
        for row in range(ROWS):
            if family_of(row, families) == family:
                shares[row] = idf(texts, row) ** 2 / (mean if mean > 0 else 1)
    return shares


@each_family
@each_norm
@given(texts=TEXTS)
def test_shares_are_squares_of_scaled_weights(texts, families, length_norm):
    got = rarity_shares(encoded_of(texts), families=families, length_norm=length_norm)
    assert got.dtype == np.float32 and got.shape == (ROWS, 1)
    expected = slow_shares(texts, families, length_norm)
    np.testing.assert_allclose(got[:, 0], expected, rtol=1e-5)


def test_each_of_several_labels_moves_as_if_alone():
    """The loss of several is a mean; a model of one of them makes the same step."""
    several = small_dataset("multilabel", texts=24)
    own = several.targets[:, 0].astype(np.int32)
    labels = Labels.fit(["no", "yes"], separator=None)
    alone = Dataset(several.texts, own, labels)
    config = small_config(
        "ngram",
        embedding={"row_rates": "rarity"},
        training={"optimizer": "sgd", "learning_rate": 0.5},
        regularisation={"word_dropout": 0.0},
    )
    ends = []
    for data, task in ((several, "multilabel"), (alone, "binary")):
        made, tasks = (
            untrained(config, data),
            len(data.labels) if data is several else 1,
        )
        families = made.encoder.families
        shares = rarity_shares(
            made.encoded, families=families, length_norm=False, tasks=tasks
        )
        table = table_of(made.model)
        table.assign(np.zeros(table.shape))
        ids = pad(made.encoded, np.arange(len(data)))
        Steps(made.model, config, task, shares)(1.0)(
            ids, target_matrix(data), weight_matrix(data, None)
        )
        ends.append(table.numpy()[:, 0])
    assert ends[0].any()
    np.testing.assert_allclose(*ends, atol=1e-6)


@settings(max_examples=25)
@given(
    texts=st.lists(
        st.lists(st.integers(1, ROWS - 2), min_size=1, max_size=6, unique=True),
        min_size=2,
        max_size=9,
    )
)
def test_steps_are_those_of_a_linear_model_of_tfidf(texts):
    """Three steps of least squares, once on features and once on rows."""
    shares = rarity_shares(encoded_of(texts), families=ONE, length_norm=False)
    weights = np.sqrt(slow_shares(texts, ONE, False))
    features = np.zeros((len(texts), ROWS))
    for place, text in enumerate(texts):
        features[place, text] = weights[text]
    targets, v = np.linspace(-1, 1, len(texts)), np.zeros(ROWS)
    table = keras.Variable(np.zeros((ROWS, 1), dtype=np.float32))
    rule = SparseSgd(0.1)
    rule.build([table])
    rule.scale_table(table, 1.0, shares)
    for _ in range(3):
        faults = features @ v - targets
        v = v - 0.1 * features.T @ faults / len(texts)
        plain = (features > 0).astype(float)
        own = (plain @ table.numpy()[:, 0] - targets) @ plain / len(texts)
        rule.apply([keras.ops.convert_to_tensor(own[:, None], "float32")], [table])
    np.testing.assert_allclose(table.numpy()[:, 0], weights * v, atol=1e-5)


@pytest.mark.parametrize("variant", ["ngram", "ngram-norm", "average-mean"])
def test_a_step_moves_rows_by_their_shares(variant):
    data, config = small_dataset("multiclass"), small_config(variant, **_descent())
    shares = _shares(config, data)
    plain, scaled = (_step(config, data, by, table_of) for by in (None, shares))
    np.testing.assert_allclose(scaled, plain * shares, rtol=2e-3, atol=1e-6)
    assert np.abs(scaled).max() > 0


def test_a_step_moves_the_bias_by_a_small_share():
    """All texts have it, as a term that rarity would leave where it is."""
    data = small_dataset("multiclass", texts=25)
    moved = [
        _step(small_config("ngram", **_descent(rates)), data, None, bias_of)
        for rates in ("evidence", "rarity")
    ]
    assert np.abs(moved[0]).max() > 0
    np.testing.assert_allclose(moved[1], BIAS_SHARE * moved[0], rtol=1e-3, atol=1e-7)


def _descent(rates="rarity"):
    return {
        "embedding": {"row_rates": rates},
        "training": {"optimizer": "sgd", "learning_rate": 0.5},
        "regularisation": {"word_dropout": 0.0, "dropout": 0.0},
    }


def _step(config, data, shares, part):
    """Returns by how much a part of the model moves in one step."""
    made = untrained(config, data)
    before = part(made.model).numpy()
    ids = pad(made.encoded, np.arange(len(data)))
    Steps(made.model, config, "multiclass", shares)(1.0)(
        ids, target_matrix(data), weight_matrix(data, None)
    )
    return part(made.model).numpy() - before


def _shares(config, data):
    made = untrained(config, data)
    norm = getattr(config.model, "length_norm", False)
    return rarity_shares(made.encoded, families=made.encoder.families, length_norm=norm)


def test_with_it_a_model_learns_its_texts():
    config = small_config(
        "ngram-norm",
        embedding={"init": "naive_bayes", "row_rates": "rarity"},
        text={"ngrams": 2, "char_ngrams": [2, 4]},
        training={"optimizer": "sgd", "learning_rate": 10.0, "epochs": 6},
        regularisation={"word_dropout": 0.0},
    )
    data = small_dataset("multiclass", texts=96)
    made = trained(config, data)
    assert made.history[-1].train_accuracy > 0.95
