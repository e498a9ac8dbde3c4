"""The picture of the range test, and the powers of ten along it."""

import warnings

import numpy as np
import pytest

from textclf.evaluation.canvas import new_figure, save_figure
from textclf.evaluation.rate_plot import rate_plot


def test_powers_of_ten_are_set_as_powers(tmp_path):
    figure, axes = new_figure(6.5, 3.2)
    axes.plot([1e-6, 1.0], [0.0, 1.0])
    axes.set_xscale("log")
    save_figure(figure, tmp_path / "p.png")
    powers = [t for t in axes.get_xticklabels() if "\\mathdefault" in t.get_text()]
    assert powers and all(text.get_parse_math() for text in powers)


@pytest.mark.parametrize("losses", [np.full(6, 0.4), np.array([0.7, 0.5, 0.9])])
def test_a_loss_that_never_falls_is_drawn_too(tmp_path, losses):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rates = np.geomspace(1e-6, 1e-3, len(losses))
        rate_plot(rates, losses, tmp_path / "p.png", suggestion=1e-5)
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")
