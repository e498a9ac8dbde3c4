"""What temperature and thresholds bring on real data.

`python -m benchmarks.calibration SHARED`: trains four shipped configurations (once;
they stay in runs/calibration), judges their held-out test texts with and without the
decision that was fitted on dev, and writes CALIBRATION.md.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from textclf import machine
from textclf.assessment import Judged, judge_held_out
from textclf.config.load import load_config
from textclf.data.named import Places, open_sources
from textclf.evaluation.curves import without_temperature
from textclf.evaluation.decision import Decision
from textclf.evaluation.intervals import Interval, Resampled, resample
from textclf.evaluation.measures import shown, shown_range
from textclf.evaluation.metrics import score
from textclf.evaluation.paired import Paired
from textclf.evaluation.predictions import Predictions
from textclf.predictor import Predictor
from textclf.run import CONFIG, STATE, Run

ROOT = Path(__file__).parent
REPORT = ROOT / "CALIBRATION.md"
RUNS = ROOT.parent / "runs" / "calibration"
CONFIGS = ("sst2", "trec", "imdb_ngram", "go_emotions")
MEASURES = ("ece", "log_loss", "brier")


def run_of(name: str, data: Path) -> Run:
    """Returns the run of a shipped configuration; trains it where there is none."""
    folder = RUNS / name
    if not (folder / STATE).is_file():
        config = ROOT.parent / "configs" / f"{name}.yaml"
        command = [sys.executable, "-m", "textclf", "train", "--config", str(config)]
        command += ["--run-dir", str(folder), "--data-dir", str(data)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return Run.open(folder)


def judged(run: Run, data: Path) -> Judged:
    """Judges the held-out texts of a run as `evaluate` does."""
    config = load_config(run.folder / CONFIG).config
    tables = open_sources(config.data, Places((), data, os.environ))
    return judge_held_out(run, config, tables, Predictor.load(run.bundle))


def calibration_rows(name: str, found: Judged) -> Iterator[str]:
    """Yields a line of the first table: before and after, with intervals."""
    after = replace(found.predictions, decision=Decision())
    before = without_temperature(found.predictions)
    targets = found.dataset.targets
    drawn = [resample(one, targets, seed=7) for one in (before, after)]
    cells = [name, f"{len(after):,}", f"{found.predictions.decision.temperature:.2f}"]
    for measure in MEASURES:
        values = [getattr(score(one, targets), measure) for one in (before, after)]
        for value, sample in zip(values, drawn, strict=True):
            cells.append(f"{shown(measure, value)} {_interval(measure, sample)}")
    same = (before.chosen() == after.chosen()).mean()
    yield f"| {' | '.join([*cells, f'{100 * same:.2f} %'])} |"


def _interval(measure: str, sample: Resampled) -> str:
    return shown_range(measure, sample.intervals()[measure])


def threshold_lines(found: Judged) -> list[str]:
    """Returns the table of a multi-label task at 0.5 and at its own thresholds."""
    own, targets = found.predictions, found.dataset.targets
    plain = replace(own, decision=replace(own.decision, thresholds=()))
    paired = Paired.of(
        ("0.5", "a label"),
        plain,
        own,
        targets,
        texts=found.dataset.texts,
        place=found.table.place,
        seed=7,
        most=0,
    )
    lines = ["| measure | 0.5 everywhere | a threshold a label | difference, 95 % |"]
    lines.append("|---|---:|---:|---:|")
    for measure in ("macro_f1", "micro_f1", "weighted_f1", "accuracy", "mcc"):
        one = paired.measures[measure]
        low, high = _ends(one.interval)
        lines.append(
            f"| {measure.replace('_', ' ')} | {shown(measure, one.a)} | "
            f"{shown(measure, one.b)} | {100 * one.value:+.1f} "
            f"[{100 * low:+.1f}, {100 * high:+.1f}] |"
        )
    return lines


def _ends(interval: Interval | None) -> tuple[float, float]:
    return (0.0, 0.0) if interval is None else (interval.low, interval.high)


def abstention_lines(found: Judged, name: str) -> Iterator[str]:
    """Yields what leaving out the least sure texts brings on test."""
    own = replace(found.predictions.decision, abstain=None)
    plain = replace(found.predictions, decision=own)
    right = _right(plain, found.dataset.targets)
    order = np.argsort(-plain.confidence(), kind="stable")
    shares = (1.0, 0.95, 0.9, 0.8, 0.7)
    cells = [
        f"{100 * right[order[: round(share * len(order))]].mean():.1f} %"
        for share in shares
    ]
    yield f"| {' | '.join([name, *cells])} |"


def _right(predictions: Predictions, targets: np.ndarray) -> np.ndarray:
    same = predictions.chosen() == targets
    return same.all(axis=1) if same.ndim == 2 else same


def report(found: dict[str, Judged]) -> list[str]:
    """Returns the lines of CALIBRATION.md."""
    facts = machine.environment()
    versions = ", ".join(f"{k} {v}" for k, v in facts["versions"].items())
    return [
        "# What the decision brings",
        "",
        "`python -m benchmarks.calibration ../shared`: shipped configurations, their "
        f"official test texts, all fitted on dev. {facts['cores']} cores, {versions}.",
        "",
        "## Temperature",
        "Before: the probabilities as the model was trained; after: divided by the "
        "temperature. Calibration error (15 bins), log loss in nats, Brier score, each "
        "with its 95 % interval.",
        "",
        "| data | texts | temperature | ECE before | ECE after | log loss before | "
        "log loss after | Brier before | Brier after | same answers |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        *(row for name in found for row in calibration_rows(name, found[name])),
        "",
        "## Thresholds",
        "GoEmotions, 28 labels, the same probabilities cut at 0.5 and at a threshold a "
        "label, chosen on dev for F1. Differences are paired.",
        "",
        *threshold_lines(found["go_emotions"]),
        "",
        "## Abstention",
        "Accuracy of the texts that are left when the least sure are not answered (a "
        "label set has to be right as a whole).",
        "",
        "| data | all | 95 % | 90 % | 80 % | 70 % |",
        "|---|---:|---:|---:|---:|---:|",
        *(row for name in found for row in abstention_lines(found[name], name)),
    ]


def main() -> None:
    """Trains what is missing and writes the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path, help="the folder with data/")
    data = parser.parse_args().shared.resolve() / "data"
    RUNS.mkdir(parents=True, exist_ok=True)
    found = {name: judged(run_of(name, data), data) for name in CONFIGS}
    REPORT.write_text("\n".join(report(found)) + "\n", encoding="utf-8")
    print(REPORT)


if __name__ == "__main__":
    main()
