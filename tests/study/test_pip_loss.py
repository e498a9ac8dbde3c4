"""PIP loss: against the definition, number by number; on real texts as published."""

import numpy as np
import pytest

from textclf.config.schema import TextConfig
from textclf.errors import DataError
from textclf.study.pip_loss import _counts, _disturbed, _losses, pip_losses
from textclf.study.report.plots.pip import pip_plot
from textclf.text.encoder import TextEncoder

TEXTS = [
    f"the {a} {b} sat on the {c}"
    for a in ("red", "blue", "green", "old")
    for b in ("cat", "dog", "bird")
    for c in ("mat", "chair", "table", "roof")
] * 3


@pytest.mark.parametrize("alpha", [0.25, 0.5, 1.0])
def test_losses_equal_the_norm_of_their_definition(alpha):
    rng = np.random.default_rng(1)
    spectrum = np.sort(rng.uniform(0, 5, 12))[::-1]
    spectrum[-3:] = 0.0
    left, values = _disturbed(spectrum, 0.3, rng)
    true = np.diag(spectrum**alpha)
    expected = []
    for k in range(1, 13):
        found = left[:, :k] * values[:k] ** alpha
        expected.append(np.linalg.norm(found @ found.T - true @ true.T))
    assert _losses(spectrum, left, values, alpha=alpha) == pytest.approx(expected)


def test_counts_equal_a_slow_count():
    encoder, encoded = TextEncoder.fit_encode(
        ["a b c a", "c c d", "b"], TextConfig(vocabulary_size=5)
    )
    size = len(encoder.vocabulary) - 2
    chosen = np.array([True, True, False])
    expected = np.zeros((size, size))
    for row in np.flatnonzero(chosen):
        ids = encoded.ids[encoded.offsets[row] : encoded.offsets[row + 1]] - 2
        for i, one in enumerate(ids):
            for j, other in enumerate(ids):
                if i != j and abs(i - j) <= 5 and one >= 0 and other >= 0:
                    expected[one, other] += 1
    assert _counts(encoded, size, chosen=chosen).tolist() == expected.tolist()


def test_more_noise_wants_fewer_dimensions():
    spectrum = 100 / np.arange(1, 101) ** 1.0
    best = []
    for noise in (0.2, 1.0, 5.0):
        left, values = _disturbed(spectrum, noise, np.random.default_rng(2))
        best.append(int(_losses(spectrum, left, values, alpha=0.5).argmin()) + 1)
    assert best[0] > best[1] > best[2]


def test_every_matrix_and_exponent_has_its_band(tmp_path):
    corpus, losses = pip_losses(TEXTS, TextConfig(), words=30, seed=1)
    assert corpus.texts == len(TEXTS)
    assert {(loss.matrix, loss.alpha) for loss in losses} == {
        (matrix, alpha)
        for matrix in ("ppmi", "log_count")
        for alpha in (0.25, 0.5, 0.75, 1.0)
    }
    for loss in losses:
        low, high = loss.band
        assert 1 <= low <= loss.best <= high <= corpus.words
        assert 0 <= loss.cost_of_all <= 1
    again = pip_losses(TEXTS, TextConfig(), words=30, seed=1)[1]
    assert [x.to_json() for x in again] == [x.to_json() for x in losses]
    pip_plot(losses, tmp_path / "pip.png")
    assert (tmp_path / "pip.png").stat().st_size > 1000


def test_too_few_words_are_refused():
    with pytest.raises(DataError, match="expected more"):
        pip_losses(["a b", "b c"], TextConfig())


def test_on_real_reviews_too_many_dimensions_do_no_harm_at_alpha_one(shared):
    import csv

    with (shared / "data" / "mr" / "all.csv").open(encoding="utf-8") as stream:
        texts = [row["text"] for row in csv.DictReader(stream)]
    losses = {
        (loss.matrix, loss.alpha): loss
        for loss in pip_losses(texts, TextConfig(), words=600)[1]
    }
    assert losses["log_count", 1.0].cost_of_all > 0.9
    assert losses["log_count", 0.25].cost_of_all < 0.8
    assert losses["log_count", 0.5].best > 3 * losses["ppmi", 0.5].best
