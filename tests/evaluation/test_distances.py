"""Movement is measured as plain code measures it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from textclf.evaluation.distances import MOST, mean_distance, measure, step

FEW = st.floats(-4, 4, width=16)
PAIRS = arrays(
    np.float32, st.tuples(st.just(2), st.integers(1, 30), st.just(3)), elements=FEW
)


def measured(before, after, **more):
    n = len(before)
    given = {
        "tokens": tuple(f"w{row}" for row in range(n)),
        "counts": np.full(n, 50),
        "found": None,
        "words": n,
    }
    return measure(before, after, **given | more)


def plain_cosine(one, other):
    norms = np.linalg.norm(one) * np.linalg.norm(other)
    return float(one @ other / norms) if norms else None


@given(PAIRS)
def test_it_agrees_with_plain_code(pair):
    before, after = pair.astype(np.float64)
    whole = measured(*pair).groups[0]
    distances = [np.linalg.norm(b - a) for b, a in zip(before, after, strict=True)]
    cosines = [plain_cosine(b, a) for b, a in zip(before, after, strict=True)]
    cosines = [cosine for cosine in cosines if cosine is not None]
    assert whole.distance == pytest.approx(np.mean(distances))
    assert mean_distance(*pair) == pytest.approx(np.mean(distances))
    assert whole.still == sum((b == a).all() for b, a in zip(*pair, strict=True))
    assert (whole.cosine is None) == (not cosines)
    if cosines:
        assert whole.cosine == pytest.approx(np.mean(cosines), abs=1e-6)
    quantiles = np.quantile(
        [np.linalg.norm(row) for row in after], [0, 0.25, 0.5, 0.75, 1]
    )
    assert whole.after == pytest.approx(quantiles.tolist())


@given(PAIRS)
def test_the_farthest_come_first(pair):
    most = measured(*pair).most
    assert len(most) == min(MOST, pair.shape[1])
    assert [one.distance for one in most] == sorted(
        (
            float(np.linalg.norm(b - a))
            for b, a in zip(*pair.astype(float), strict=True)
        ),
        reverse=True,
    )[: len(most)]


def test_rows_that_stay_are_exactly_still():
    rows = np.random.default_rng(0).normal(size=(9000, 7)).astype(np.float32)
    whole = measured(rows, rows.copy()).groups[0]
    assert (whole.still, whole.distance, whole.cosine) == (9000, 0.0, 1.0)


def test_groups_are_those_of_the_file_and_of_counts():
    before = np.zeros((4, 2), dtype=np.float32)
    after = before + np.arange(4, dtype=np.float32)[:, None]
    told = measured(
        before,
        after,
        counts=np.array([500, 100, 5, 1]),
        found=np.array([True, False, True, False]),
    )
    groups = {one.name: one for one in told.groups}
    assert {name: one.words for name, one in groups.items()} == {
        "all": 4,
        "found in the file": 2,
        "not found": 2,
        "seen 100 times or more": 2,
        "seen 5 times or less": 2,
    }
    assert groups["not found"].distance == pytest.approx(np.sqrt(2) * 2)
    assert groups["all"].cosine is None and groups["all"].still == 1
    assert "seen 5 times or less" not in {
        one.name for one in measured(before, after).groups
    }


def test_one_word():
    one = step("w", np.array([3.0, 0.0]), np.array([0.0, 4.0]))
    assert (one.before, one.after, one.distance, one.cosine) == (3.0, 4.0, 5.0, 0.0)
    assert step("w", np.zeros(2), np.ones(2)).cosine is None
