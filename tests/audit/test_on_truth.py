"""Wrong labels that were planted are found, and the model that finds them is right."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from textclf.audit import check_texts
from textclf.audit.doubts import doubts, doubts_of_sets
from textclf.audit.linear import _PENALTY, Linear

WORDS = {label: [f"{label}{i}" for i in range(12)] for label in "abc"}


def texts_of(labels, rng):
    return [
        " ".join([*(rng.choice(WORDS[x]) for x in label for _ in range(8)), f"and{n}"])
        for n, label in enumerate(labels)
    ]


@pytest.mark.parametrize("names", ["ab", "abc"])
def test_planted_wrong_labels_are_found(names):
    rng = np.random.default_rng(5)
    truth = [str(label) for label in rng.choice(list(names), 200)]
    texts, given = texts_of(truth, rng), list(truth)
    wrong = sorted(rng.choice(200, 12, replace=False).tolist())
    for row in wrong:
        given[row] = names[(names.index(given[row]) + 1) % len(names)]
    (found,) = check_texts(texts, given).of("wrong_label")
    places = {int(one.place.partition(":")[2]) - 1 for one in found.examples}
    assert places <= set(wrong) and len(places) >= 10
    row = int(found.examples[0].place.partition(":")[2]) - 1
    assert f"looks like {truth[row]} (" in found.examples[0].note


def test_labels_that_are_missing_or_too_many_are_found():
    rng = np.random.default_rng(6)
    sets = ["a", "b", "ab", "c"]
    truth = [sets[at] for at in rng.integers(0, 4, 300)]
    texts, given = texts_of(truth, rng), ["|".join(names) for names in truth]
    alone = [row for row, names in enumerate(truth) if names == "b"][:12]
    only = [row for row, names in enumerate(truth) if names == "c"][:12]
    for row in alone:
        given[row] = ""
    for row in only:
        given[row] = "a|c"
    (found,) = check_texts(texts, given, separator="|").of("wrong_label")
    notes = {int(o.place.partition(":")[2]) - 1: o.note for o in found.examples}
    missing = {row for row, note in notes.items() if note.startswith("looks like b is")}
    extra = {row for row, note in notes.items() if note.startswith("a looks wrong (")}
    assert missing <= set(alone) and extra <= set(only)
    assert len(missing) >= 4 and len(extra) >= 4 and len(notes) <= 30


def test_labels_at_random_are_no_reason_to_doubt_single_ones():
    rng = np.random.default_rng(7)
    texts = texts_of(rng.choice(list("abc"), 200), rng)
    found = check_texts(texts, [str(x) for x in rng.choice(["x", "y"], 200)])
    assert not found.of("wrong_label")
    assert "belong together" in found.of("not_learnable")[0].advice


def test_copies_do_not_tell_each_other_s_label():
    """A text that comes often with one wrong label is doubted all the same."""
    rng = np.random.default_rng(8)
    truth = ["ab"[i % 2] for i in range(200)]
    copy = " ".join(WORDS["a"])
    texts = [*texts_of(truth, rng), *[copy] * 8]
    (found,) = check_texts(texts, [*truth, *"b" * 8]).of("wrong_label")
    assert {example.text for example in found.examples} == {copy}


@pytest.mark.parametrize("k", [2, 4])
def test_the_linear_model_is_scikit_learn_s(k):
    rng = np.random.default_rng(9)
    from scipy.sparse import csr_matrix

    terms = csr_matrix(rng.random((120, 9)) * (rng.random((120, 9)) < 0.5))
    hot = np.eye(k, dtype=bool)[rng.integers(0, k, 120)]
    own = Linear.learn(terms, hot, exclusive=True).chances(terms)
    peer = LogisticRegression(C=1 / _PENALTY, max_iter=500)
    expected = peer.fit(terms, hot.argmax(axis=1)).predict_proba(terms)
    np.testing.assert_allclose(own, expected, atol=0.01)
    apart = Linear.learn(terms, hot, exclusive=False).chances(terms)
    for label in range(k):
        peer.fit(terms, hot[:, label])
        expected = peer.predict_proba(terms)[:, 1]
        np.testing.assert_allclose(apart[:, label], expected, atol=0.01)


def test_a_doubt_needs_more_than_the_usual_chance():
    chances = np.array([[0.9, 0.1], [0.8, 0.2], [0.45, 0.55], [0.1, 0.9], [0.2, 0.8]])
    hot = np.eye(2, dtype=bool)[[0, 0, 0, 1, 1]]
    assert doubts(chances, hot) == []
    chances[2] = [0.1, 0.9]
    (one,) = doubts(chances, hot)
    assert (one.row, one.given, one.likely, one.sure) == (2, 0, 1, 0.9)
    assert one.margin == pytest.approx(0.8)


def test_a_label_that_all_or_none_have_is_not_doubted():
    chances = np.full((4, 2), 0.99)
    assert doubts_of_sets(chances, np.ones((4, 2), dtype=bool)) == []
