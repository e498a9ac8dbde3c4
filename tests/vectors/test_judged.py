"""Scores of vectors, against scipy, gensim and plain loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.errors import DataError
from textclf.vectors.judged import likeness, solved, wilson
from textclf.vectors.queries import analogy
from textclf.vectors.questions import Question, ScoredPair
from textclf.vectors.table import Vectors


def table(words=30, dim=5, seed=2):
    rng = np.random.default_rng(seed)
    matrix = rng.standard_normal((words, dim)).astype(np.float32)
    return Vectors(tuple(f"w{i}" for i in range(words)), matrix)


@given(st.lists(st.integers(0, 5), min_size=5, max_size=25), st.integers(0, 99))
def test_rho_is_scipys_with_ties_and_missing_words(scores, seed):
    stats = pytest.importorskip("scipy.stats")
    vectors, rng = table(), np.random.default_rng(seed)
    chosen = rng.integers(30, size=(len(scores), 2))
    pairs = [
        ScoredPair(f"w{a}", f"W{b}", float(score))
        for (a, b), score in zip(chosen, scores, strict=True)
    ]
    cosines = [float(vectors.unit[a] @ vectors.unit[b]) for a, b in chosen]
    with_lost = [*pairs, ScoredPair("w1", "absent", 3.0)]
    if len(set(scores)) == 1:
        with pytest.raises(DataError, match="one score"):
            likeness(vectors, with_lost)
        return
    found = likeness(vectors, with_lost)
    assert found.rho == pytest.approx(stats.spearmanr(cosines, scores)[0], abs=1e-6)
    assert (found.pairs, found.found) == (len(pairs) + 1, len(pairs))
    assert found.missing == ("absent",)
    assert found.interval[0] <= found.rho <= found.interval[1]


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    rng, inside = np.random.default_rng(4), 0
    truth = 6 / np.pi * np.arcsin(0.6 / 2)  # Spearman's rho of a normal pair
    for _ in range(300):
        x = rng.standard_normal(40)
        y = 0.6 * x + 0.8 * rng.standard_normal(40)
        angle = (x - x.min() + 1) / (np.ptp(x) + 2) * np.pi
        matrix = np.stack([-np.cos(angle), np.sin(angle)], 1).astype(np.float32)
        names = tuple(f"w{i}" for i in range(40))
        vectors = Vectors(("base", *names), np.vstack([[[1, 0]], matrix]).astype("f4"))
        pairs = [ScoredPair("base", n, s) for n, s in zip(names, y, strict=True)]
        low, high = likeness(vectors, pairs).interval
        inside += low <= truth <= high
    assert 0.91 < inside / 300 < 0.985


def test_too_few_pairs_are_refused():
    with pytest.raises(DataError, match="3 of 4 pairs"):
        pairs = [ScoredPair("w1", f"w{i}", i) for i in (2, 3, 4)]
        likeness(table(), [*pairs, ScoredPair("a", "b", 1)])


@pytest.mark.parametrize("method", ["add", "mul"])
def test_answers_are_those_of_single_queries(method):
    vectors, rng = table(), np.random.default_rng(1)
    questions = []
    for number in range(40):
        a, b, c = (f"w{i}" for i in rng.choice(30, 3, replace=False))
        best = analogy(vectors, (a, b, c), k=1, method=method)[0].word
        d = best if number % 3 else "w0" if best != "w0" else "w1"
        questions.append(Question("gram1" if number % 2 else "x", (a, b, c, d)))
    questions.append(Question("x", ("w1", "w2", "w3", "lost")))
    found = {one.section: one for one in solved(vectors, questions, method=method)}
    right = sum(
        analogy(vectors, q.words[:3], k=1, method=method)[0].word == q.words[3]
        for q in questions[:-1]
    )
    assert list(found) == ["gram1", "x", "semantic", "syntactic", "all"] or list(
        found
    ) == ["x", "gram1", "semantic", "syntactic", "all"]
    assert found["all"].right == right == found["x"].right + found["gram1"].right
    assert (found["all"].questions, found["all"].found) == (41, 40)
    assert found["syntactic"].right == found["gram1"].right


def test_gensim_solves_as_many(tmp_path, shared):
    keyed = pytest.importorskip("gensim.models.keyedvectors")
    path = shared / "vectors" / "GoogleNews-300d.13605words.bin.gz"
    lines = [": family", "man woman king queen", "boy girl brother sister"]
    lines += ["father mother son daughter", "uncle aunt nephew niece"]
    lines += [": gram-plural", "car cars dog dogs", "house houses tree trees"]
    lines += ["good better bad worse", "big bigger small smaller"]
    file = tmp_path / "questions.txt"
    file.write_text("\n".join(lines) + "\n")
    from textclf.vectors.questions import read_questions

    ours = solved(Vectors.read(path), read_questions(file), method="add")
    theirs = keyed.KeyedVectors.load_word2vec_format(str(path), binary=True)
    _, sections = theirs.evaluate_word_analogies(
        str(file), restrict_vocab=None, case_insensitive=False
    )
    for one in ours:
        for section in sections:
            if section["section"] == one.section:
                assert one.right == len(section["correct"])
    assert sum(one.right for one in ours[:2]) >= 4


@pytest.mark.parametrize(("hits", "of"), [(0, 10), (7, 10), (10, 10), (300, 1000)])
def test_wilson_is_scipys(hits, of):
    stats = pytest.importorskip("scipy.stats")
    expected = stats.binomtest(hits, of).proportion_ci(method="wilson")
    assert wilson(hits, of) == pytest.approx((expected.low, expected.high), abs=1e-6)
    assert wilson(0, 0) == (0.0, 1.0)
