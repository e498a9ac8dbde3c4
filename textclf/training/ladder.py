"""The best of a few recipes within a time budget, judged by the dev texts."""

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textclf.config.load import LoadedConfig, varied_config
from textclf.config.recipes import RECOMMENDED, TOPICS, Recipe, for_several_labels
from textclf.config.schema import Config
from textclf.config.training import TrainingConfig
from textclf.errors import TextclfError
from textclf.progress import Progress
from textclf.training.prepare import Prepared

if TYPE_CHECKING:
    from textclf.training.fit import Epoch, Seen

AS_WRITTEN = "as written"
_MONITOR = TrainingConfig.model_fields["monitor"].default
_NO_TIME, _CUT_OFF = "no time left", "not tried to its end"
_TOO_SHORT = (_NO_TIME, _CUT_OFF)
"""How the problem of a recipe begins that a longer budget would have tried."""


def _rung_of(recipe: Recipe) -> dict[str, Any]:
    """Returns the settings of a recipe; whether it is refitted is not its own."""
    settings = {
        f"{section}.{key}": value
        for section in ("text", "training")
        for key, value in recipe[section].items()
        if key != "refit"
    }
    return {"model": recipe["model"], "embedding": recipe["embedding"], **settings}


_PROBABLE = {"training.loss": "cross_entropy"}
_CHARACTERS = {**_rung_of(RECOMMENDED), **_PROBABLE}
_WORDS: Mapping[str, Any] = {
    **_PROBABLE,
    "text.char_ngrams": None,
    "text.vocabulary_size": 30_000,
    "regularisation.word_dropout": 0.2,
    "training.optimizer": "lazy_adam",
    "training.learning_rate": 0.002,
    "training.epochs": 20,
}
RECIPES: Mapping[str, Mapping[str, Any]] = {
    AS_WRITTEN: {},
    "n-grams": {**_CHARACTERS, "text.char_ngrams": None},
    "n-grams and characters": _CHARACTERS,
    "n-grams by rarity": _rung_of(TOPICS),
    "average of words and pairs": {
        **_WORDS,
        "model": {"kind": "average"},
        "text.ngrams": 2,
    },
    "cnn": {**_WORDS, "model": {"kind": "cnn"}, "text.ngrams": 1},
}
"""What is tried, in this order: settings laid over those that are written."""


