"""Learning rates from step to step."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contracts import fitted, small_config, small_dataset, untrained
from textclf.config.training import TrainingConfig
from textclf.training.schedule import Schedule


def schedule(kind="constant", *, warmup=0.0, epochs=4, texts=100):
    training = TrainingConfig(schedule=kind, warmup=warmup, batch_size=10)
    return Schedule.of(training, epochs=epochs, texts=texts)


def test_a_constant_rate_never_moves():
    plain = schedule()
    assert not plain.moves
    assert {plain.share(step) for step in range(60)} == {1.0}


@given(st.sampled_from(["constant", "linear", "cosine"]), st.floats(0.0, 0.5))
def test_the_rate_rises_to_one_and_never_after(kind, warmup):
    found = schedule(kind, warmup=warmup)
    shares = [found.share(step) for step in range(found.steps)]
    top = max(found.rising - 1, 0)
    assert shares[top] == 1.0
    assert shares[: top + 1] == sorted(shares[: top + 1])
    assert shares[top:] == sorted(shares[top:], reverse=True)
    assert min(shares) >= 0.0


def test_lines_and_waves_are_halfway_in_the_middle_and_nothing_at_the_end():
    for kind in ("linear", "cosine"):
        found = schedule(kind)
        assert found.share(found.steps // 2) == pytest.approx(0.5)
        assert found.share(found.steps) == pytest.approx(0.0)
    wave = schedule("cosine")
    assert wave.share(wave.steps // 4) == pytest.approx((1 + math.sqrt(0.5)) / 2)


def test_on_a_plateau_the_rate_is_halved():
    found = schedule("plateau")
    for improved, share in ((True, 1.0), (False, 0.5), (True, 0.5), (False, 0.25)):
        found.see(improved=improved)
        assert found.share(7) == share


def test_the_last_batch_may_be_small():
    assert schedule(epochs=2, texts=101).steps == 22


def rates_of(**training):
    """The learning rate of every step of a training, and the weights at its end."""
    made = untrained(
        small_config("average-mean", training={"epochs": 3, **training}),
        small_dataset("binary"),
    )
    from textclf.training.steps import Steps

    taken = []

    def begin(table_rate):
        step, rule = Steps(made.model, made.config, "binary").begun(table_rate)

        def learn(batch, inner=step.learn):
            taken.append(float(rule.learning_rate))
            return inner(batch)

        object.__setattr__(step, "learn", learn)
        return step

    fitted(made, begin=begin)
    return taken, made.weights()


def test_steps_are_taken_at_the_rates_of_the_schedule():
    taken, moved = rates_of(schedule="cosine", warmup=0.25, patience=None)
    found = Schedule("cosine", 9, 2)
    assert taken == pytest.approx([0.05 * found.share(step) for step in range(9)])
    still, same = rates_of(patience=None)
    assert still == pytest.approx([0.05] * len(still))
    assert moved != same
