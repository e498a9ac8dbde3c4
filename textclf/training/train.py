"""One training run, from prepared data to a bundle and its reports."""

import time
from typing import Any

from textclf import machine
from textclf.assessment import assess, fit_floor, keep
from textclf.data.dataset import Dataset, Splits
from textclf.evaluation.floor import Floor
from textclf.evaluation.movement import Movement
from textclf.evaluation.plots import history_plot
from textclf.evaluation.report import Report
from textclf.predictor import Predictor
from textclf.progress import SILENT, Progress
from textclf.run import Run
from textclf.training.board import open_board
from textclf.training.fit import Epoch
from textclf.training.journey import Journey
from textclf.training.learn import begin, learn
from textclf.training.prepare import Prepared
from textclf.training.trained import Trained


def train(prepared: Prepared, *, run: Run, progress: Progress = SILENT) -> Trained:
    """Trains, keeps and judges a model.

    The dev texts decide about stopping; the test texts are predicted, once, at the end.

    Args:
        prepared: Data, encoder and the shape of the model.
        run: A new run; it holds the bundle and the reports afterwards.
        progress: Who listens.

    Raises:
        TextclfError: As the parts raise; the run's state then names the reason.
    """
    with run.running():
        run.write_json("data.json", describe(prepared.splits))
        run.write_json("environment.json", machine.environment())
        train, seed = prepared.splits.train, prepared.config.seed
        predictor, movement = _learn(prepared, run, progress)
        floor = fit_floor(train, seed=seed, progress=progress)
        more = movement.to_markdown() if movement else ""
        dev, test = _assess(prepared, predictor, floor, run, more)
        seconds = round(time.monotonic() - prepared.started, 1)
        run.write_state("complete", seconds=seconds)
    return Trained(run, seconds, dev, test)


def describe(splits: Splits) -> dict[str, Any]:
    """Returns sizes, labels, sources and hashes of the data of a run."""
    parts = {"train": splits.train, "dev": splits.dev, "test": splits.test}
    return {
        "task": splits.train.labels.task,
        "splits": {
            name: {
                "source": splits.sources[name],
                "texts": len(part),
                "labels": part.counts(),
                "sha256": part.digest(),
            }
            for name, part in parts.items()
            if part is not None
        },
        "notes": list(splits.notes),
    }


def _learn(
    prepared: Prepared, run: Run, progress: Progress
) -> tuple[Predictor, Movement | None]:
    begun = begin(prepared, vectors=run.vectors, progress=progress)
    prepared = begun.prepared
    if prepared.seeded is not None:
        run.write_json("coverage.json", prepared.seeded.coverage.to_json())
    journey = Journey.begin(begun.model, prepared, run)
    tensorboard = prepared.config.training.tensorboard
    diary = _Diary(run, progress, journey, tensorboard=tensorboard)
    predictor = learn(begun, on_epoch=diary, progress=progress)
    history_plot(diary.lines, run.folder / "history.png")
    movement = journey.end(run) if journey else None
    if movement is not None:
        progress.say(f"embedding: {movement.verdict()}")
    begun.save(run.bundle, predictor)
    return predictor, movement


class _Diary:
    """Writes every epoch into the run and tells it."""

    def __init__(
        self,
        run: Run,
        progress: Progress,
        journey: Journey | None,
        *,
        tensorboard: bool,
    ) -> None:
        self.lines: list[dict[str, Any]] = []
        self._run, self._progress, self._journey = run, progress, journey
        self._board = open_board(run.folder / "tensorboard") if tensorboard else None

    def __call__(self, epoch: Epoch) -> None:
        self.lines.append(epoch.to_json())
        self._run.write_history(self.lines)
        self._progress.say(str(epoch))
        if self._journey is not None:
            self._journey.see(epoch)
        if self._board is not None:
            self._board(epoch)


def _assess(
    prepared: Prepared, predictor: Predictor, floor: Floor, run: Run, more: str
) -> tuple[Report, Report | None]:
    config, splits = prepared.config, prepared.splits

    def judged(split: str, dataset: Dataset) -> Report:
        predictions, report = assess(
            predictor,
            dataset,
            name=config.name,
            split=split,
            seed=config.seed,
            floor=lambda held: floor.score(held.texts, held.targets),
        )
        keep(run.folder, dataset, predictions, report, more=more)
        return report

    dev = judged("dev", splits.dev)
    return dev, judged("test", splits.test) if splits.test is not None else None
