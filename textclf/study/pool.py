"""The worker processes of a study, seen from the process that leads it."""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from textclf.errors import ConfigError, ResourceError, TextclfError
from textclf.study.design import Cell
from textclf.study.folder import LOGS
from textclf.study.records import Record, Status, Trial

_LOG = f"{LOGS}/worker.log"
"""What a worker says outside of trials, e.g. why it cannot begin."""
_FULL = "free some space and run the study again: it goes on from here"
_COMMAND = (sys.executable, "-m", "textclf.study.worker")
_LOOK_EVERY = 0.25
_START_SECONDS = 180.0
_LAST_SECONDS = 5.0
_MODEL_SHARE = 0.4
"""Of a worker's memory, for models that are kept compiled."""
_RECYCLE_SHARE = 0.8


@dataclass(frozen=True)
class Facts:
    """What a worker has to know of the study.

    Attributes:
        folder: The study's.
        folders: Where relative paths begin.
        data_dir: A folder of data sets, asked first.
        split: The section `split`.
        seed: Of the study.
        memory_mb: What a worker may take.
        minutes: What a trial may take.
    """

    folder: Path
    folders: tuple[Path, ...]
    data_dir: Path | None
    split: Mapping[str, Any]
    seed: int
    memory_mb: int
    minutes: float

    def to_json(self) -> dict[str, Any]:
        """Returns what is sent to a worker."""
        return {
            "folder": str(self.folder),
            "folders": [str(folder) for folder in self.folders],
            "data_dir": str(self.data_dir) if self.data_dir else None,
            "split": dict(self.split),
            "seed": self.seed,
            "model_mb": _MODEL_SHARE * self.memory_mb,
        }


@dataclass(frozen=True)
class Job:
    """A trial with all that is sent to a worker; `data` is the hash of its tables."""

    trial: Trial
    config: Mapping[str, Any]
    log: str
    data: str


@dataclass
class _Worker:
    """One process, the job it has, and when that has to be done."""

    process: "subprocess.Popen[str]"
    started: float
    ready: bool = False
    job: Job | None = None
    since: float = 0.0
    ended: Status | None = None
    seen: set[Cell] = field(default_factory=set)

    def send(self, message: Mapping[str, Any]) -> None:
        """Sends a line; a process that is gone is noticed elsewhere."""
        stream = self.process.stdin
        with contextlib.suppress(OSError, ValueError):
            if stream is not None:
                stream.write(json.dumps(message) + "\n")
                stream.flush()


