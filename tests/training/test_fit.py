"""The loop that learns: stages, early stopping, best weights, faults."""

import json
from contextlib import contextmanager

import numpy as np
import pytest

from tests.contracts import fitted, small_config, small_dataset, trained, untrained
from textclf.errors import ConfigError, DivergedError
from textclf.evaluation.predictions import Predictions
from textclf.models.embedding import table_of
from textclf.training.fit import Epoch, Stage, stages

DATA = small_dataset("binary")


def scripted(answers):
    """Predicts the dev texts as told, epoch by epoch, whatever the model says."""
    told = iter(answers)

    def predict():
        truth = DATA.targets
        p, right = next(told)
        # `right` of 48 texts get the true label, each with the probability p.
        correct = np.arange(len(truth)) < right
        yes = np.where((truth == 1) == correct, p, 1 - p)
        flags = np.zeros(len(truth), dtype=bool)
        return Predictions(
            DATA.labels.names,
            "binary",
            np.stack([1 - yes, yes], axis=1),
            flags,
            flags,
            flags.astype(float),
            flags.astype(float),
        )

    return predict


def run(answers, **training):
    """Trains by a script; returns history, weights after each epoch, final weights."""
    config = small_config("average-mean", training={"epochs": len(answers), **training})
    made, after = untrained(config, DATA), []
    history = fitted(
        made,
        predict_dev=scripted(answers),
        on_epoch=lambda _: after.append(made.weights()),
    )
    return history, after, made.weights()


class TestEarlyStopping:
    # Loss falls until epoch 3, accuracy rises until epoch 2: (p, right).
    ANSWERS = ((0.6, 40), (0.9, 44), (0.7, 44), (0.9, 40), (0.9, 36), (0.8, 30))

    def test_the_best_epoch_comes_back(self):
        history, after, end = run(self.ANSWERS, monitor="dev_accuracy", patience=None)
        assert [epoch.best for epoch in history] == [True, True] + [False] * 4
        assert end == after[1]
        assert len({weights["embedding/table"] for weights in after}) == 6

    def test_patience_ends_the_training(self):
        history, after, end = run(self.ANSWERS, monitor="dev_accuracy", patience=2)
        assert len(history) == len(after) == 4
        assert end == after[1]

    @pytest.mark.parametrize("monitor", ["dev_loss", "dev_accuracy", "dev_macro_f1"])
    def test_what_is_watched_is_what_the_history_says(self, monitor):
        answers = ((0.9, 40), (0.99, 42), (0.8, 41), (0.7, 43), (0.95, 20))
        history, after, end = run(answers, monitor=monitor, patience=None)
        sign = -1 if monitor == "dev_loss" else 1
        best = int(np.argmax([sign * getattr(epoch, monitor) for epoch in history]))
        assert end == after[best]
        assert best == {"dev_loss": 2, "dev_accuracy": 3, "dev_macro_f1": 3}[monitor]

    def test_sparse_updates_do_not_reach_the_kept_weights(self):
        """The table is changed in place; the best weights must be copies."""
        answers = ((0.9, 48), (0.8, 10), (0.8, 10))
        for optimizer in ("sgd", "lazy_adam"):
            _, after, end = run(answers, optimizer=optimizer, monitor="dev_accuracy")
            assert end == after[0] != after[2]


class TestStages:
    @pytest.mark.parametrize(
        ("embedding", "epochs", "expected"),
        [
            ({"train": "finetune"}, 5, [Stage(5, 1.0)]),
            ({"train": "frozen"}, 5, [Stage(5, 0.0)]),
            (
                {"train": "two_stage", "frozen_epochs": 2, "finetune_rate": 0.3},
                5,
                [Stage(2, 0.0), Stage(3, 0.3)],
            ),
            ({"train": "two_stage", "frozen_epochs": 5}, 5, [Stage(5, 0.0)]),
            ({"train": "two_stage", "frozen_epochs": 9}, 5, [Stage(5, 0.0)]),
        ],
    )
    def test_are_those_of_the_configuration(self, embedding, epochs, expected):
        config = small_config(
            "average-mean", embedding=embedding, training={"epochs": epochs}
        )
        assert stages(config.embedding, config.training) == expected

    def test_the_second_starts_from_the_best_of_the_first(self):
        """The last epoch of the first stage is the worst, and is forgotten."""
        config = small_config(
            "average-mean",
            embedding={"train": "two_stage", "frozen_epochs": 2},
            training={"epochs": 3, "learning_rate": 1e-9, "optimizer": "sgd"},
        )
        made, kernels = untrained(config, DATA), []

        def spoil(epoch):
            kernel = made.model.get_layer("output").kernel
            kernels.append(kernel.numpy())
            if epoch.epoch == 2:
                kernel.assign(kernel.numpy() + 100.0)

        fitted(
            made,
            predict_dev=scripted([(0.9, 40), (0.9, 20), (0.9, 20)]),
            on_epoch=spoil,
        )
        assert np.allclose(kernels[2], kernels[0], atol=1e-6)

    def test_patience_is_anew_in_each(self):
        embedding = {"train": "two_stage", "frozen_epochs": 3}
        config = small_config(
            "average-mean", embedding=embedding, training={"epochs": 6, "patience": 1}
        )
        answers = [(0.9, 40), (0.9, 20), (0.9, 20), (0.9, 20)]
        history = fitted(untrained(config, DATA), predict_dev=scripted(answers))
        assert [epoch.embedding_rate for epoch in history] == [0.0, 0.0, 0.1]


