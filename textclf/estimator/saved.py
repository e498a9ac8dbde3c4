"""A classifier in a folder: a bundle, and beside it what scikit-learn's side needs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from textclf.bundle import Bundle
from textclf.config.load import load_config
from textclf.ensemble.members import bundle_of_one
from textclf.errors import ArtefactError, one_of
from textclf.estimator.answers import Answers
from textclf.estimator.packed import Packed
from textclf.estimator.settings import DEFAULTS, PLACES, parameters_of, plain
from textclf.files import check_regular, staged_folder, write_json
from textclf.run import BUNDLE, CONFIG, HISTORY, SAVED, Run
from textclf.sealed import MANIFEST

_FORMAT = 1
_MAX_JSON = 64 << 20
_DAMAGED = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, eq=False)
class Saved:
    """All that a fitted classifier consists of.

    Attributes:
        parameters: Of the constructor.
        answers: The classes.
        packed: The bundle.
        history: One mapping an epoch.
        notes: Remarks on the data.
    """

    parameters: Mapping[str, Any]
    answers: Answers
    packed: Packed
    history: list[dict[str, Any]]
    notes: list[str]

    def write(self, folder: Path) -> None:
        """Writes everything, whole or not at all.

        Raises:
            ArtefactError: The folder exists.
        """
        if folder.exists():
            raise ArtefactError(
                "exists already, expected a new folder", where=str(folder)
            )
        facts = {
            "format": _FORMAT,
            "parameters": {name: plain(v) for name, v in self.parameters.items()},
            "answers": self.answers.to_json(),
            "history": self.history,
            "notes": self.notes,
        }
        with staged_folder(folder) as stage:
            self.packed.write(stage / BUNDLE)
            write_json(stage / SAVED, facts)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Reads a saved classifier, a run, or a bundle alone.

        Raises:
            ArtefactError: It is none of them, or damaged.
        """
        if (folder / SAVED).is_file():
            return cls._of_saved(folder)
        if (folder / MANIFEST).is_file():
            return cls._of_bundle(folder)
        if not folder.exists():
            raise ArtefactError("no such folder", where=str(folder))
        return cls._of_run(Run.open(folder))

    @classmethod
    def _of_saved(cls, folder: Path) -> Self:
        path = folder / SAVED
        check_regular(path, ArtefactError, max_bytes=_MAX_JSON)
        bundle = Bundle.open(folder / BUNDLE)
        try:
            facts = json.loads(path.read_bytes())
            if facts["format"] != _FORMAT:
                raise ArtefactError(
                    f"got format {facts['format']}, expected {_FORMAT}",
                    where=str(path),
                    fix="install the textclf that saved it",
                )
            parameters = {n: tupled(v) for n, v in facts["parameters"].items()}
            if foreign := set(parameters) - set(DEFAULTS):
                problem = f"got unknown settings {one_of(sorted(foreign))}"
                raise ArtefactError(problem, where=str(path))
            answers = Answers.from_json(facts["answers"], bundle.labels)
            history, notes = list(facts["history"]), list(map(str, facts["notes"]))
        except (
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            RecursionError,
        ) as fault:
            raise ArtefactError("got no saved classifier", where=str(path)) from fault
        return cls(parameters, answers, Packed.of(bundle.folder), history, notes)

    @classmethod
    def _of_bundle(cls, folder: Path) -> Self:
        bundle = Bundle.open(folder)
        parts: dict[str, Any] = {
            "text": bundle.encoder.settings,
            "model": bundle.spec.model,
            "regularisation": bundle.spec.regularisation,
        }
        known = {
            name: tupled(getattr(parts[section], key))
            for name, (section, _, key) in _split_places()
            if section in parts and key in type(parts[section]).model_fields
        }
        if bundle.spec.model.kind != "ngram":
            known["dim"] = bundle.spec.dim
        answers = Answers.of_labels(bundle.labels)
        return cls(DEFAULTS | known, answers, Packed.of(folder), [], [])

    @classmethod
    def _of_run(cls, run: Run) -> Self:
        bundle = bundle_of_one(run)
        config = load_config(run.folder / CONFIG).config
        lines = (run.folder / HISTORY).read_text("utf-8").splitlines()
        return cls(
            parameters_of(config),
            Answers.of_labels(bundle.labels),
            Packed.of(bundle.folder),
            [json.loads(line) for line in lines],
            list(run.read_json("data.json")["notes"]),
        )


def tupled(value: Any) -> Any:
    """Returns lists as tuples, which are what defaults are made of."""
    return tuple(value) if isinstance(value, list) else value


def _split_places() -> list[tuple[str, tuple[str, str, str]]]:
    return [(name, key.partition(".")) for name, key in PLACES.items()]
