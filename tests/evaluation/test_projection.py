"""Places on a plane: PCA's own, the same axes before and after, deterministic."""

import numpy as np
import pytest

from textclf.errors import ConfigError
from textclf.evaluation.projection import project

AFTER = np.random.default_rng(0).normal(size=(40, 6)).astype(np.float32)


def test_pca_is_that_of_the_singular_values():
    placed = project(AFTER, None, method="pca", seed=0)
    centred = AFTER.astype(float) - AFTER.mean(axis=0)
    _, values, axes = np.linalg.svd(centred, full_matrices=False)
    expected = centred @ axes[:2].T
    np.testing.assert_allclose(np.abs(placed.after), np.abs(expected), atol=1e-5)
    assert placed.variance == pytest.approx(values[:2] ** 2 / (values**2).sum())
    assert placed.before is None


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_the_same_seed_gives_the_same_places(method):
    one, two = (project(AFTER, AFTER * 2, method=method, seed=3) for _ in range(2))
    assert (one.after == two.after).all() and (one.before == two.before).all()


def test_a_word_that_did_not_move_stands_where_it_stood():
    before = AFTER.copy()
    before[:10] += 1
    placed = project(AFTER, before, method="pca", seed=0)
    np.testing.assert_allclose(placed.before[10:], placed.after[10:], atol=1e-9)
    assert (np.abs(placed.before[:10] - placed.after[:10]).max(axis=1) > 0).all()


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_a_word_without_a_start_has_no_place_before(method):
    before = AFTER.copy()
    before[4] = np.nan
    placed = project(AFTER, before, method=method, seed=0)
    assert np.flatnonzero(np.isnan(placed.before).any(axis=1)).tolist() == [4]
    assert np.isfinite(placed.after).all()


def test_tsne_keeps_neighbours_by_cosine():
    """Two bundles of directions, of any length, stay two bundles."""
    rng = np.random.default_rng(1)
    rows = np.repeat(np.eye(2, 5), 20, axis=0) + rng.normal(0, 0.05, (40, 5))
    rows *= rng.uniform(0.1, 9.0, (40, 1))
    placed = project(rows.astype(np.float32), None, method="tsne", seed=0)
    assert placed.variance is None
    nearest = np.linalg.norm(placed.after[:, None] - placed.after, axis=2)
    np.fill_diagonal(nearest, np.inf)
    assert ((nearest.argmin(axis=1) < 20) == (np.arange(40) < 20)).all()


@pytest.mark.parametrize("method", ["pca", "tsne"])
@pytest.mark.parametrize("shape", [(3, 1), (3, 2), (3, 9), (5, 1)])
def test_few_words_and_few_numbers(method, shape):
    rows = np.random.default_rng(2).normal(size=shape).astype(np.float32)
    for before in (None, rows + 1):
        placed = project(rows, before, method=method, seed=0)
        assert placed.after.shape == (shape[0], 2)
        assert np.isfinite(placed.after).all()


@pytest.mark.parametrize("method", ["pca", "tsne"])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_equal_words_have_a_place(method):
    rows = np.ones((6, 4), dtype=np.float32)
    assert np.isfinite(project(rows, None, method=method, seed=0).after).all()


def test_two_words_make_no_map():
    with pytest.raises(ConfigError, match="at least 3"):
        project(AFTER[:2], None, method="pca", seed=0)
