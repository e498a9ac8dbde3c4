"""One training run, from prepared data to a bundle and its reports."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from textclf import machine
from textclf.assessment import LAST_WAS_BEST, assess, fit_floor, keep, learnt_from
from textclf.config.load import dump_config
from textclf.config.schema import Config
from textclf.data.dataset import Dataset, Splits
from textclf.evaluation.floor import Floor
from textclf.evaluation.movement import Movement
from textclf.evaluation.plots import history_plot
from textclf.evaluation.report import Report
from textclf.predictor import Predictor
from textclf.progress import SILENT, Progress
from textclf.run import Run
from textclf.training.board import open_board
from textclf.training.fit import Epoch, Pass
from textclf.training.journey import Journey
from textclf.training.learn import Begun, begin, learn
from textclf.training.prepare import Prepared
from textclf.training.refit import begin_again, check_refit, learn_again, refit_told
from textclf.training.self_training import RECORD, Attempt, self_trained
from textclf.training.trained import Trained


def train(prepared: Prepared, *, run: Run, progress: Progress = SILENT) -> Trained:
    """Trains, keeps and judges a model.

    The dev texts decide about stopping; the test texts are predicted, once, at the end.
    With `training.refit` the dev report is of the model that did not learn from the dev
    texts, the test report of the one that is kept.

    Args:
        prepared: Data, encoder and the shape of the model.
        run: A new run; it holds the bundle and the reports afterwards.
        progress: Who listens.

    Raises:
        KeyboardInterrupt: Training was stopped. If that was the second one, the run is
            complete, with the first model, and its configuration one without refit.
        TextclfError: As the parts raise; the run's state then names the reason.
    """
    stopped = False
    with run.running():
        check_refit(prepared)
        described = describe(prepared.splits)
        run.write_json("data.json", described)
        run.write_json("environment.json", machine.environment())
        again = prepared.config.training.refit
        attempt = partial(_attempt, run=run, progress=progress)
        kept, rounds = self_trained(prepared, attempt, progress=progress)
        if rounds is not None:
            run.write_json(RECORD, rounds.to_json())
            described["notes"].append(rounds.verdict())
        most = prepared.config.training.epochs
        if kept.epochs[-1].best and len(kept.epochs) == most > 1:
            progress.say(LAST_WAS_BEST)
        final = _again(kept, run, progress) if again else kept
        if again and final is kept:
            stopped, prepared = True, _once(prepared, run)
        elif again:
            described["notes"].append(refit_told(kept))
        run.write_json("data.json", described)
        movement = _keep(final, run, progress)
        more = movement.to_markdown() if movement else ""
        dev, test = _assess(prepared, kept, final, run, more, progress)
        seconds = round(time.monotonic() - prepared.started, 1)
        run.write_state("complete", seconds=seconds)
    if stopped:
        raise KeyboardInterrupt
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


@dataclass(frozen=True, eq=False)
class _Followed(Attempt):
    """An attempt, and how its words moved.

    Attributes:
        journey: None for a kind whose rows are no vectors of words.
    """

    journey: Journey | None


def _attempt(
    number: int, prepared: Prepared, *, run: Run, progress: Progress
) -> _Followed:
    """Trains a model; its epochs are told and written into the run."""
    begun = begin(prepared, vectors=run.vectors, progress=progress)
    journey = Journey.begin(begun.model, begun.prepared)
    monitor = prepared.config.training.monitor
    diary = _Diary(run, progress, journey, _board(number, begun, run), monitor)
    predictor = learn(begun, on_epoch=diary, progress=progress)
    return _Followed(begun, predictor, diary.epochs, journey)


def _again(first: _Followed, run: Run, progress: Progress) -> _Followed:
    """Trains once more with the dev texts; the epochs stay those of the first model.

    Who stops it has the first model, which is returned as it is.
    """
    try:
        return _second(first, run, progress)
    except KeyboardInterrupt:
        progress.warn(
            "training.refit was stopped: the model of the first training is kept in "
            f"{run.folder}; Ctrl-C once more ends at once, without it"
        )
        return first


def _once(prepared: Prepared, run: Run) -> Prepared:
    """Makes the run one that trains once, its configuration included."""
    config = prepared.config
    training = config.training.model_copy(update={"refit": False})
    config = config.model_copy(update={"training": training})
    run.write_config(dump_config(config))
    return replace(prepared, config=config)


def _second(first: _Followed, run: Run, progress: Progress) -> _Followed:
    begun = begin_again(first, vectors=run.vectors, progress=progress)
    journey = Journey.begin(begun.model, begun.prepared)

    def hear(done: Pass) -> None:
        progress.say(str(done))
        if journey is not None:
            journey.see(done)

    predictor = learn_again(begun, first, on_pass=hear, progress=progress)
    return replace(first, begun=begun, predictor=predictor, journey=journey)


def _board(number: int, begun: Begun, run: Run) -> Callable[[Epoch], None] | None:
    if not begun.prepared.config.training.tensorboard:
        return None
    folder = run.folder / "tensorboard"
    return open_board(folder / f"round-{number}" if number else folder)


def _keep(kept: _Followed, run: Run, progress: Progress) -> Movement | None:
    """Writes into the run what belongs to the model that is kept."""
    begun, lines = kept.begun, [epoch.to_json() for epoch in kept.epochs]
    if begun.prepared.seeded is not None:
        run.write_json("coverage.json", begun.prepared.seeded.coverage.to_json())
    run.write_history(lines)
    history_plot(lines, run.folder / "history.png")
    movement = kept.journey.end(run) if kept.journey else None
    if movement is not None:
        progress.say(f"embedding: {movement.verdict()}")
    begun.save(run.bundle, kept.predictor)
    return movement


class _Diary:
    """Writes every epoch into the run and tells it."""

    def __init__(
        self,
        run: Run,
        progress: Progress,
        journey: Journey | None,
        board: Callable[[Epoch], None] | None,
        monitor: str,
    ) -> None:
        self.epochs: list[Epoch] = []
        self._monitor = monitor
        self._run, self._progress = run, progress
        self._journey, self._board = journey, board

    def __call__(self, epoch: Epoch) -> None:
        self.epochs.append(epoch)
        self._run.write_history([epoch.to_json() for epoch in self.epochs])
        self._progress.say(epoch.told(self._monitor))
        if self._journey is not None:
            self._journey.see(epoch)
        if self._board is not None:
            self._board(epoch)


def _assess(
    prepared: Prepared,
    kept: Attempt,
    final: Attempt,
    run: Run,
    more: str,
    progress: Progress,
) -> tuple[Report, Report | None]:
    """Judges each model beside baselines that learnt from the same texts."""
    splits, config = prepared.splits, prepared.config
    fitted = partial(fit_floor, seed=config.seed, progress=progress)
    judge = partial(_judged, config=config, run=run, more=more)
    floor, again = fitted(splits.train), config.training.refit
    notes = (refit_told(kept),) if again else ()
    dev = judge("dev", splits.dev, kept.predictor, floor, notes=notes)
    if splits.test is None:
        return dev, None
    floor = fitted(learnt_from(splits, config)) if again else floor
    return dev, judge("test", splits.test, final.predictor, floor, notes=notes)


def _judged(
    split: str,
    dataset: Dataset,
    predictor: Predictor,
    floor: Floor,
    *,
    config: Config,
    run: Run,
    more: str,
    notes: tuple[str, ...] = (),
) -> Report:
    predictions, report = assess(
        predictor,
        dataset,
        name=config.name,
        split=split,
        seed=config.seed,
        floor=lambda held: floor.score(held.texts, held.targets),
        notes=notes,
    )
    keep(run.folder, dataset, predictions, report, more=more)
    return report
