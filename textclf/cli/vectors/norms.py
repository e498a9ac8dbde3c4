"""`textclf vectors norms`."""

import argparse
import json

import numpy as np

from textclf.cli.console import Console
from textclf.cli.vectors.picture import checked, entitled
from textclf.cli.vectors.source import learnt_words
from textclf.evaluation.movement import QUANTILES
from textclf.evaluation.norm_plot import Norms, norms_plot
from textclf.vectors.named import file_of
from textclf.vectors.norms import row_norms


def run(options: argparse.Namespace) -> None:
    """Draws a histogram of row norms; of a run before and after training."""
    output, path = checked(options.output), file_of(options.source)
    if path.is_dir():
        norms = learnt_words(path).norms()
    else:
        norms = Norms(row_norms(path, progress=Console()))
    norms_plot({"words": norms}, output, title=entitled(options.source))
    spreads = _spreads(norms)
    if options.json:
        told = {"file": str(output), "words": len(norms.after), **spreads}
        print(json.dumps(told, ensure_ascii=False))
        return
    print(f"{output}: {len(norms.after):,} words")
    for name, spread in spreads.items():
        least, low, median, high, most = (f"{value:#.3g}" for value in spread)
        line = f"median {median}, half of them {low} to {high}, all {least} to {most}"
        print(f"  {name:<8}{line}")


def _spreads(norms: Norms) -> dict[str, list[float]]:
    """Returns the least norm, the quartiles and the highest."""
    parts = {"norms": norms.after}
    if norms.before is not None:
        parts = {"before": norms.before, "after": norms.after}
    return {
        name: np.round(np.quantile(part, QUANTILES), 6).tolist()
        for name, part in parts.items()
    }
