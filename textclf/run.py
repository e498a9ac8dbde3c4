"""The folder of one training run: what was asked, what happened, what came out."""

import contextlib
import json
import os
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textclf.errors import ArtefactError, ConfigError, ResourceError, printable
from textclf.files import (
    check_regular,
    locked,
    remove_orphans,
    write_json,
    write_text,
)

STATE, CONFIG, HISTORY = "state.json", "config.yaml", "history.jsonl"
BUNDLE, LOCK, VECTORS = "bundle", ".lock", "vectors.bin"
SAVED = "estimator.json"
"""What a classifier that was saved from Python has beside its bundle."""

_MAX_JSON = 256 << 20


@dataclass(frozen=True)
class Run:
    """A run's folder; `status` says how far it came.

    The status goes created → running → complete, interrupted or failed, and is written
    last: a run that says complete has everything, and nothing of it changes any more.
    """

    folder: Path

    @classmethod
    def create(cls, folder: Path, *, config: str) -> "Run":
        """Makes the folder and writes the resolved configuration into it.

        Raises:
            ConfigError: The folder exists and is not empty, or cannot be made.
        """
        check_free(folder)
        with _unusable(folder):
            folder.mkdir(parents=True, exist_ok=True)
        run = cls(folder)
        run.write_config(config)
        run.write_state("created")
        return run

    @classmethod
    def open(cls, folder: Path) -> "Run":
        """Opens a run that came to its end.

        Raises:
            ArtefactError: There is no run, or it has no bundle because it did not end.
        """
        run = cls(folder)
        try:
            check_regular(folder / STATE, ArtefactError)
        except ArtefactError as fault:
            raise ArtefactError(
                f"got no run here: {STATE} {fault.problem}",
                where=str(folder),
                fix="give the folder train printed",
            ) from fault
        state, status = run.state(), run.status()
        if status != "complete":
            reason = f": {state['reason']}" if state.get("reason") else ""
            raise ArtefactError(
                f"got a run that is {status}{reason}, expected a complete one",
                where=str(folder),
                fix=_way_on(folder, status),
            )
        return run

    @property
    def bundle(self) -> Path:
        """The folder of the bundle."""
        return self.folder / BUNDLE

    @property
    def vectors(self) -> Path:
        """The word vectors that were learnt from the run's own texts, if so."""
        return self.folder / VECTORS

    def state(self) -> dict[str, Any]:
        """Returns the last state that was written."""
        state = self.read_json(STATE)
        if not isinstance(state, dict) or not isinstance(state.get("status"), str):
            raise ArtefactError("got no status", where=str(self.folder / STATE))
        return state

    def status(self) -> str:
        """Returns how far it came; `killed` if its process ended without a word."""
        status: str = self.state()["status"]
        if status in ("created", "running") and not self._is_held():
            return "killed"
        return status

    def _is_held(self) -> bool:
        try:
            with locked(self.folder / LOCK):
                return False
        except ResourceError:
            return True

    def write_state(self, status: str, **facts: Any) -> None:
        """Replaces the state."""
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        state = {"status": status, "at": moment, "process": os.getpid(), **facts}
        write_json(self.folder / STATE, state)

    def write_config(self, config: str) -> None:
        """Replaces the resolved configuration."""
        write_text(self.folder / CONFIG, config)

    def write_json(self, name: str, value: Any) -> None:
        """Writes one of the run's records."""
        write_json(self.folder / name, value)

    def read_json(self, name: str) -> Any:
        """Reads one of the run's records."""
        path = self.folder / name
        check_regular(path, ArtefactError, max_bytes=_MAX_JSON)
        try:
            return json.loads(path.read_bytes())
        except (ValueError, RecursionError) as fault:
            raise ArtefactError("got invalid JSON", where=str(path)) from fault

    def write_history(self, epochs: list[dict[str, Any]]) -> None:
        """Replaces the history: a JSON line an epoch."""
        lines = [json.dumps(epoch, allow_nan=False) for epoch in epochs]
        write_text(self.folder / HISTORY, "".join(line + "\n" for line in lines))

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Holds the run's lock and writes how it ended, whatever happens.

        What is done inside ends with `write_state("complete")`; after that, nothing
        changes the state any more.

        Raises:
            ArtefactError: The run is complete.
            ResourceError: Another process works in this folder.
        """
        with locked(self.folder / LOCK):
            if self._is_complete():
                raise ArtefactError("got a complete run", where=str(self.folder))
            remove_orphans(self.folder)
            self.write_state("running")
            try:
                yield
            except BaseException as fault:
                with contextlib.suppress(Exception):
                    self._write_fault(fault)
                raise

    def _is_complete(self) -> bool:
        return self.state()["status"] == "complete"

    def _write_fault(self, fault: BaseException) -> None:
        if self._is_complete():
            return
        if isinstance(fault, KeyboardInterrupt | SystemExit):
            self.write_state("interrupted")
        else:
            reason = printable(str(fault)) or type(fault).__name__
            self.write_state("failed", reason=reason)


def check_free(folder: Path, flag: str = "--run-dir") -> None:
    """Refuses a folder that a new run would write over; `flag` chooses another.

    Raises:
        ConfigError: It exists and holds something, is no folder, or cannot be made.
    """
    with _unusable(folder):
        if folder.is_dir() and not any(folder.iterdir()):
            nearest = folder
        elif folder.exists() or folder.is_symlink():
            raise _taken(folder, flag)
        else:
            nearest = next(p for p in folder.absolute().parents if p.exists())
    if not nearest.is_dir():
        raise ConfigError(f"cannot be made, {nearest} is no folder", where=str(folder))
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise ConfigError("no permission to write here", where=str(folder))


def _taken(folder: Path, flag: str) -> ConfigError:
    left = _unfinished(folder)
    problem, fix = "exists already", f"choose another {flag}"
    if left:
        problem = f"holds a run that is {left}"
        fix = f"remove it (rm -r {shlex.quote(str(folder))}) or {fix}"
    problem += ", expected a new or empty folder"
    return ConfigError(problem, where=str(folder), fix=fix)


def _way_on(folder: Path, status: str) -> str:
    """Returns what leads to a complete run where there is none: no run goes on."""
    if status in ("created", "running"):
        return "wait until it is complete"
    kept = shlex.quote(str(folder))
    return f"remove it (rm -r {kept}) and train again, or train with another --run-dir"


def _unfinished(folder: Path) -> str:
    """Returns how a run ended before it was complete, or nothing."""
    try:
        status = Run(folder).status() if (folder / STATE).is_file() else "complete"
    except (ArtefactError, ConfigError, OSError):
        return ""
    return status if status in ("killed", "interrupted", "failed") else ""


@contextlib.contextmanager
def _unusable(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as fault:  # ValueError: NUL in the path
        reason = getattr(fault, "strerror", None) or str(fault)
        raise ConfigError(f"cannot be made ({reason})", where=str(folder)) from fault


def next_folder(parent: Path, name: str) -> Path:
    """Returns `parent/name`, or the first of `name-2`, `name-3` … that is free."""
    folder, number = parent / name, 2
    while folder.exists():
        folder, number = parent / f"{name}-{number}", number + 1
    return folder
