"""Norms of a file, row for row."""

import numpy as np

from textclf.vectors.norms import row_norms


def test_every_row_of_every_form(write):
    matrix = np.random.default_rng(0).normal(size=(7, 4))
    matrix[3] = 0
    words = [f"w{number}" for number in range(7)]
    for form in ("glove", "word2vec-text", "binary"):
        norms = row_norms(write(form, words, matrix))
        np.testing.assert_allclose(norms, np.linalg.norm(matrix, axis=1), rtol=1e-5)
