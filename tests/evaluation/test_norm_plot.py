"""Histograms of norms are whole PNG files for any norms."""

import io

import numpy as np
import pytest
from PIL import Image

from textclf.errors import DataError
from textclf.evaluation.norm_plot import Norms, norms_plot

RNG = np.random.default_rng(0)
SOME = RNG.gamma(9.0, 0.5, size=500)


@pytest.mark.parametrize(
    ("after", "before"),
    [
        (SOME, None),
        (SOME, SOME * 0.5),
        (np.append(SOME, 1e6), SOME[:1]),
        (np.zeros(3), np.zeros(3)),
        (np.ones(4), np.zeros(4)),
        (np.full(9, 5.0), None),
        (np.array([1e-30]), None),
    ],
)
@pytest.mark.parametrize("groups", [1, 2])
def test_any_norms(tmp_path, after, before, groups):
    path = tmp_path / "norms.png"
    named = {f"words {name}": Norms(after, before) for name in range(groups)}
    norms_plot(named, path, title="$x")
    image = Image.open(io.BytesIO(path.read_bytes()))
    image.load()
    assert image.format == "PNG"
    assert (image.size[0] > 1200) == (groups == 2)


def test_an_empty_group_is_left_out(tmp_path):
    none = Norms(np.zeros(0))
    norms_plot({"a": Norms(SOME), "b": none}, tmp_path / "one.png")
    norms_plot({"a": Norms(SOME)}, tmp_path / "two.png")
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
    with pytest.raises(DataError, match="no words"):
        norms_plot({"b": none}, tmp_path / "three.png")
