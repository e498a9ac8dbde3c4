"""Plots are whole PNG files for any number of labels and any label name."""

import io
import math
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from textclf.errors import DataError, ResourceError
from textclf.evaluation.metrics import Scores, score
from textclf.evaluation.plots import confusion_plot, history_plot, scores_plot
from textclf.evaluation.predictions import MULTICLASS, MULTILABEL, Predictions

HOSTILE = (
    "$x^2$",
    "$\\frac{1}{",
    "",
    "好评",
    "عربى",
    "a\nb\x1b[31m\u202e",
    "<b>|`*_",
    "x" * 500,
    "\U0001f600",
    "%s {0}",
)


def scored(names: tuple[str, ...], task: str = MULTICLASS, n: int = 200) -> Scores:
    rng, k = np.random.default_rng(0), len(names)
    rows, marks = rng.dirichlet(np.ones(k), n), np.zeros(n, dtype=bool)
    many = task == MULTILABEL
    targets = rng.random((n, k)) < 0.3 if many else rng.integers(0, k, n)
    predictions = Predictions(names, task, rows, marks, marks, *np.zeros((2, n)))
    return score(predictions, targets)


def opened(path) -> Image.Image:
    image = Image.open(io.BytesIO(path.read_bytes()))
    image.load()
    assert image.format == "PNG"
    return image


@pytest.mark.parametrize("task", [MULTICLASS, MULTILABEL])
@pytest.mark.parametrize("k", [2, 6, 28, 170])
def test_grows_with_the_labels_within_bounds(tmp_path, task, k):
    path = tmp_path / "plot.png"
    scores_plot(scored(tuple(map(str, range(k))), task), path, title="a run")
    width, height = opened(path).size
    assert 300 < width < 4000
    assert 100 < height < 4000
    assert (max(width, height) > 2000) == (k == 170)


@pytest.mark.parametrize("task", [MULTICLASS, MULTILABEL])
def test_hostile_names_are_text(tmp_path, task):
    """A `$` starts no formula, and a sign without a glyph gives no warning."""
    scores_plot(scored(HOSTILE, task), tmp_path / "plot.png", title="$\\frac{1}{")
    opened(tmp_path / "plot.png")


def test_the_same_plot_has_the_same_bytes(tmp_path):
    scores = scored(("a", "b"))
    for name in ("one.png", "two.png"):
        confusion_plot(scores, tmp_path / name, title="t")
    one, two = (tmp_path / name for name in ("one.png", "two.png"))
    assert one.read_bytes() == two.read_bytes()


def test_colours_are_shares_of_the_row(tmp_path):
    """A rare label that is always found is as dark as a frequent one."""
    marks = np.zeros(100, dtype=bool)
    targets = np.array([0] * 99 + [1])
    rows = np.eye(2)[targets]
    names = ("often", "rare")
    perfect = Predictions(names, MULTICLASS, rows, marks, marks, *np.zeros((2, 100)))
    confusion_plot(score(perfect, targets), tmp_path / "plot.png")
    pixels = np.asarray(opened(tmp_path / "plot.png").convert("RGB")).reshape(-1, 3)
    dark = (pixels == [8, 48, 107]).all(axis=1).sum()  # the end of the colour map
    pale = (pixels == [247, 251, 255]).all(axis=1).sum()  # and its start
    assert dark == pytest.approx(pale, rel=0.2)


def test_a_matrix_needs_one_label_a_text(tmp_path):
    with pytest.raises(DataError, match="multi-label"):
        confusion_plot(scored(("a", "b"), MULTILABEL), tmp_path / "plot.png")


def test_an_unwritable_place_is_named(tmp_path):
    with pytest.raises(ResourceError, match="none"):
        confusion_plot(scored(("a", "b")), tmp_path / "none" / "plot.png")


@pytest.mark.parametrize(
    "history",
    [
        [{"epoch": 1, "train_loss": 0.5}],
        [{"epoch": e, "train_loss": 1 / e, "dev_loss": 0.5, "dev_accuracy": 0.8}
         for e in range(1, 40)],
        [{"train_loss": math.nan, "dev_loss": math.inf}, {"train_loss": None}],
        [{"epoch": 1}],
    ],
)  # fmt: skip
def test_history_of_any_length_and_with_gaps(tmp_path, history):
    history_plot(history, tmp_path / "history.png")
    opened(tmp_path / "history.png")


def test_history_marks_the_best_epoch(tmp_path):
    """The one that is asked for, the last that was best, or that of least dev loss."""
    history = [{"epoch": e, "dev_loss": abs(e - 3.0)} for e in range(1, 6)]
    marked = [row | {"best": row["epoch"] in (1, 5)} for row in history]
    asked = [(history, None), (history, 3), (history, 5), (marked, None), (marked, 3)]
    plots = []
    for rows, best in asked:
        history_plot(rows, tmp_path / "history.png", best=best)
        plots.append((tmp_path / "history.png").read_bytes())
    least, three, five, last, told = plots
    assert least == three == told
    assert five == last != three


def test_history_without_epochs_is_refused(tmp_path):
    with pytest.raises(DataError, match="without epochs"):
        history_plot([], tmp_path / "history.png")


def test_no_heavy_import_and_no_global_plotting_state(tmp_path):
    code = (
        "import sys, pathlib;"
        "import textclf.evaluation.plots as plots, textclf.evaluation.floor;"
        "import textclf.evaluation.report;"
        "heavy = {'matplotlib', 'sklearn', 'scipy', 'pandas', 'tensorflow', 'keras'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules);"
        f"path = pathlib.Path({str(tmp_path)!r}, 'h.png');"
        "plots.history_plot([{'train_loss': 1.0}], path);"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
