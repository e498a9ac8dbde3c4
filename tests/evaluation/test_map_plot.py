"""Maps are whole PNG files, and their words cover neither words nor dots."""

import io
import itertools
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from textclf.errors import ResourceError
from textclf.evaluation.canvas import new_figure
from textclf.evaluation.colouring import Colouring
from textclf.evaluation.lettering import Lettering
from textclf.evaluation.map_plot import map_plot
from textclf.evaluation.projection import Projection

HOSTILE = (
    "$x^2$",
    "$\\frac{1}{",
    "",
    "好评",
    "عربى",
    "a\nb\x1b[31m",
    "x" * 500,
    "\U0001f600",
)
RNG = np.random.default_rng(0)


def opened(path):
    image = Image.open(io.BytesIO(path.read_bytes()))
    image.load()
    assert image.format == "PNG"
    return image


def projection(n, *, before=True, speck=1.0):
    after = RNG.normal(size=(n, 2))
    start = after * speck + 0.1 if before else None
    return Projection(after, start, "PCA: 20 %", (0.1, 0.1))


def lean(n, labels):
    values = RNG.uniform(-0.5, 0.5, size=(n, len(labels)))
    if len(labels) == 2:
        values[:, 0] = -values[:, 1]
    return Colouring(values, labels, "what the model says")


@pytest.mark.parametrize(
    "labels", [None, ("a", "b"), ("a", "b", "c"), HOSTILE, tuple("abcdefghijklmn")]
)
@pytest.mark.parametrize("before", [True, False])
def test_any_labels_and_any_words(tmp_path, labels, before):
    words = [*HOSTILE, *(f"w{number}" for number in range(30))]
    colouring = lean(len(words), labels) if labels else None
    path = tmp_path / "map.png"
    map_plot(
        words,
        projection(len(words), before=before),
        path,
        colouring=colouring,
        title="$\\frac{",
    )
    width, height = opened(path).size
    assert (1.4 < width / height < 3.5) == before
    assert 600 < height < 1600


@pytest.mark.parametrize(
    "places", [[[0, 0]] * 4, [[0, 0], [5, 0], [9, 0]], [[0, 1], [0, 2]]]
)
def test_words_in_one_place_or_on_a_line(tmp_path, places):
    after = np.array(places, dtype=float)
    for start in (None, after, after * 0):
        plane = Projection(after, start, "told", None)
        map_plot(["w"] * len(after), plane, tmp_path / "map.png")
        opened(tmp_path / "map.png")


def test_a_word_without_a_place_before_stands_on_one_map(tmp_path):
    plane = projection(5)
    plane.before[2] = np.nan
    map_plot([f"w{n}" for n in range(5)], plane, tmp_path / "map.png")
    opened(tmp_path / "map.png")


def test_the_same_map_has_the_same_bytes(tmp_path):
    plane = projection(40)
    for name in ("one", "two"):
        map_plot([f"w{n}" for n in range(40)], plane, tmp_path / f"{name}.png")
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_an_unwritable_place_is_named(tmp_path):
    with pytest.raises(ResourceError, match="none"):
        map_plot(["a", "b"], projection(2), tmp_path / "none" / "map.png")


@pytest.mark.parametrize("n", [2, 60, 250])
def test_words_cover_neither_words_nor_dots_nor_the_frame(n):
    figure, axes = new_figure(5.0, 5.0)
    places = RNG.uniform(0.02, 0.98, size=(n, 2))
    sheet = Lettering(figure, axes, places)
    words = ["word" * (1 + row % 4) for row in range(n)]
    written = []
    for row in range(n):
        side = sheet.room(row, words[row])
        if side is not None:
            sheet.write(row, words[row], side, "black")
            written.append(row)
    renderer = figure.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in axes.texts]
    assert len(boxes) == len(written) > min(n, 20) - 1
    assert not any(
        one.overlaps(other) for one, other in itertools.combinations(boxes, 2)
    )
    dots, frame = axes.transData.transform(places), axes.get_window_extent(renderer)
    for box in boxes:
        assert not any(box.contains(*dot) for dot in dots)
        assert frame.x0 <= box.x0 and box.x1 <= frame.x1
        assert frame.y0 <= box.y0 and box.y1 <= frame.y1


def test_no_heavy_import_and_no_global_plotting_state():
    code = (
        "import sys;"
        "import textclf.evaluation.map_plot, textclf.evaluation.norm_plot;"
        "import textclf.evaluation.projection;"
        "heavy = {'matplotlib', 'sklearn', 'scipy', 'tensorflow', 'keras'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
