"""One process, measured from outside: wall time, CPU time, peak memory."""

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_RSS_UNIT = 1024
"""Linux counts `ru_maxrss` in kibibytes."""


@dataclass(frozen=True)
class Finished:
    """A process that has ended.

    Attributes:
        wall: Seconds from before it was started until it was gone.
        cpu: Seconds of user and system time, of it and the children it waited for.
        peak: Bytes of the largest resident set of it or of one such child.
        code: Its exit code; negative for a signal.
        output: What it wrote to stdout.
        errors: What it wrote to stderr.
    """

    wall: float
    cpu: float
    peak: int
    code: int
    output: str
    errors: str

    @property
    def reason(self) -> str:
        """The line that says why it failed."""
        told = [line.strip() for line in self.errors.splitlines() if line.strip()]
        return told[-1] if told else f"exit code {self.code}"


def measure(
    command: Sequence[str],
    *,
    folder: Path,
    environ: Mapping[str, str],
    limit: float,
) -> Finished:
    """Runs a command to its end and measures it.

    The kernel hands a process its parent's peak at birth: who calls this must be small.

    Args:
        command: The program and its arguments.
        folder: Where it runs.
        environ: Its environment.
        limit: Seconds after which it is killed.

    Raises:
        FileNotFoundError: There is no such program.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=dict(environ), stdout=output, stderr=errors
        )
        guard = threading.Timer(limit, process.kill)
        guard.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        finally:
            guard.cancel()
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        return Finished(
            wall=wall,
            cpu=usage.ru_utime + usage.ru_stime,
            peak=usage.ru_maxrss * _RSS_UNIT,
            code=process.returncode,
            output=_text(output),
            errors=_text(errors),
        )


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
