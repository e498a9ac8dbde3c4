"""The kind that sums one number an n-gram and output."""

import numpy as np
import pytest

from tests.contracts import (
    PLAIN,
    TASKS,
    fitted,
    small_config,
    small_dataset,
    trained,
    untrained,
)
from textclf import backend
from textclf.evaluation.metrics import score
from textclf.models.embedding import table_of
from textclf.text.padding import pad

OPTIMISERS = ("adam", "lazy_adam", "adagrad", "sgd")
VARIANTS = ("ngram", "ngram-dense", "ngram-norm")
RICH = {"ngrams": 3, "char_ngrams": [2, 4]}
COUNTED = {"init": "naive_bayes"}

each_variant = pytest.mark.parametrize("variant", VARIANTS)
each_task = pytest.mark.parametrize("task", TASKS)


def weight(made, path):
    return next(w.numpy() for w in made.model.weights if w.path == path)


def slow_logits(made, ids):
    """One text's bias and sums, by indexing."""
    total = weight(made, "embedding/table")[ids].astype(float).sum(axis=0)
    if made.config.model.length_norm:
        total /= np.sqrt(max(len(ids), 1))
    total = total + weight(made, "bias/bias").astype(float)
    if made.config.model.dense_dim == 0:
        return total
    words = ids[ids < len(made.encoder.vocabulary)]
    rows = weight(made, "dense_embedding/table")[words].astype(float)
    mean = rows.sum(axis=0) / max(len(words), 1)
    return total + mean @ weight(made, "output/kernel") + weight(made, "output/bias")


@each_variant
@each_task
@pytest.mark.parametrize("distinct", [True, False])
def test_logits_are_the_bias_and_the_sum_of_the_rows(variant, task, distinct):
    text = {**RICH, "distinct": distinct}
    made = trained(small_config(variant, text=text), small_dataset(task))
    encoded = made.encoder.encode([*made.dataset.texts, "", "joy joy joy zzz"])
    ids = pad(encoded, np.arange(len(encoded)))
    got = backend.compiled_forward(made.model)(ids)
    slow = [slow_logits(made, encoded.row(i)) for i in range(len(encoded))]
    np.testing.assert_allclose(got, slow, rtol=1e-5, atol=2e-6 * np.ptp(slow))
    repeats = any(
        len(set(row)) < len(row) for row in map(encoded.row, range(len(encoded)))
    )
    assert repeats != distinct


@each_task
def test_the_first_model_predicts_by_counting(task):
    """Before any training it knows other texts, and is not too sure of them.

    Measured against a model that knows the shares of the labels only.
    """
    config = small_config("ngram", embedding=COUNTED)
    made = untrained(config, small_dataset(task, texts=96))
    held = small_dataset(task, texts=96, seed=8)
    counted = score(made.predictor.predict(held.texts), held.targets)
    blind = score(made.predictor.predict([""] * 96), held.targets)
    assert counted.accuracy > blind.accuracy + 0.3
    assert counted.log_loss < 0.7 * blind.log_loss


@each_variant
@pytest.mark.parametrize("optimizer", OPTIMISERS)
def test_the_rows_of_padding_never_move(variant, optimizer):
    config = small_config(
        variant,
        regularisation={"word_dropout": 0.5},
        training={"optimizer": optimizer, "learning_rate": 0.5, "epochs": 2},
    )
    made = untrained(config, small_dataset("multiclass"))
    before, words = made.weights(), len(made.encoder.vocabulary)
    tables = [path for path in before if path.endswith("/table")]
    start = {path: weight(made, path) for path in tables}
    fitted(made)
    for path in tables:
        moved = (weight(made, path) != start[path]).any(axis=1)
        assert not moved[0]
        assert moved[2:words].mean() > 0.9
    assert len(tables) == (2 if variant == "ngram-dense" else 1)


@each_task
@pytest.mark.parametrize("init", ["random", "naive_bayes"])
def test_a_frozen_table_leaves_the_rest_to_learn(task, init):
    config = small_config("ngram-dense", embedding={"init": init, "train": "frozen"})
    made = untrained(config, small_dataset(task))
    start = made.weights()
    history = fitted(made)
    end = made.weights()
    assert {path for path in start if start[path] == end[path]} == {"embedding/table"}
    assert history[-1].train_loss < history[0].train_loss


def test_two_stages_free_the_table_last():
    config = small_config(
        "ngram",
        embedding={**COUNTED, "train": "two_stage", "frozen_epochs": 2},
        training={"epochs": 3},
    )
    made = untrained(config, small_dataset("multiclass"))
    tables = [table_of(made.model).numpy()]
    fitted(made, on_epoch=lambda _: tables.append(table_of(made.model).numpy()))
    start, first, second, third = tables
    assert start.tobytes() == first.tobytes() == second.tobytes()
    assert (third != start).any()


def test_a_word_never_seen_is_read_by_its_characters():
    config = small_config("ngram", text={"char_ngrams": [2, 4]}, embedding=COUNTED)
    made = untrained(config, small_dataset("binary", texts=96))
    got = made.predictor.predict(["laughing", "gloomy", "0", ""])
    glad = got.probabilities[:, got.labels.index("glad")]
    assert got.unknown.tolist() == [1.0, 1.0, 1.0, 0.0]
    assert glad[0] > 0.6 > 0.4 > glad[1]
    assert glad[2] == glad[3]


@pytest.mark.parametrize(
    "text",
    [
        {**RICH, "ngram_buckets": 50},
        {"unit": "character", "ngrams": 4},
        {"unit": "subword", "vocabulary_size": 90, "ngrams": 2},
        {"ngrams": 5, "ngram_min_count": 1000},
        {"ngrams": 1},
    ],
    ids=["hashed", "character", "subword", "none-known", "words"],
)
def test_every_form_of_text_trains_and_reloads(text, tmp_path):
    from textclf.predictor import Predictor

    config = small_config("ngram", text=text, embedding=COUNTED, regularisation=PLAIN)
    made = trained(config, small_dataset("multiclass"))
    texts = [*made.dataset.texts, "", "zzz"]
    read = Predictor.load(made.save(tmp_path / "b"))
    expected = made.predictor.predict(texts).probabilities
    assert np.array_equal(read.predict(texts).probabilities, expected)
    assert made.history[-1].train_accuracy > 0.9
