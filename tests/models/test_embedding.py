"""The table: what moves it in training, and what never does."""

import numpy as np
import pytest

from tests.contracts import (
    REGULARISED,
    fitted,
    small_config,
    small_dataset,
    untrained,
)
from textclf.models.build import build_model
from textclf.models.embedding import seed_tables, table_of
from textclf.models.spec import ModelSpec

OPTIMISERS = ("adam", "lazy_adam", "adagrad", "sgd")


def seeded(made):
    rows = len(made.encoder.vocabulary)
    matrix = np.random.default_rng(9).normal(size=(rows, 6)).astype(np.float32)
    seed_tables(made.model, matrix)
    return matrix


def tables_after(made):
    """The table after each epoch of a training."""
    tables = []
    fitted(made, on_epoch=lambda _: tables.append(table_of(made.model).numpy()))
    return tables


class TestPaddingRow:
    @pytest.mark.parametrize("optimizer", OPTIMISERS)
    @pytest.mark.parametrize("variant", ["average-mean_max", "cnn-multichannel"])
    def test_never_moves(self, variant, optimizer):
        config = small_config(
            variant,
            regularisation={**REGULARISED, "word_dropout": 0.5},
            training={"optimizer": optimizer, "learning_rate": 0.5, "epochs": 2},
        )
        made = untrained(config, small_dataset("multiclass"))
        start = table_of(made.model).numpy()
        end = tables_after(made)[-1]
        assert end[0].tobytes() == start[0].tobytes()
        assert (end[2:] != start[2:]).any(axis=1).all()


class TestFrozen:
    @pytest.mark.parametrize("optimizer", OPTIMISERS)
    def test_leaves_the_table_as_it_was(self, optimizer):
        config = small_config(
            "average-mean",
            embedding={"train": "frozen"},
            training={"optimizer": optimizer, "epochs": 2},
        )
        made = untrained(config, small_dataset("binary"))
        start = made.weights()
        fitted(made)
        end = made.weights()
        assert end["embedding/table"] == start["embedding/table"]
        assert end["output/kernel"] != start["output/kernel"]


def two_stage(rate, **training):
    training = {"epochs": 3, "batch_size": 48, "optimizer": "sgd", **training}
    config = small_config(
        "average-mean",
        embedding={"train": "two_stage", "frozen_epochs": 2, "finetune_rate": rate},
        training=training,
    )
    return untrained(config, small_dataset("binary"))


class TestTwoStage:
    def test_the_table_moves_in_the_second_stage_only(self):
        made = two_stage(0.1)
        start = table_of(made.model).numpy()
        first, second, third = tables_after(made)
        assert first.tobytes() == second.tobytes() == start.tobytes()
        assert (third[2:] != start[2:]).any(axis=1).all()

    @pytest.mark.parametrize("optimizer", ["sgd", "adagrad", "adam", "lazy_adam"])
    def test_the_rate_is_the_tables_share(self, optimizer):
        """One step of the second stage goes five times as far at the full rate.

        The first step of Adam and of Adagrad is proportional to the rate, too.
        """
        moved = []
        for rate in (0.2, 1.0):
            made = two_stage(rate, optimizer=optimizer)
            tables = tables_after(made)
            moved.append(tables[2] - tables[1])
        assert np.abs(moved[1]).max() > 1e-6
        assert np.allclose(5 * moved[0], moved[1], rtol=1e-3, atol=1e-7)

    def test_the_rate_is_told_in_the_history(self):
        rates = [epoch.embedding_rate for epoch in fitted(two_stage(0.3))]
        assert rates == [0.0, 0.0, 0.3]


class TestMultichannel:
    def test_the_static_table_never_moves(self):
        made = untrained(small_config("cnn-multichannel"), small_dataset("binary"))
        matrix = seeded(made)
        fitted(made)
        static = made.model.get_layer("static_embedding").table.numpy()
        assert static.tobytes() == matrix.tobytes()
        assert table_of(made.model).numpy().tobytes() != matrix.tobytes()

    def test_both_channels_start_from_the_same_numbers(self):
        made = untrained(small_config("cnn-multichannel"), small_dataset("binary"))
        weights = made.weights()
        assert weights["embedding/table"] == weights["static_embedding/table"]
        seeded(made)
        seeded_weights = made.weights()
        assert seeded_weights["embedding/table"] != weights["embedding/table"]
        table = seeded_weights["embedding/table"]
        assert table == seeded_weights["static_embedding/table"]


def test_vectors_leave_the_rows_of_ngrams_as_they_were():
    config = small_config("average-mean", text={"ngrams": 2, "ngram_buckets": 50})
    made = untrained(config, small_dataset("binary"))
    start = table_of(made.model).numpy()
    matrix = seeded(made)
    end = table_of(made.model).numpy()
    assert np.array_equal(end[: len(matrix)], matrix)
    assert np.array_equal(end[len(matrix) :], start[len(matrix) :])
    assert len(end) == len(matrix) + 50


def test_vectors_are_what_the_model_predicts_by():
    """Also when the predictor was compiled before they came."""
    made = untrained(small_config("average-mean"), small_dataset("binary"))
    before = made.predictor.predict(["joy", "gloom"]).probabilities
    matrix = seeded(made)
    after = made.predictor.predict(["joy", "gloom"]).probabilities
    assert np.abs(before - after).max() > 1e-3
    kernel, bias = (w.numpy() for w in made.model.weights[1:])
    row = made.encoder.vocabulary.ids["joy"]
    logit = float(matrix[row] @ kernel[:, 0] + bias[0])
    assert after[0, 1] == pytest.approx(1 / (1 + np.exp(-logit)), abs=1e-6)


def test_a_table_of_many_rows_is_started_alike_on_every_call():
    config = small_config("average-mean")
    spec = ModelSpec.of(config, rows=99, units=9, labels=2, task="binary")
    first, second = (build_model(spec, seed=4) for _ in range(2))
    assert np.array_equal(table_of(first).numpy(), table_of(second).numpy())
