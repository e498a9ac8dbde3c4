"""Judges a model on labelled texts, beside the floor."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from textclf.config.schema import Config
from textclf.data.copies import keys_of
from textclf.data.dataset import Dataset, Splits, load_splits
from textclf.data.held import held
from textclf.data.sources import Sources
from textclf.data.tables import Table
from textclf.errors import ConfigError, TextclfError
from textclf.evaluation.curves import curve_plots
from textclf.evaluation.floor import Floor
from textclf.evaluation.json_lines import json_line
from textclf.evaluation.plots import scores_plot
from textclf.evaluation.predictions import Predictions
from textclf.evaluation.report import Report
from textclf.files import write_json, write_text, write_whole
from textclf.predictor import Answerer
from textclf.progress import SILENT, Progress
from textclf.run import Run

REFITTED = "the model was trained once more with the dev texts"
"""How the note of a run begins whose dev figures are not of the model it keeps."""

LAST_WAS_BEST = "the last epoch was the best: more of them (training.epochs) may help"


@dataclass(frozen=True, eq=False)
class Judged:
    """Labelled texts, and what a model makes of them.

    Attributes:
        table: Where each text stands.
        dataset: The texts with the model's labels, row for row.
        predictions: The answers.
        report: Their scores.
    """

    table: Table
    dataset: Dataset
    predictions: Predictions
    report: Report


def learnt_from(splits: Splits, config: Config) -> Dataset:
    """Returns the labelled texts that the model of a run learnt from."""
    train = splits.train
    return train.joined(splits.dev) if config.training.refit else train


def fit_floor(train: Dataset, *, seed: int, progress: Progress = SILENT) -> Floor:
    """Trains the baselines on the texts the model was trained on."""
    labels = train.labels
    return Floor.fit(
        train.texts,
        train.targets,
        labels.names,
        labels.task,
        seed=seed,
        progress=progress,
    )


def assess(
    predictor: Answerer,
    dataset: Dataset,
    *,
    name: str,
    split: str,
    seed: int,
    floor: Callable[[Dataset], Mapping[str, Any] | None],
    notes: tuple[str, ...] = (),
) -> tuple[Predictions, Report]:
    """Predicts labelled texts and scores the answers.

    Args:
        predictor: The model.
        dataset: Texts with the model's labels.
        name: The name of the run.
        split: What the texts are: `dev`, `test` or a file.
        seed: Draws the resamples of the intervals.
        floor: Gives the scores of the baselines on the same texts.
        notes: Remarks for people that the report begins its own with.
    """
    predictions = predictor.predict(dataset.texts)
    report = score(
        predictions,
        dataset,
        name=name,
        split=split,
        seed=seed,
        floor=floor(dataset),
        notes=notes,
    )
    return predictions, report


def score(
    predictions: Predictions,
    dataset: Dataset,
    *,
    name: str,
    split: str,
    seed: int,
    floor: Mapping[str, Any] | None,
    notes: tuple[str, ...] = (),
) -> Report:
    """Scores answers that are there.

    Args:
        predictions: The answers.
        dataset: The texts, row for row.
        name, split, seed, notes: See `assess`.
        floor: The scores of the baselines on the same texts.
    """
    return Report.of(
        predictions,
        dataset.targets,
        name=name,
        split=split,
        seed=seed,
        floor=floor,
        notes=(*notes, *_notes(predictions)),
    )


def keep(
    folder: Path,
    dataset: Dataset,
    predictions: Predictions,
    report: Report,
    *,
    more: str = "",
    suffix: str | None = None,
) -> None:
    """Writes a report as JSON, Markdown and pictures, and the answers it rests on.

    The answers hold row numbers and no texts: row i is the i-th text of the split.

    Args:
        folder: Where to.
        dataset: The texts.
        predictions: The answers to them.
        report: Their scores.
        more: Markdown that the report ends with.
        suffix: What the names of the files end with; None: `-` and the split.
    """
    end = f"-{report.split}" if suffix is None else suffix
    write_json(folder / f"report{end}.json", report.to_json())
    write_text(folder / f"report{end}.md", _joined(report.to_markdown(), more))
    scores_plot(report.scores, folder / f"confusion{end}.png")
    curve_plots(predictions, dataset.targets, folder, suffix=end)
    truths = dataset.labels.decode(dataset.targets)
    rows = zip(truths, predictions.records(), strict=True)
    with write_whole(folder / f"predictions{end}.jsonl") as stream:
        stream.writelines(
            json_line({"row": row, "truth": truth, **record})
            for row, (truth, record) in enumerate(rows)
        )


def _joined(*sections: str) -> str:
    return "\n".join(section for section in sections if section)


def assess_held_out(
    run: Run, config: Config, tables: Sources, predictor: Answerer
) -> Report:
    """Returns the report of `judge_held_out`."""
    return judge_held_out(run, config, tables, predictor).report


def judge_held_out(
    run: Run, config: Config, tables: Sources, predictor: Answerer
) -> Judged:
    """Predicts the test texts of a run again; the floor's scores are on record.

    Raises:
        ConfigError: The run held no test texts out.
        DataError: The texts or labels are not those the run held out.
    """
    held_out(run)
    fix = "restore it, or name the new data by --data FILE"
    test = held(run, "test", config, tables, fix=fix)
    known = run.read_json("report-test.json")["floor"]
    answers = assess(
        predictor,
        test.dataset,
        name=config.name,
        split="test",
        seed=config.seed,
        floor=lambda _: known,
        notes=_refit_notes(run),
    )
    return Judged(test.table, test.dataset, *answers)


def held_out(run: Run) -> Mapping[str, Any]:
    """Returns what a run says of its test texts: `source`, `texts`, `labels`, `sha256`.

    Raises:
        ConfigError: The run held no test texts out.
    """
    described = run.read_json("data.json")["splits"]
    if "test" not in described:
        raise ConfigError(
            "got a run without held-out test data",
            where=str(run.folder),
            fix="give labelled texts by --data FILE, or train with data.test_fraction",
        )
    test: Mapping[str, Any] = described["test"]
    return test


def judge_table(
    run: Run,
    config: Config,
    table: Table,
    predictor: Answerer,
    *,
    learnt: Dataset | None,
    progress: Progress = SILENT,
) -> Judged:
    """Predicts other labelled texts than those the run held out.

    Args:
        run: The run.
        config: Its configuration.
        table: The texts with raw labels.
        predictor: The model.
        learnt: The texts the model learnt from, for the floor and for what is said of
            texts among them; None: neither.
        progress: Who listens.

    Raises:
        DataError: The table has a label that the model does not know.
    """
    labels = predictor.labels
    targets = labels.encode(table.labels or [], place=table.place)
    dataset = Dataset(table.texts, targets, labels)

    def floor(dataset: Dataset) -> Mapping[str, Any] | None:
        if learnt is None:
            return None
        fitted = fit_floor(learnt, seed=config.seed, progress=progress)
        return fitted.score(dataset.texts, dataset.targets)

    answers = assess(
        predictor,
        dataset,
        name=config.name,
        split=table.source,
        seed=config.seed,
        floor=floor,
        notes=(*_known_notes(table, learnt), *_refit_notes(run)),
    )
    return Judged(table, dataset, *answers)


def learnt_of_run(
    config: Config, tables: Callable[[], Sources], *, progress: Progress = SILENT
) -> Dataset | None:
    """Returns the texts that a run was trained on.

    Where they are gone there is no floor, and `progress` hears why.

    Args:
        config: The configuration of the run.
        tables: Reads the tables the run was trained on.
        progress: Who listens.
    """
    try:
        splits = load_splits(config.data, tables(), seed=config.seed)
    except TextclfError as fault:
        progress.warn(f"no floor, because the training data cannot be read: {fault}")
        return None
    return learnt_from(splits, config)


def _refit_notes(run: Run) -> tuple[str, ...]:
    """Returns what a run says of its second training, if it had one."""
    notes = run.read_json("data.json")["notes"]
    return tuple(note for note in notes if note.startswith(REFITTED))


def _known_notes(table: Table, learnt: Dataset | None) -> Iterator[str]:
    """Says how many texts the model knows already, but for case and blanks."""
    if learnt is None:
        return
    known = int(np.isin(table.copy_keys(), keys_of(learnt.texts)).sum())
    if known:
        yield (
            f"{known:,} of {len(table):,} texts were trained on: the scores say "
            "too much of new texts"
        )


def _notes(predictions: Predictions) -> list[str]:
    """Says what of the texts the model could not see."""
    counts = {
        "empty": int(predictions.empty.sum()),
        "truncated": int(predictions.truncated.sum()),
        "of unknown words only": int((predictions.unknown >= 1).sum()),
    }
    n = len(predictions)
    told = [
        f"{count:,} of {n:,} texts are {what}"
        for what, count in counts.items()
        if count
    ]
    share = float(predictions.unknown.mean())
    return [*told, f"unknown words: {100 * share:.1f} % of a text on average"]
