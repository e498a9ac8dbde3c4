"""Texts from stdin, a line each, as they come."""

import os
import select
import sys
from collections.abc import Iterator, Sequence

from textclf.cli.console import Console

_BLOCK = 1 << 16


def lines_of_stdin(batch: int) -> Iterator[Sequence[str]]:
    """Yields the lines that have come so far, so that a pipe is answered at once.

    Args:
        batch: Most lines at a time.
    """
    if sys.stdin.isatty():
        Console().say("reading texts from the terminal, one a line; Ctrl-D ends")
    rest = b""
    while block := _read(sys.stdin.fileno()):
        *lines, rest = (rest + block).split(b"\n")
        for start in range(0, len(lines), batch):
            yield [_line(line) for line in lines[start : start + batch]]
    if rest:
        yield [_line(rest)]


def _read(descriptor: int) -> bytes:
    """Waits for bytes in a way that Ctrl-C can end.

    A signal does not end `read` once a native library has asked the system to restart
    it, as polars does; it always ends `select`.
    """
    select.select([descriptor], [], [])
    return os.read(descriptor, _BLOCK)


def _line(line: bytes) -> str:
    return line.removesuffix(b"\r").decode("utf-8", "replace")
