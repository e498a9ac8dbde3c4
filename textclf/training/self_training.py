"""Self-training: a model labels further texts, and the next one learns from them too.

The oldest way to learn from texts without labels (Scudder 1965; Yarowsky 1995), with a
threshold and hard labels as in Lee 2013, and a weight as in Nigam et al. 2000.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

from textclf.errors import ConfigError, one_of
from textclf.predictor import Predictor
from textclf.progress import SILENT, Progress
from textclf.training.fit import Epoch, Seen, watched
from textclf.training.learn import Begun
from textclf.training.prepare import Prepared, prepare_splits
from textclf.training.pseudo_labels import (
    PseudoLabelled,
    fresh_texts,
    pseudo_labelled,
)

RECORD = "self_training.json"

_LABELS_SHOWN = 12


@dataclass(frozen=True, eq=False)
class Attempt:
    """One training from scratch.

    Attributes:
        begun: The model, with the weights of its best epoch.
        predictor: What answers by it.
        epochs: What each epoch brought.
    """

    begun: Begun
    predictor: Predictor
    epochs: Sequence[Epoch]

    @property
    def scores(self) -> Seen:
        """What `training.monitor` may name, of the answers as they will be given.

        Not that of the best epoch: pseudo-labels make a model surer, which the fitted
        temperature takes back.
        """
        dev = self.begun.prepared.splits.dev
        return watched(self.predictor.predict(dev.texts), dev)


Tried = TypeVar("Tried", bound=Attempt)


@dataclass(frozen=True)
class Round:
    """What one training learnt from, and what it came to.

    Attributes:
        round: 0: the labelled texts alone.
        asked: How many texts were labelled by the model of the round before.
        sure: How many of their labels reached the threshold.
        taken: How many texts of each label were learnt from.
        dev_loss: Of the answers to the dev texts, in nats.
        dev_accuracy: The share of dev texts that are answered right.
        dev_macro_f1: The mean F1 of the labels.
    """

    round: int
    asked: int
    sure: int
    taken: Mapping[str, int]
    dev_loss: float
    dev_accuracy: float
    dev_macro_f1: float

    @property
    def texts(self) -> int:
        """How many texts were taken."""
        return sum(self.taken.values())


@dataclass(frozen=True)
class Rounds:
    """All trainings of a run, in their order.

    Attributes:
        monitor: What decides which one is kept.
        rounds: The trainings; the first is without self-training.
        kept: The number of the one that is kept.
    """

    monitor: str
    rounds: tuple[Round, ...]
    kept: int

    def to_json(self) -> dict[str, Any]:
        """Returns what the run keeps."""
        return asdict(self)

    def verdict(self) -> str:
        """Says which training is kept, by what, and what it learnt from."""
        first, best = self.rounds[0], self.rounds[self.kept]
        alone, value = getattr(first, self.monitor), getattr(best, self.monitor)
        measure = self.monitor.replace("_", " ")
        if best.round == 0:
            return (
                "self-training brought nothing: the model of the labelled texts alone "
                f"is kept ({measure} {alone:.4f})"
            )
        return (
            f"self-training: {_told(best.taken)} of {best.asked:,} unlabelled texts "
            f"were learnt from in round {best.round}, which is kept ({measure} "
            f"{value:.4f}, without them {alone:.4f})"
        )


def self_trained(
    prepared: Prepared,
    attempt: Callable[[int, Prepared], Tried],
    *,
    progress: Progress = SILENT,
) -> tuple[Tried, Rounds | None]:
    """Trains, then again in rounds, with texts that the model before has labelled.

    Every round labels all texts anew by the best model so far, and begins from scratch
    on labelled and pseudo-labelled texts, with a vocabulary of both. The one that is
    best on the dev texts by `training.monitor` is kept; a round that is no better than
    those before, or finds no text to take, is the last.

    Args:
        prepared: The labelled texts, and those without labels.
        attempt: Trains one model; is given the number of its round, from 0.
        progress: Who listens.

    Returns:
        The best attempt; what each round came to, None where none was asked for.

    Raises:
        ConfigError: There are no dev texts to tell which round is best.
    """
    training = prepared.config.training
    if training.self_training is None:
        return attempt(0, prepared), None
    _check_dev(prepared)
    train = prepared.splits.train
    texts = fresh_texts(prepared.unlabelled, train.texts)
    best = attempt(0, prepared)
    rounds, kept = [_round(0, best, None)], 0
    for number in range(1, training.self_training.rounds + 1):
        found = pseudo_labelled(
            best.predictor, texts, train, training.self_training, progress=progress
        )
        progress.say(_taking(number, found))
        if not len(found.taken):
            break
        tried = attempt(number, _taught(prepared, found, progress))
        rounds.append(_round(number, tried, found))
        if not _better(rounds[number], rounds[kept], training.monitor):
            break
        best, kept = tried, number
    told = Rounds(training.monitor, tuple(rounds), kept)
    progress.say(told.verdict())
    return best, told


def _check_dev(prepared: Prepared) -> None:
    splits = prepared.splits
    if splits.dev.digest() == splits.train.digest():
        raise ConfigError(
            "got no dev texts, which tell whether a round of it is better",
            where="training.self_training",
            fix="give dev texts, or set it to null",
        )


def _taught(prepared: Prepared, found: PseudoLabelled, progress: Progress) -> Prepared:
    """Returns the run that learns from the pseudo-labelled texts too."""
    train = prepared.splits.train.joined(found.taken)
    return prepare_splits(
        prepared.config,
        replace(prepared.splits, train=train),
        unlabelled=prepared.unlabelled,
        started=prepared.started,
        progress=progress,
    )


def _better(one: Round, other: Round, monitor: str) -> bool:
    new, old = getattr(one, monitor), getattr(other, monitor)
    return bool(new < old if monitor == "dev_loss" else new > old)


def _round(number: int, attempt: Attempt, found: PseudoLabelled | None) -> Round:
    return Round(
        number,
        found.asked if found else 0,
        found.sure if found else 0,
        found.taken.counts() if found else {},
        **attempt.scores,
    )


def _taking(number: int, found: PseudoLabelled) -> str:
    return (
        f"self-training, round {number}: {found.sure:,} of {found.asked:,} unlabelled "
        f"texts are sure, {_told(found.taken.counts())} are taken"
    )


def _told(taken: Mapping[str, int]) -> str:
    """Returns how many texts were taken, with the share of each label."""
    total = sum(taken.values())
    if not total:
        return "none"
    shares = (f"{name} {100 * n / total:.1f} %" for name, n in taken.items())
    return f"{total:,} ({one_of(shares, limit=_LABELS_SHOWN)})"
