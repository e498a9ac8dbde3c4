"""The folder of a study: what was asked, and what stays the same when it goes on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textclf.errors import (
    ArtefactError,
    ConfigError,
    DataError,
    ResourceError,
    printable,
)
from textclf.files import check_regular, is_temporary, write_json
from textclf.study.spec import SEARCHES

FACTS, LOCK, LOGS, REPORT, SHELF = "study.json", ".lock", "logs", "report", "shelf"
FLOOR = "floor.json"
_FREE = ("question", "replication", "metric", "rope", "reference", "winner", "limits")
"""Sections that may change between runs: no finished trial depends on them."""
_SHOWN = 70
_NEEDED = {
    "spec",
    "file",
    "factors",
    "cells",
    "points",
    "overlap",
    "data",
    "environment",
    "command",
}


@dataclass(frozen=True)
class StudyFolder:
    """Where a study lives.

    Attributes:
        path: The folder.
    """

    path: Path

    def check(self, facts: Mapping[str, Any]) -> None:
        """Makes the folder, or finds in it the same study.

        Args:
            facts: `spec`, `data` and what the report needs beside them.

        Raises:
            ConfigError: Another study is there, or something else.
            DataError: The texts or labels are others than they were.
            ResourceError: The folder cannot be made.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            names = {entry.name for entry in self.path.iterdir()}
        except OSError as fault:
            raise ResourceError(
                f"cannot be used ({fault.strerror})", where=str(self.path)
            ) from fault
        if FACTS not in names and not all(map(_is_left_over, names)):
            raise ConfigError(
                "got a folder with other things in it",
                where=str(self.path),
                fix="choose another --run-dir: a new folder, or that of this study",
            )
        if FACTS in names:
            old = self.facts()
            _refuse_other(old["spec"], facts["spec"], where=str(self.path))
            _refuse_other_data(old["data"], facts["data"], where=str(self.path))

    def write(self, facts: Mapping[str, Any]) -> None:
        """Replaces what is known of the study; the lock must be held."""
        write_json(self.path / FACTS, dict(facts))

    def facts(self) -> dict[str, Any]:
        """Returns what `begin` wrote.

        Raises:
            ArtefactError: The folder holds no study.
        """
        path = self.path / FACTS
        try:
            check_regular(path, ArtefactError, max_bytes=64 << 20)
            facts: dict[str, Any] = json.loads(path.read_bytes())
        except ArtefactError as fault:
            raise ArtefactError(
                f"got no study here: {FACTS} {fault.problem}",
                where=str(self.path),
                fix="give the folder that `study run` printed",
            ) from fault
        except ValueError as fault:
            raise ArtefactError("got invalid JSON", where=str(path)) from fault
        if not isinstance(facts, dict) or not facts.keys() >= _NEEDED:
            raise ArtefactError("got no study", where=str(path))
        return facts

    def floor(self) -> float | None:
        """Returns the mean score of a linear model on the same folds, if known."""
        try:
            told: float = json.loads((self.path / FLOOR).read_bytes())["mean"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return told


def _is_left_over(name: str) -> bool:
    """Tells whether a name is all that a study leaves that was killed at once."""
    return name == LOCK or is_temporary(name)


def _refuse_other(
    old: Mapping[str, Any], new: Mapping[str, Any], *, where: str
) -> None:
    changed = _differences(_bound(old), _bound(new))
    if changed:
        more = f" (and {len(changed) - 3} more)" if len(changed) > 3 else ""
        raise ConfigError(
            f"got another study than the one that is there: {'; '.join(changed[:3])}"
            f"{more}",
            where=where,
            fix="choose another --run-dir, or undo the change; only "
            f"{', '.join(_FREE)} may change",
        )


def _refuse_other_data(
    old: Mapping[str, Any], new: Mapping[str, Any], *, where: str
) -> None:
    if old["sha256"] != new["sha256"]:
        raise DataError(
            f"got other texts or labels of {new['name']} than the study began with",
            where=where,
            fix="put the data back, or choose another --run-dir",
        )


def _bound(spec: Mapping[str, Any]) -> dict[str, Any]:
    bound = {key: value for key, value in spec.items() if key not in _FREE}
    if spec["sampler"]["kind"] in SEARCHES:  # proposals do not depend on how many
        bound["sampler"] = spec["sampler"] | {"cells": None}
    return bound


def _differences(old: Any, new: Any, key: str = "") -> list[str]:
    """Lists in words what differs, by dotted key."""
    if old == new:
        return []
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        names = dict.fromkeys([*old, *new])
        found = [
            _differences(old.get(n, "nothing"), new.get(n, "nothing"), f"{key}.{n}")
            for n in names
        ]
        return [line for lines in found for line in lines]
    was, now = (printable(json.dumps(v), limit=_SHOWN) for v in (old, new))
    return [f"{key.lstrip('.')} was {was}, is {now}"]
