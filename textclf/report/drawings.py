"""The pictures a document draws itself: how long texts are, how often labels occur."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from textclf.errors import printable
from textclf.evaluation.canvas import (
    BLUE,
    FAINT,
    GREY,
    INK,
    NAME_LIMIT,
    ORANGE,
    entitle,
    new_figure,
    save_figure,
)

_BINS = 50
_FAR = 0.995  # lengths above this quantile stand in the last bar
_TALLEST = 25  # labels that are drawn, the most frequent
_LINES = {"train": BLUE, "dev": ORANGE, "test": "#7a5aa6"}


def lengths_plot(
    lengths: Mapping[str, np.ndarray], path: Path, *, unit: str, limit: int | None
) -> None:
    """Draws how long the texts of each split are, as shares of the split.

    Args:
        lengths: int[n] for each split.
        path: The PNG.
        unit: What is counted, in the plural.
        limit: How many of them are read; None: that is another unit.
    """
    every = np.concatenate(list(lengths.values()))
    high = max(int(np.quantile(every, _FAR)), 8)
    edges = np.linspace(0, high, min(_BINS, high) + 1)
    figure, axes = new_figure(6.4, 2.6)
    for name, values in lengths.items():
        counts, _ = np.histogram(np.minimum(values, high), edges)
        shares = 100 * counts / max(len(values), 1)
        axes.stairs(shares, edges, color=_LINES[name], label=name, linewidth=1.8)
    if limit is not None and limit <= high:
        axes.axvline(limit, color=GREY, linewidth=1.2, linestyle=(0, (3, 3)))
        told = {"color": GREY, "size": 9, "ha": "right", "va": "top"}
        place = {"xytext": (-4, -2), "textcoords": "offset points"}
        where = {"xy": (limit, 1), "xycoords": axes.get_xaxis_transform()}
        axes.annotate("what is read", **where, **place, **told)
    axes.set_xlim(0, high)
    axes.set_ylim(bottom=0)
    axes.set_xlabel(f"{unit} of a text (last bar: and longer)", color=GREY)
    axes.set_ylabel("% of texts", color=GREY)
    axes.grid(axis="y", color=FAINT, linewidth=0.8)
    axes.spines["bottom"].set_visible(True)
    axes.legend(frameon=False, labelcolor=INK)
    save_figure(figure, path)


def labels_plot(counts: Mapping[str, int], path: Path, *, texts: int) -> None:
    """Draws how many of the training texts have each label, the most frequent first.

    Args:
        counts: Texts of each label.
        path: The PNG.
        texts: All texts.
    """
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = ranked[:_TALLEST]
    figure, axes = new_figure(5.6, 0.26 * len(shown) + 0.2)
    places = np.arange(len(shown))
    axes.barh(places, [count for _, count in shown], height=0.72, color=BLUE)
    for place, (_, count) in zip(places, shown, strict=True):
        told = f" {count:,} ({100 * count / max(texts, 1):.1f} %)"
        axes.text(count, place, told, va="center", color=GREY, size=9)
    names: Sequence[str] = [printable(name, limit=NAME_LIMIT) for name, _ in shown]
    axes.set_yticks(places, labels=names)
    for text in axes.get_yticklabels():
        text.set(parse_math=False, color=INK, size=9)
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_xticks([])
    more = len(ranked) - len(shown)
    entitle(axes, "", f"and {more:,} rarer labels" if more else "", size=9.0)
    save_figure(figure, path)
