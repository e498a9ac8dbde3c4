"""The process that trains trials: `python -m textclf.study.worker`.

It reads JSON lines on stdin and answers on what was stdout; what libraries print goes
to the log of the trial. When its parent dies, stdin ends and so does the worker.
"""

import errno
import gc
import json
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textclf import backend
from textclf.config.load import config_from_mapping
from textclf.config.schema import Config
from textclf.data.named import Places
from textclf.errors import (
    DataError,
    DivergedError,
    ResourceError,
    TextclfError,
    printable,
)
from textclf.study.folder import SHELF
from textclf.study.records import Record, Status, Trial
from textclf.study.shelf import Shelf
from textclf.study.spec import SplitConfig

_STATUS_FILE, _CLEAR_FILE = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_LONGEST_ERROR = 500
_STORAGE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


def main() -> None:
    """Trains what stdin asks for until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    with os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1) as answers:
        os.dup2(2, 1)
        asked: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=_listen, args=(asked,), daemon=True).start()
        workshop = _Workshop(asked.get())
        answers.write(json.dumps({"ready": True}) + "\n")
        while True:
            answers.write(json.dumps(workshop.answer(asked.get())) + "\n")


def _listen(asked: "queue.Queue[dict[str, Any]]") -> None:
    """Hands on what is asked; ends the process when nobody asks any more."""
    for line in sys.stdin:
        asked.put(json.loads(line))
    os._exit(0)


class _Workshop:
    """Everything that lives longer than a trial.

    Args:
        facts: What `pool.Facts.to_json` says of the study.
    """

    def __init__(self, facts: Mapping[str, Any]) -> None:
        _start()
        from textclf.study.material import Material
        from textclf.study.traced import TracedModels
        from textclf.study.trial import Bench

        self._folder = Path(facts["folder"])
        folders = tuple(map(Path, facts["folders"]))
        data_dir = facts["data_dir"]
        material = Material(
            Places(folders, Path(data_dir) if data_dir else None, os.environ),
            split=SplitConfig(**facts["split"]),
            seed=facts["seed"],
            shelf=Shelf(self._folder / SHELF),
        )
        self._bench = Bench(material, TracedModels(facts["model_mb"]))

    def answer(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Does what one line asks for; `halt` where nothing more can be done."""
        try:
            if "check" in asked:
                return {"checked": self._check(asked["check"])}
            return self.run(asked).to_json()
        except (OSError, ResourceError, DataError) as fault:
            code = getattr(fault, "exit_code", ResourceError.exit_code)
            return {"halt": _said(fault), "code": code}

    def _check(self, settings: Mapping[str, Any]) -> dict[str, Any] | None:
        """Builds a model once; returns what is wrong."""
        try:
            self._bench.build(config_from_mapping(settings))
        except Exception as fault:
            if _is_storage(fault):
                raise
            return {"error": _said(fault), "code": getattr(fault, "exit_code", None)}
        return None

    def run(self, asked: Mapping[str, Any]) -> Record:
        """Trains a trial; whatever it raises is what its record says."""
        trial = Trial.from_json(asked["trial"])
        log = self._folder / asked["log"]
        _print_into(log)
        _forget_peak()
        wall, cpu = time.monotonic(), time.process_time()
        config = config_from_mapping(asked["config"])
        self._read(config, asked["data"])
        record = self._outcome(trial, config)
        gc.collect()
        return replace(
            record,
            wall_seconds=round(time.monotonic() - wall, 3),
            cpu_seconds=round(time.process_time() - cpu, 3),
            peak_mb=_peak_mb(),
            log=asked["log"],
            at=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def _read(self, config: Config, data: str) -> None:
        """Reads the data, if need be: that they are gone is no fault of a trial."""
        if self._bench.material.folds(config.data).digest != data:
            raise DataError(
                "got other texts or labels than the study began with",
                where=str(config.data.train or config.data.dataset),
                fix="put the data back and run the study again: it goes on from here",
            )

    def _outcome(self, trial: Trial, config: Config) -> Record:
        try:
            return self._bench.run(trial, config)
        except Exception as fault:
            if _is_storage(fault):
                raise
            traceback.print_exc()
            return Record(trial, _status(fault), error=_said(fault))


def _status(fault: Exception) -> Status:
    if isinstance(fault, DivergedError):
        return "diverged"
    exhausted = type(fault).__name__ == "ResourceExhaustedError"
    large = exhausted or isinstance(fault, MemoryError | ResourceError)
    return "memory" if large else "raised"


def _is_storage(fault: Exception) -> bool:
    """Tells whether a disk cannot be written: no fault of a trial."""
    cause = fault if isinstance(fault, OSError) else fault.__cause__
    return isinstance(cause, OSError) and cause.errno in _STORAGE


def _said(fault: Exception) -> str:
    name = "" if isinstance(fault, TextclfError) else f"{type(fault).__name__}: "
    return printable(f"{name}{fault}", limit=_LONGEST_ERROR)


def _start() -> None:
    """Starts Keras with one thread: results do not depend on the number of workers."""
    if backend.prepare() == "tensorflow":
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    backend.start()


def _print_into(log: Path) -> None:
    """Turns stdout and stderr to a file, whatever writes to them."""
    log.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    with log.open("wb") as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)


def _forget_peak() -> None:
    """Begins to measure the peak anew, where the kernel can (Linux)."""
    try:
        _CLEAR_FILE.write_text("5")
    except OSError:
        return


def _peak_mb() -> float:
    """Returns the most memory since; elsewhere than on Linux, of the whole process."""
    try:
        lines = _STATUS_FILE.read_text().splitlines()
    except OSError:
        import resource

        return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 1)
    told = next(line for line in lines if line.startswith("VmHWM:"))
    return round(int(told.split()[1]) * 1024 / 1e6, 1)


if __name__ == "__main__":
    main()