class TestFaults:
    @pytest.mark.parametrize("optimizer", ["adam", "lazy_adam", "adagrad", "sgd"])
    @pytest.mark.parametrize(
        "variant", ["average-mean", "average-hidden", "cnn-widths"]
    )
    def test_a_huge_rate_diverges(self, variant, optimizer):
        training = {"optimizer": optimizer, "learning_rate": 1e9}
        config = small_config(variant, training=training)
        with pytest.raises(DivergedError, match="lower than 1e") as caught:
            trained(config, small_dataset("multiclass"))
        assert caught.value.where == "training.learning_rate"
        assert caught.value.exit_code == 5

    def test_weights_that_broke_in_the_last_step_diverge(self):
        made = untrained(small_config("average-mean", training={"epochs": 1}), DATA)

        def predict():
            table_of(made.model).assign(np.full(made.model.weights[0].shape, np.nan))
            return made.predictor.predict_encoded(made.encoded)

        with pytest.raises(DivergedError, match="not finite"):
            fitted(made, predict_dev=predict)

    def test_nan_weights_diverge_in_the_first_step(self):
        made = untrained(small_config("average-mean"), DATA)
        table_of(made.model).assign(np.full(made.model.weights[0].shape, np.nan))
        with pytest.raises(DivergedError, match="loss of nan in step 1 of epoch 1"):
            fitted(made)

    def test_heavy_weights_do_not_pass_for_divergence(self):
        weights = {"class_weight": {"glad": 1e6}, "learning_rate": 1e-6}
        history = trained(small_config("average-mean", training=weights), DATA).history
        assert history[0].train_loss > 1e5

    def test_an_unknown_class_is_refused(self):
        training = {"class_weight": {"glat": 2.0}}
        with pytest.raises(ConfigError, match="did you mean 'glad'"):
            trained(small_config("average-mean", training=training), DATA)

    @pytest.mark.parametrize("place", ["on_epoch", "predict_dev"])
    @pytest.mark.parametrize("fault", [KeyboardInterrupt, SystemExit])
    def test_an_interrupt_passes_through(self, fault, place):
        def interrupt(*_):
            raise fault

        with pytest.raises(fault):
            fitted(untrained(small_config("average-mean"), DATA), **{place: interrupt})


class Listener:
    """Keeps what it hears of the progress."""

    def __init__(self):
        self.tasks = []

    @contextmanager
    def task(self, name, total=None):
        self.tasks.append([name, total, 0])
        yield self

    def advance(self, steps=1.0, note=""):
        self.tasks[-1][2] += steps


class TestHistory:
    @pytest.mark.parametrize("task", ["binary", "multiclass", "multilabel"])
    def test_is_made_of_json_lines(self, small, task):
        for number, epoch in enumerate(small("average-mean", task).history, start=1):
            line = json.loads(json.dumps(epoch.to_json(), allow_nan=False))
            assert Epoch(**line) == epoch
            assert epoch.epoch == number

    @pytest.mark.parametrize("task", ["binary", "multiclass", "multilabel"])
    def test_accuracies_are_those_of_whole_answers(self, task):
        """Without dropout and steps of any size, training and dev agree."""
        config = small_config(
            "average-mean", training={"epochs": 1, "learning_rate": 1e-12}
        )
        made = trained(config, small_dataset(task))
        (epoch,) = made.history
        assert epoch.train_accuracy == pytest.approx(epoch.dev_accuracy, abs=1e-9)
        assert epoch.train_loss == pytest.approx(epoch.dev_loss, rel=1e-5)

    def test_an_epoch_is_a_line_for_people(self):
        epoch = Epoch(3, 1.25, 0.5, 0.75, 0.25, 0.875, 0.5, 1.0, True)
        assert str(epoch) == (
            "epoch   3  train loss 0.5000 accuracy 0.7500  dev loss 0.2500 "
            "accuracy 0.8750  1.2 s  best"
        )
        assert epoch.told("dev_accuracy") == epoch.told("dev_loss") == str(epoch)

    def test_the_line_of_an_epoch_has_what_is_watched(self):
        epoch = Epoch(3, 1.25, 0.5, 0.75, 0.25, 0.875, 0.5, 1.0, True)
        assert epoch.told("dev_macro_f1") == (
            "epoch   3  train loss 0.5000 accuracy 0.7500  dev loss 0.2500 "
            "accuracy 0.8750 macro F1 0.5000  1.2 s  best"
        )

    def test_progress_hears_of_every_text(self):
        listener = Listener()
        config = small_config("average-mean", training={"epochs": 2, "batch_size": 7})
        trained(config, DATA, progress=listener)
        assert listener.tasks == [["epoch 1", 48, 48], ["epoch 2", 48, 48]]
