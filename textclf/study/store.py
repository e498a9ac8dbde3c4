"""The trials of a study in one append-only file."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from textclf.errors import ArtefactError, ResourceError
from textclf.files import sync_folder
from textclf.study.records import Record, Trial

FILE = "trials.jsonl"
_FORGET = "forget"


@dataclass
class Store:
    """Records by the identity of their trials; the last one of a trial counts.

    Each record is a line that is flushed to the disk before anybody hears of it. A line
    that a killed process left unfinished is no record: it is cut off before the next
    one is written.

    Attributes:
        folder: The study.
    """

    folder: Path
    _records: dict[str, Record] = field(default_factory=dict)
    _sound: int = 0

    @classmethod
    def open(cls, folder: Path) -> "Store":
        """Reads the records of a study, of which there may be none yet.

        Raises:
            ArtefactError: A whole line is no record.
            ResourceError: The file cannot be read.
        """
        store = cls(folder)
        for number, (line, whole) in enumerate(_lines(store.path), start=1):
            entry = _entry(line, where=f"{store.path}:{number}", whole=whole)
            if entry is None:
                break
            store._take(entry, where=f"{store.path}:{number}")
            store._sound += len(line)
        return store

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / FILE

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, trial: Trial) -> bool:
        return trial.identity in self._records

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records.values())

    def of(self, trial: Trial) -> Record | None:
        """Returns the record of a trial, if there is one."""
        return self._records.get(trial.identity)

    def append(self, record: Record) -> None:
        """Keeps a record, for good.

        Raises:
            ResourceError: The disk is full; the file is as it was.
        """
        self._write(record.to_json())
        self._records[record.trial.identity] = record

    def forget(self, trial: Trial) -> None:
        """Lets a trial be wanted again; what it was stays in the file."""
        self._write({_FORGET: trial.identity})
        self._records.pop(trial.identity, None)

    def _take(self, entry: dict[str, Any], *, where: str) -> None:
        if set(entry) == {_FORGET}:
            self._records.pop(str(entry[_FORGET]), None)
            return
        try:
            record = Record.from_json(entry)
        except (AttributeError, KeyError, TypeError, ValueError) as fault:
            raise ArtefactError(
                f"got no record of a trial ({fault})", where=where
            ) from fault
        self._records[record.trial.identity] = record

    def _write(self, entry: dict[str, Any]) -> None:
        line = (json.dumps(entry, ensure_ascii=False, allow_nan=False) + "\n").encode()
        try:
            fresh = not self.path.exists()
            with self.path.open("ab") as stream:
                stream.truncate(self._sound)
                stream.write(line)
                stream.flush()
                os.fsync(stream.fileno())
            if fresh:
                sync_folder(self.folder)
        except OSError as fault:
            raise ResourceError(
                f"cannot be written ({fault.strerror or fault})",
                where=str(self.path),
                fix="free some space and run the study again: it goes on from here",
            ) from fault
        self._sound += len(line)


def _lines(path: Path) -> Iterator[tuple[bytes, bool]]:
    """Yields each line and whether it is whole."""
    if not path.exists():
        return
    try:
        with path.open("rb") as stream:
            for line in stream:
                yield line, line.endswith(b"\n")
    except OSError as fault:
        raise ResourceError(
            f"cannot be read ({fault.strerror or fault})", where=str(path)
        ) from fault


def _entry(line: bytes, *, where: str, whole: bool) -> dict[str, Any] | None:
    """Returns what a line holds; None for one that was never finished."""
    if not whole:
        return None
    try:
        entry = json.loads(line)
    except ValueError as fault:
        raise ArtefactError(
            "got a line that is no JSON",
            where=where,
            fix="remove that line: its trial is trained again",
        ) from fault
    if not isinstance(entry, dict):
        raise ArtefactError("got no record of a trial", where=where)
    return entry
