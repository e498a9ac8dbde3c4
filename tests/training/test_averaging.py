"""Means of weights: what slow means of the same weights say."""

import keras
import numpy as np
import pytest

from tests.contracts import small_config, small_dataset, trained
from textclf.config.training import TrainingConfig
from textclf.training.averaging import Averaged


class Model:
    """Two weights that a test moves by hand."""

    def __init__(self):
        self.trainable_variables = [
            keras.Variable(np.zeros(2), dtype="float32"),
            keras.Variable(np.zeros((2, 2)), dtype="float32"),
        ]

    def move(self, value):
        for variable in self.trainable_variables:
            variable.assign(np.full(variable.shape, value))

    @property
    def values(self):
        return [float(v.numpy().ravel()[0]) for v in self.trainable_variables]


def averaged(model, how, *, epochs=4, decay=0.9):
    training = TrainingConfig(average=how, average_decay=decay)
    return Averaged(model, training, epochs=epochs)


def inside(mean, model):
    with mean.in_force():
        return model.values


def test_without_a_mean_the_weights_stay_as_they_are():
    model = Model()
    mean = averaged(model, "none")
    model.move(3.0)
    mean.after_step()
    mean.after_epoch()
    assert inside(mean, model) == [3.0, 3.0]


def test_ema_forgets_step_by_step():
    model = Model()
    mean, expected = averaged(model, "ema"), None
    for seen, value in enumerate((1.0, 5.0, -2.0, 4.0)):
        model.move(value)
        mean.after_step()
        decay = min(0.9, (1 + seen) / (10 + seen))
        expected = value if expected is None else decay * expected + (1 - decay) * value
    assert inside(mean, model) == pytest.approx([expected, expected])
    assert model.values == [4.0, 4.0]


def test_swa_is_the_plain_mean_of_the_later_epochs():
    model = Model()
    mean = averaged(model, "swa", epochs=5)
    seen = []
    for value in (1.0, 2.0, 4.0, 8.0, 16.0):
        model.move(value)
        mean.after_step()
        mean.after_epoch()
        seen.append(inside(mean, model)[0])
    assert seen == pytest.approx([1.0, 2.0, 4.0, 6.0, 28.0 / 3])


def test_the_own_weights_come_back_after_a_fault():
    model = Model()
    mean = averaged(model, "ema")
    model.move(1.0)
    mean.after_step()
    model.move(2.0)
    with pytest.raises(RuntimeError), mean.in_force():
        assert model.values == [1.0, 1.0]
        raise RuntimeError
    assert model.values == [2.0, 2.0]


@pytest.mark.parametrize("how", ["ema", "swa"])
def test_the_mean_is_what_is_judged_and_kept(how):
    data = small_dataset("binary")
    plain = trained(small_config("average-mean"), data)
    mean = trained(small_config("average-mean", training={"average": how}), data)
    # The way is the same; what is judged differs, at the latest in the last epoch.
    ways = [[epoch.train_loss for epoch in made.history] for made in (plain, mean)]
    assert ways[0] == ways[1]
    assert plain.history[-1].dev_loss != mean.history[-1].dev_loss
    assert plain.weights() != mean.weights()
