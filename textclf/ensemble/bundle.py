"""The folder of an ensemble: whole bundles of its models, and what each counts."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from textclf.bundle import (
    DECISION,
    ENSEMBLE,
    FORMAT,
    KIND,
    Bundle,
    golden_answers,
)
from textclf.data.labels import Labels
from textclf.errors import ArtefactError, DataError
from textclf.evaluation.decision import Decision
from textclf.files import sha256_of, staged_folder, write_json
from textclf.machine import version_of
from textclf.sealed import (
    MANIFEST,
    check_members,
    parsed,
    read_manifest,
    write_manifest,
)

MODELS = "models"
_OWN = ("weights.json", DECISION, "golden.json")
_FIRST_FORMAT = 3
_MOST = 100


@dataclass(frozen=True)
class EnsembleBundle:
    """A verified ensemble.

    Attributes:
        folder: Where it lies.
        manifest: Format, versions, hashes of the members.
        models: The bundles of its models.
        weights: What each of them counts; their sum is 1.
        golden: Texts and the probabilities they had when the ensemble was made.
        decision: From the mean of the models to answers.
    """

    folder: Path
    manifest: Mapping[str, Any]
    models: tuple[Bundle, ...]
    weights: tuple[float, ...]
    golden: Mapping[str, Any]
    decision: Decision

    @classmethod
    def open(cls, folder: Path) -> "EnsembleBundle":
        """Reads and verifies an ensemble with all its models.

        Raises:
            ArtefactError: A member is missing, added, changed, or the models do not
                answer the same question.
        """
        manifest = read_manifest(folder, oldest=_FIRST_FORMAT, newest=FORMAT)
        count = _models_named(folder, manifest)
        _check_folders(folder / MODELS, count)
        check_members(folder, manifest, {*_OWN, *map(_manifest_of, range(count))})
        bundle = cls(
            folder,
            manifest,
            tuple(Bundle.open(folder / MODELS / str(i + 1)) for i in range(count)),
            parsed(folder / "weights.json", _weights),
            parsed(folder / "golden.json", golden_answers),
            parsed(folder / DECISION, Decision.from_json),
        )
        bundle._check()
        return bundle

    @property
    def labels(self) -> Labels:
        """The names of the outputs, the same in every model."""
        return self.models[0].labels

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the manifest, which holds the hashes of everything else."""
        return sha256_of(self.folder / MANIFEST)

    def _check(self) -> None:
        where = str(self.folder)
        if len(self.weights) != len(self.models):
            raise ArtefactError(
                f"got {len(self.weights)} weights for {len(self.models)} models",
                where=where,
            )
        if any(model.labels != self.labels for model in self.models):
            raise ArtefactError("got models of different labels", where=where)
        try:
            self.decision.check(self.labels.task, len(self.labels))
        except DataError as fault:
            raise ArtefactError(fault.problem, where=where) from fault


def save_ensemble(
    folder: Path,
    *,
    models: Sequence[Path],
    weights: Sequence[float],
    golden: Mapping[str, Any],
    decision: Decision,
) -> None:
    """Writes an ensemble, whole or not at all; the bundles of its models are copied.

    Args:
        folder: Where it appears; must not exist.
        models: Bundles.
        weights: What each counts.
        golden: `texts` and the `probabilities` that the ensemble gives them.
        decision: From the mean of the models to answers.
    """
    with staged_folder(folder) as stage:
        for number, model in enumerate(models, start=1):
            shutil.copytree(model, stage / MODELS / str(number))
        write_json(stage / "weights.json", {"weights": list(weights)})
        write_json(stage / DECISION, decision.to_json())
        write_json(stage / "golden.json", golden)
        facts = {
            "format": FORMAT,
            KIND: ENSEMBLE,
            "textclf": version_of("textclf"),
            MODELS: len(models),
        }
        write_manifest(stage, facts, [*_OWN, *map(_manifest_of, range(len(models)))])


def _manifest_of(place: int) -> str:
    return f"{MODELS}/{place + 1}/{MANIFEST}"


def _models_named(folder: Path, manifest: Mapping[str, Any]) -> int:
    count = manifest.get(MODELS)
    if type(count) is not int or not 1 <= count <= _MOST:
        raise ArtefactError(
            f"got {count!r} models, expected 1 to {_MOST}",
            where=str(folder / MANIFEST),
        )
    return count


def _check_folders(folder: Path, count: int) -> None:
    entries = list(folder.iterdir()) if folder.is_dir() else []
    if folder.is_symlink() or any(entry.is_symlink() for entry in entries):
        raise ArtefactError("got a link, expected folders", where=str(folder))
    if {entry.name for entry in entries} != {str(i + 1) for i in range(count)}:
        raise ArtefactError("got other models than expected", where=str(folder))


def _weights(value: Any) -> tuple[float, ...]:
    weights = value.get("weights") if isinstance(value, dict) else None
    numbers = isinstance(weights, list) and all(type(w) is float for w in weights)
    if not numbers or not weights or min(weights) < 0:
        raise ArtefactError("got no weights, expected numbers that are not negative")
    if not np.isclose(sum(weights), 1.0, atol=1e-6):
        raise ArtefactError(f"got weights whose sum is {sum(weights):g}, expected 1")
    return tuple(weights)
