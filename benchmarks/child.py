"""What a contestant's process does: load, look at its own memory, tell its figures."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")


def tell(**figures: float | str) -> None:
    """Prints the figures as the line that the runner reads."""
    print("\n" + json.dumps(figures), flush=True)


def load_texts(path: Path) -> list[str]:
    """Reads a file of a text a line; no more of it is in memory than the list."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        return [line[:-1] for line in lines]


def resident() -> int:
    """Returns the bytes this process has in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


def peak() -> int:
    """Returns the most bytes this process ever had in memory."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise OSError("the kernel tells no VmHWM")


@contextmanager
def quiet_stdout() -> Iterator[None]:
    """Sends what libraries print to stdout to nowhere."""
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
