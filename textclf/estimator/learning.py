"""Learning in memory: from tables to a predictor and its bundle, without a run."""

import tempfile
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textclf import backend
from textclf.config.schema import Config
from textclf.data.dataset import NoneToSpare
from textclf.data.labels import Labels
from textclf.data.sources import Sources, read_unlabelled
from textclf.errors import DataError
from textclf.estimator.faults import InputError
from textclf.estimator.packed import Packed
from textclf.predictor import Predictor
from textclf.progress import Progress
from textclf.training.prepare import Prepared, prepare

if TYPE_CHECKING:
    from textclf.training.fit import Epoch, Pass
    from textclf.training.self_training import Attempt

_VECTORS = "vectors.bin"
_NO_DEV = (
    "no text was held out: the training texts decide when to stop; fit(X, y, "
    "dev=(texts, labels)) gives others"
)


@dataclass(frozen=True, eq=False)
class Learnt:
    """What learning in memory gives.

    Attributes:
        predictor: What answers.
        packed: Its bundle.
        epochs: What each epoch brought.
        notes: What a user should know of the data.
    """

    predictor: Predictor
    packed: Packed
    epochs: "tuple[Epoch, ...]"
    notes: tuple[str, ...]


def learnt(
    config: Config,
    tables: Sources,
    labels: Labels,
    *,
    progress: Progress,
) -> Learnt:
    """Trains; see `training.learn`.

    Args:
        config: The settings.
        tables: Texts to learn from, and those that decide about stopping if given.
        labels: The labels in their order.
        progress: Who listens.

    Raises:
        InputError: Texts or labels cannot be used.
        TextclfError: As training raises.
    """
    backend.start()
    from textclf.training.refit import check_refit, refit_told
    from textclf.training.self_training import self_trained

    prepared, notes = _prepared(config, tables, labels, progress)
    check_refit(prepared)
    with tempfile.TemporaryDirectory(prefix="textclf-") as parent:
        attempt = partial(_attempt, folder=Path(parent), progress=progress)
        kept, rounds = self_trained(prepared, attempt, progress=progress)
        told = [rounds.verdict()] if rounds else []
        if config.training.refit:
            told.append(refit_told(kept))
            kept = _again(kept, folder=Path(parent), progress=progress)
        bundle = Path(parent) / "bundle"
        kept.begun.save(bundle, kept.predictor)
        packed = Packed.of(bundle)
    return Learnt(kept.predictor, packed, tuple(kept.epochs), (*notes, *told))


def _attempt(
    number: int, prepared: Prepared, *, folder: Path, progress: Progress
) -> "Attempt":
    from textclf.training.learn import begin, learn
    from textclf.training.self_training import Attempt

    epochs: list[Epoch] = []

    def see(epoch: "Epoch") -> None:
        epochs.append(epoch)
        progress.say(epoch.told(prepared.config.training.monitor))

    begun = begin(prepared, vectors=folder / _VECTORS, progress=progress)
    predictor = learn(begun, on_epoch=see, progress=progress)
    return Attempt(begun, predictor, epochs)


def _again(first: "Attempt", *, folder: Path, progress: Progress) -> "Attempt":
    from textclf.training.refit import begin_again, learn_again
    from textclf.training.self_training import Attempt

    def hear(done: "Pass") -> None:
        progress.say(str(done))

    begun = begin_again(first, vectors=folder / _VECTORS, progress=progress)
    predictor = learn_again(begun, first, on_pass=hear, progress=progress)
    return Attempt(begun, predictor, first.epochs)


def _prepared(
    config: Config, tables: Sources, labels: Labels, progress: Progress
) -> tuple[Prepared, tuple[str, ...]]:
    """Prepares; where no text can be spared, training texts stand in for dev texts."""
    prepared = partial(
        prepare,
        config,
        unlabelled=read_unlabelled(config.data, folders=(Path(),)),
        labels=labels,
        progress=progress,
    )
    try:
        if tables.dev is not None or config.data.dev_fraction > 0:
            with suppress(NoneToSpare):
                found = prepared(tables)
                return found, found.splits.notes
        found = prepared(Sources(tables.train, tables.train))
    except DataError as fault:
        raise InputError.of(fault, fix=fault.fix) from fault
    progress.warn(_NO_DEV)
    return found, (_NO_DEV,)