@dataclass
class Pool:
    """Workers that are started when needed and replaced when they grow or die.

    Attributes:
        facts: What they are told.
        size: How many.
    """

    facts: Facts
    size: int
    _workers: dict[int, _Worker] = field(default_factory=dict)
    _heard: "queue.Queue[tuple[int, dict[str, Any] | None]]" = field(
        default_factory=queue.Queue
    )

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *fault: object) -> None:
        for pid in list(self._workers):
            self._end(pid)

    @property
    def free(self) -> int:
        """How many jobs could be given now."""
        gone = (w for w in self._workers.values() if w.job is not None or w.ended)
        return self.size - sum(1 for _ in gone)

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return any(worker.job is not None for worker in self._workers.values())

    def give(self, waiting: list[Job]) -> None:
        """Gives a waiting job to a worker that has none, and takes it off the list.

        A worker trains a cell again, if it can: its step is compiled there already.

        Raises:
            ResourceError: No process can be started.
        """
        idle = [w for w in self._workers.values() if w.job is None and not w.ended]
        worker = idle[0] if idle else self._started()
        job = self._best_for(worker, waiting)
        waiting.remove(job)
        worker.job, worker.since = job, time.monotonic()
        worker.seen.add(job.trial.cell)
        asked = {"config": dict(job.config), "log": job.log, "data": job.data}
        worker.send(asked | {"trial": job.trial.to_json()})

    def check(self, config: Mapping[str, Any], *, where: str) -> None:
        """Builds the model of a configuration once.

        Args:
            config: The settings.
            where: What an error calls it.

        Raises:
            TextclfError: It cannot be built, or the worker ended.
        """
        worker = next(iter(self._workers.values()), None) or self._started()
        worker.send({"check": dict(config)})
        while True:
            self._watch()
            try:
                pid, message = self._heard.get(timeout=_LOOK_EVERY)
            except queue.Empty:
                continue
            if pid != worker.process.pid:
                continue
            if message is None:
                self._end(pid)
                raise ResourceError(
                    _ending(worker), where=where, fix=self._advice(worker)
                )
            if "halt" in message:
                raise _halted(message)
            if "checked" in message:
                self._recycle(worker)
                return _raise(message["checked"], where=where)
            worker.ready = True

    def _advice(self, worker: _Worker) -> str:
        if worker.ended == "memory":
            return "set limits.memory_mb higher, or the cell smaller"
        return f"see {self.facts.folder / _LOG}"

    def wait(self) -> Iterator[tuple[Job, Record]]:
        """Yields what was done when something has happened, or soon."""
        with contextlib.suppress(queue.Empty):
            heard = self._heard.get(timeout=_LOOK_EVERY)
            while True:
                yield from self._hear(*heard)
                heard = self._heard.get_nowait()
        self._watch()

    def _best_for(self, worker: _Worker, waiting: Sequence[Job]) -> Job:
        """Prefers cells it knows, then cells that no other worker knows."""
        others = {c for w in self._workers.values() if w is not worker for c in w.seen}
        seed = waiting[0].trial.seed
        near = [job for job in waiting if job.trial.seed == seed]
        known = (job for job in near if job.trial.cell in worker.seen)
        new = (job for job in near if job.trial.cell not in others)
        return next(known, None) or next(new, waiting[0])

    def _started(self) -> _Worker:
        environment = os.environ | {"OMP_NUM_THREADS": "1"}
        log = self.facts.folder / _LOG
        try:
            log.parent.mkdir(exist_ok=True)
            with log.open("ab") as stream:
                process = subprocess.Popen(
                    _COMMAND,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=stream,
                    text=True,
                    encoding="utf-8",
                    env=environment,
                )
        except OSError as fault:
            raise ResourceError(f"no worker can be started ({fault})") from fault
        worker = _Worker(process, time.monotonic())
        self._workers[process.pid] = worker
        threading.Thread(target=self._listen, args=(process,), daemon=True).start()
        worker.send(self.facts.to_json())
        return worker

    def _listen(self, process: "subprocess.Popen[str]") -> None:
        """Hands on what a worker says; None: it is gone."""
        with contextlib.suppress(OSError, ValueError):
            for line in process.stdout or ():
                self._heard.put((process.pid, json.loads(line)))
        self._heard.put((process.pid, None))

    def _hear(
        self, pid: int, message: dict[str, Any] | None
    ) -> Iterator[tuple[Job, Record]]:
        worker = self._workers.get(pid)
        if worker is None:
            return
        if message is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                worker.process.wait(_LAST_SECONDS)  # else its own exit code is lost
            self._end(pid)
            if worker.job is not None:
                yield worker.job, _lost(worker)
        elif "halt" in message:
            raise _halted(message)
        elif "ready" in message:
            worker.ready, worker.since = True, time.monotonic()
        elif worker.job is not None:
            job, worker.job = worker.job, None
            yield job, Record.from_json(message)
            self._recycle(worker)

    def _recycle(self, worker: _Worker) -> None:
        """Ends a worker that has grown; the next job begins another one."""
        if _megabytes(worker.process) > _RECYCLE_SHARE * self.facts.memory_mb:
            self._end(worker.process.pid)

    def _watch(self) -> None:
        """Ends workers that take too long or too much; their end is heard of."""
        now = time.monotonic()
        for worker in self._workers.values():
            limit = 60 * self.facts.minutes if worker.ready else _START_SECONDS
            if worker.job is not None and now - worker.since > limit:
                worker.ended = "timeout"
            elif _megabytes(worker.process) > self.facts.memory_mb:
                worker.ended = "memory"
            else:
                continue
            worker.process.kill()

    def _end(self, pid: int) -> None:
        worker = self._workers.pop(pid)
        worker.process.kill()
        worker.process.wait()
        for stream in (worker.process.stdin, worker.process.stdout):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()


def _lost(worker: _Worker) -> Record:
    """Returns the record of a trial whose worker is gone."""
    if worker.job is None:
        raise ValueError("a job is lost by a worker that had one")
    return Record(
        worker.job.trial,
        worker.ended or "killed",
        error=_ending(worker),
        log=worker.job.log if worker.ready else _LOG,
        wall_seconds=round(time.monotonic() - worker.since, 3),
    )


def _ending(worker: _Worker) -> str:
    """Says why a worker is gone."""
    reasons = {
        "timeout": "took longer than limits.trial_minutes",
        "memory": "took more memory than limits.memory_mb",
        "killed": f"its process ended with {worker.process.returncode}",
    }
    return reasons[worker.ended or "killed"]


def _raise(told: Mapping[str, Any] | None, *, where: str) -> None:
    """Raises what a worker found wrong with a configuration, if anything."""
    if told is not None:
        problem = f"this cell cannot be built: {told['error']}"
        raise _family(told["code"])(problem, where=where)


def _halted(told: Mapping[str, Any]) -> TextclfError:
    """Returns why no trial can go on: a full disk, or data that are gone."""
    family = _family(told["code"])
    return family(told["halt"], fix=_FULL if family is ResourceError else None)


def _family(code: int | None) -> type[TextclfError]:
    families = {kind.exit_code: kind for kind in TextclfError.__subclasses__()}
    return families.get(code or 0, ConfigError)


def _megabytes(process: "subprocess.Popen[str]") -> float:
    try:
        return float(psutil.Process(process.pid).memory_info().rss) / 1e6
    except psutil.Error:
        return 0.0