@dataclass(frozen=True)
class Rung:
    """A recipe that was tried.

    Attributes:
        name: The recipe.
        seconds: How long it took.
        dev_accuracy: Of its answers, with temperature and thresholds; None: it did
            not come to its end.
        dev_macro_f1: Of the same answers.
        problem: Why there is no score.
    """

    name: str
    seconds: float
    dev_accuracy: float | None = None
    dev_macro_f1: float | None = None
    problem: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Returns the rung as a mapping."""
        return asdict(self)

    def __str__(self) -> str:
        if self.dev_accuracy is None:
            return f"ladder: {self.name}: {self.problem}"
        return (
            f"ladder: {self.name}: dev accuracy {self.dev_accuracy:.4f}, macro F1 "
            f"{self.dev_macro_f1:.4f} ({self.seconds:.1f} s)"
        )


Prepare = Callable[[LoadedConfig], tuple[Prepared, float]]
"""Reads and encodes data; also tells the seconds it waited for the backend."""


@dataclass(frozen=True)
class Ladder:
    """A climb.

    Attributes:
        prepare: Reads and encodes the data as a configuration says, and tells how
            long it waited for the backend, which happens once.
        budget: Seconds, for all recipes and the final training of the best.
        progress: Who listens.
    """

    prepare: Prepare
    budget: float
    progress: Progress

    def climb(self, loaded: LoadedConfig) -> tuple[LoadedConfig, list[Rung]]:
        """Tries the recipes while there is time; returns the best, and all rungs.

        The time that the best so far took is kept for training it in the end, twice
        with `training.refit`, which no recipe is tried with.
        """
        trainings = 2 if loaded.config.training.refit else 1
        end, rungs = time.monotonic() + self.budget, list[Rung]()
        configs: dict[str, LoadedConfig] = {}
        for name, settings in _recipes(loaded):
            best = leading(rungs, loaded.config)
            spare = end - time.monotonic() - (trainings * best.seconds if best else 0.0)
            if spare <= 0:
                kept = f", {best.name} needs the rest in the end" if best else ""
                rungs.append(Rung(name, 0.0, problem=_NO_TIME + kept))
            else:
                rung, configs[name] = self._tried(loaded, name, settings, spare)
                rungs.append(rung)
            self.progress.say(str(rungs[-1]))
        if left := sum((rung.problem or "").startswith(_TOO_SHORT) for rung in rungs):
            self.progress.say(
                f"ladder: {self.budget:g} s were too short for {left} of {len(rungs)} "
                "recipes; a longer training.budget tries them"
            )
        best = leading(rungs, loaded.config)
        chosen = configs[best.name] if best else loaded
        self.progress.say(f"ladder: trained now: {best.name if best else AS_WRITTEN}")
        return varied_config(chosen, {"training.budget": None}), rungs

    def _tried(
        self, loaded: LoadedConfig, name: str, settings: Mapping[str, Any], spare: float
    ) -> tuple[Rung, LoadedConfig]:
        began = time.monotonic()
        try:
            varied = varied_config(loaded, settings)
            seen, waited = self._scored(varied, began + spare)
        except TextclfError as fault:
            if name == AS_WRITTEN:  # what is wrong with it is wrong with the run
                raise
            problem = fault.problem
        except _OutOfTimeError as stop:
            problem = (
                f"{_CUT_OFF}: {spare:.1f} s were left, it would have taken up to "
                f"{stop.wanted:.0f} s"
            )
        else:
            seconds = time.monotonic() - began - waited
            accuracy, macro_f1 = seen["dev_accuracy"], seen["dev_macro_f1"]
            return Rung(name, seconds, accuracy, macro_f1), varied
        return Rung(name, time.monotonic() - began, problem=problem), loaded

    def _scored(self, loaded: LoadedConfig, end: float) -> tuple["Seen", float]:
        """Trains; returns the dev scores of the answers as a run would give them."""
        epochs = 0
        began, most = time.monotonic(), loaded.config.training.epochs

        def hear(epoch: "Epoch") -> None:
            nonlocal epochs
            epochs += 1
            if (now := time.monotonic()) > end:
                raise _OutOfTimeError(now - began + (most - epochs) * epoch.seconds)

        prepared, waited = self.prepare(loaded)
        # Not before: it imports the backend, which starts without talk in there.
        from textclf.training.fit import watched
        from textclf.training.learn import begin, learn

        dev = prepared.splits.dev
        with tempfile.TemporaryDirectory(prefix="textclf-ladder-") as folder:
            begun = begin(prepared, vectors=Path(folder) / "vectors.bin")
            answering = learn(begun, on_epoch=hear)
        return watched(answering.predict(dev.texts), dev), waited


class _OutOfTimeError(Exception):
    """A recipe takes longer than there is time: up to `wanted` seconds."""

    def __init__(self, wanted: float) -> None:
        super().__init__(wanted)
        self.wanted = wanted


def leading(rungs: list[Rung], config: Config) -> Rung | None:
    """Returns the rung with the best dev score; of equals, the first; None: no score.

    Accuracy decides, unless `training.monitor` or several labels a text ask for macro
    F1.
    """
    several = config.data.label_separator is not None
    by_f1 = several or config.training.monitor == "dev_macro_f1"
    name = "dev_macro_f1" if by_f1 else "dev_accuracy"
    scored = [rung for rung in rungs if rung.dev_accuracy is not None]
    return max(scored, key=lambda rung: getattr(rung, name), default=None)


def _recipes(loaded: LoadedConfig) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yields the recipes; kinds that see words begin with the vectors written.

    One that is written already is not tried twice.
    """
    seeded = loaded.config.embedding.init == "naive_bayes"
    for name, settings in RECIPES.items():
        fresh = seeded and "model" in settings and "embedding" not in settings
        laid = {**settings, "embedding": {}} if fresh else settings
        laid = _suited(laid, loaded.config)
        if name == AS_WRITTEN or not _is_written(loaded, laid):
            yield name, laid


def _suited(settings: Mapping[str, Any], config: Config) -> Mapping[str, Any]:
    """Returns a recipe for the labels at hand, which watches what is written."""
    if settings and config.data.label_separator is not None:
        return {**for_several_labels(settings), **_PROBABLE}
    if config.training.monitor == _MONITOR:
        return settings
    return {k: v for k, v in settings.items() if k != "training.monitor"}


def _is_written(loaded: LoadedConfig, settings: Mapping[str, Any]) -> bool:
    try:
        return varied_config(loaded, settings).config == loaded.config
    except TextclfError:  # told when it is tried
        return False
