"""Which texts are taken under the label a model gave them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.answering import model
from textclf.config.self_training import SelfTrainingConfig
from textclf.data.dataset import Dataset
from textclf.data.labels import Labels
from textclf.training.pseudo_labels import (
    fresh_texts,
    pseudo_labelled,
    surest,
)

LABELS = Labels(("no", "yes"), "binary", None)


def taken(targets, confidence, shares, threshold=0.8):
    rows = surest(
        np.array(targets, dtype=np.int32),
        np.array(confidence, dtype=np.float64),
        threshold=threshold,
        shares=np.array(shares, dtype=np.float64),
    )
    assert (np.diff(rows) > 0).all()
    return rows.tolist()


def test_two_labels_keep_the_shares_of_the_labelled_texts():
    targets = [1, 1, 1, 1, 0, 0, 1, 0]
    confidence = [0.81, 0.99, 0.95, 0.9, 0.85, 0.9, 0.97, 0.7]
    assert taken(targets, confidence, [0.5, 0.5]) == [1, 4, 5, 6]
    # Three of four labelled texts are "yes": two of "no" allow six, and there are five.
    assert taken(targets, confidence, [0.25, 0.75]) == [0, 1, 2, 3, 4, 5, 6]
    assert taken(targets, confidence, [0.75, 0.25]) == [1, 4, 5]


def test_a_label_without_sure_texts_leaves_none_to_the_other():
    assert taken([1, 1, 0], [0.9, 0.9, 0.7], [0.5, 0.5]) == []


def test_a_rare_label_of_many_stops_no_other():
    """Four of six labels fill what they may take; the others take what they have."""
    targets = [0] * 9 + [1] * 4 + [2] * 4 + [3] * 5 + [4]
    rows = taken(targets, [0.9] * len(targets), [1 / 6] * 6)
    assert np.bincount(np.array(targets)[rows], minlength=6).tolist() == [
        4,
        4,
        4,
        4,
        1,
        0,
    ]


@given(st.data())
def test_no_label_takes_more_than_its_share_allows(data):
    k = data.draw(st.integers(2, 5))
    counts = np.array(data.draw(st.lists(st.integers(1, 9), min_size=k, max_size=k)))
    targets = data.draw(st.lists(st.integers(0, k - 1), max_size=40))
    chances = st.lists(
        st.sampled_from([0.5, 0.8, 0.9]), min_size=len(targets), max_size=len(targets)
    )
    confidence, shares = np.array(data.draw(chances)), counts / counts.sum()
    rows = taken(targets, confidence, shares)
    sure = confidence >= 0.8
    assert sure[np.array(rows, dtype=int)].all()
    got = np.bincount(np.array(targets, dtype=int)[rows], minlength=k)
    passed = np.bincount(np.array(targets, dtype=int)[sure], minlength=k)
    full = np.sort(passed / shares)[(k - 1) // 2] * shares
    assert (got == np.minimum(passed, np.rint(full))).all()
    assert (passed >= np.floor(full)).sum() >= k / 2
    for label in range(k):
        mine = [row for row in range(len(targets)) if targets[row] == label]
        left = [confidence[row] for row in mine if row not in rows]
        kept = [confidence[row] for row in mine if row in rows]
        assert max(left, default=0) <= min(kept, default=1)


def test_copies_are_asked_about_once_and_training_texts_never():
    texts = ["Good  film", "new", "New ", "bad", "newer"]
    assert list(fresh_texts(texts, ["good film", "BAD"])) == ["new", "newer"]
    assert list(fresh_texts([], ["a"])) == []


CHANCES = {"a": 0.95, "b": 0.02, "c": 0.6, "d": 0.99, "e": 0.08}
TRAIN = Dataset(["x", "y"], np.array([0, 1], np.int32), LABELS)
SETTINGS = SelfTrainingConfig(threshold=0.9, weight=0.25)


def found_by(**flags):
    """What is taken of the texts of `CHANCES`."""
    answering = model(lambda texts: [CHANCES[text] for text in texts], **flags)
    return pseudo_labelled(answering, list(CHANCES), TRAIN, SETTINGS)


def test_texts_are_taken_with_label_and_weight():
    found = found_by()
    assert list(found.taken.texts) == ["a", "b", "d", "e"]
    assert found.taken.targets.tolist() == [1, 0, 1, 0]
    assert (found.sure, found.asked) == (4, 5)
    joined = TRAIN.joined(found.taken)
    assert list(joined.texts) == ["x", "y", "a", "b", "d", "e"]
    assert joined.targets.tolist() == [0, 1, 1, 0, 1, 0]
    assert joined.weights.tolist() == [1, 1, 0.25, 0.25, 0.25, 0.25]


def test_weights_of_labelled_texts_stay():
    weighted = Dataset(TRAIN.texts, TRAIN.targets, LABELS, np.array([2, 3], np.float32))
    assert weighted.joined(TRAIN).weights.tolist() == [2, 3, 1, 1]


@pytest.mark.parametrize("nothing", [{"unknown": 1.0}, {"empty": True}])
def test_texts_of_which_nothing_is_known_are_not_taken(nothing):
    found = found_by(**nothing)
    assert (len(found.taken), found.sure) == (0, 0)
