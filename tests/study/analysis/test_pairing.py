"""Answers are joined by the ids of texts; moved rows are refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.study.frames import noisy, results
from textclf.errors import DataError
from textclf.evaluation.mcnemar import mcnemar
from textclf.study.analysis.pairing import Answers, joined, paired


def mcnemar_of(both):
    return mcnemar(both.right_a, both.right_b)


TARGETS = np.array([0, 1, 1, 0, 1])
IDS = np.array([3, 8, 11, 20, 21])


def answers(predicted, ids=IDS, targets=TARGETS):
    return Answers(np.asarray(ids), np.asarray(targets), np.asarray(predicted))


def test_the_same_texts_in_another_order_are_joined_by_their_ids():
    a, b = answers([0, 1, 0, 0, 0]), answers([0, 0, 1, 0, 1])
    order = [4, 2, 0, 1, 3]
    moved = answers(b.predicted[order], IDS[order], TARGETS[order])
    assert mcnemar_of(joined(a, moved)) == mcnemar_of(joined(a, b))


def test_rows_that_were_shuffled_without_their_ids_are_refused():
    order = [4, 3, 2, 1, 0]
    shuffled = answers(TARGETS[order], IDS, TARGETS[order])
    with pytest.raises(DataError, match="two truths for one text"):
        joined(answers(TARGETS), shuffled)


def test_other_texts_are_refused():
    with pytest.raises(DataError, match="different texts"):
        joined(answers(TARGETS), answers(TARGETS, IDS + 1))


def test_a_text_twice_is_refused():
    with pytest.raises(DataError, match="id twice"):
        answers(TARGETS, [3, 3, 11, 20, 21])


def test_parts_of_different_lengths_are_refused():
    with pytest.raises(DataError, match="expected as many"):
        answers(TARGETS, IDS[:3])


def test_two_trials_of_one_cell_and_seed_are_refused():
    study = results(noisy({}))
    twice = study.frame.iloc[[*range(len(study.frame)), 0]]
    with pytest.raises(DataError, match="two trials"):
        paired(
            twice,
            "accuracy",
            factor="dropout",
            names=["dim", "dropout"],
            level="word",
            reference="none",
        )


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=30))
def test_mcnemar_counts_disagreements(pairs):
    truth = np.zeros(len(pairs), dtype=int)
    ids = np.arange(len(pairs))
    a = Answers(ids, truth, np.array([int(not x) for x, _ in pairs], dtype=int))
    b = Answers(ids, truth, np.array([int(not y) for _, y in pairs], dtype=int))
    found = mcnemar_of(joined(a, b))
    assert found.only_a == sum(x and not y for x, y in pairs)
    assert found.only_b == sum(y and not x for x, y in pairs)
    assert 0 < found.p_value <= 1
