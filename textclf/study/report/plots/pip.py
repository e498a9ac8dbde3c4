"""PIP loss by dimension, for each matrix and exponent."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from textclf.evaluation.canvas import (
    BLUE,
    FAINT,
    GREY,
    INK,
    new_figure,
    save_figure,
)
from textclf.study.pip_loss import PipLoss

_HIGHEST = 3.0


def pip_plot(losses: Sequence[PipLoss], path: Path) -> None:
    """Draws loss over the least loss, with the band of 5 % where it is flat.

    Raises:
        ResourceError: The file cannot be written.
    """
    matrices = list(dict.fromkeys(loss.matrix for loss in losses))
    figure, axes = new_figure(5.0 * len(matrices), 3.0, columns=len(matrices))
    panels = np.atleast_1d(axes)
    for panel, matrix in zip(panels, matrices, strict=True):
        own = [loss for loss in losses if loss.matrix == matrix]
        for place, loss in enumerate(own):
            dims = np.arange(1, len(loss.losses) + 1)
            share = 0.25 + 0.75 * place / max(len(own) - 1, 1)
            ratio = loss.losses / loss.losses.min()
            panel.plot(dims, ratio, color=BLUE, alpha=share, lw=1.5)
            low, high = loss.band
            level = 1 + 0.07 * (place - len(own))
            panel.plot([low, high], [level, level], color=BLUE, alpha=share, lw=3)
            panel.plot(loss.best, level, "o", color=INK, ms=4)
            panel.annotate(
                f"α {loss.alpha:g}",
                (high, level),
                xytext=(6, -3),
                size=7,
                color=GREY,
                textcoords="offset points",
            )
        panel.set_xscale("log")
        panel.set_ylim(0.66, _HIGHEST)
        panel.set_title(matrix, color=INK, size=10, loc="left")
        panel.set_xlabel("dimensions", color=GREY)
        panel.grid(color=FAINT, lw=0.8)
        panel.set_axisbelow(True)
        panel.tick_params(which="both", length=0)
    told = "loss over the least loss; bars: within 5 % of it. A band, never a verdict"
    panels[0].annotate(
        "PIP loss",
        (0, 1),
        xytext=(0, 40),
        xycoords="axes fraction",
        textcoords="offset points",
        color=INK,
        size=13,
    )
    panels[0].annotate(
        told,
        (0, 1),
        xytext=(0, 25),
        xycoords="axes fraction",
        textcoords="offset points",
        color=GREY,
        size=10,
    )
    save_figure(figure, path)
