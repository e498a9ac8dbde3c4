"""Talk on stderr: lines, and a bar with the time left where a person is watching."""

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from textclf.cli.lines import folded
from textclf.errors import printable

_PATIENCE = 2.0
_PLAIN_EVERY = 10.0
_BAR, _NARROW = 20, 80
"""Columns of the bar, and of a terminal that has no room for it."""


class Console:
    """The progress of a command, told to a terminal or to a log."""

    def __init__(self) -> None:
        self._bar: Any = None

    def say(self, message: str) -> None:
        """Prints a line of talk."""
        self._print(printable(message))

    def warn(self, message: str) -> None:
        """Prints a line that the user should not miss."""
        self._print(f"warning: {printable(message)}")

    @contextmanager
    def task(self, name: str, total: float | None = None) -> Iterator["_Running"]:
        """Shows a piece of work once it has taken two seconds."""
        running = _Running(self, name, total)
        try:
            yield running
        finally:
            if self._bar is not None:
                self._bar.stop()
                self._bar = None

    def show(self, running: "_Running") -> None:
        """Draws the bar, or prints a line where nobody can see a bar."""
        if not sys.stderr.isatty():
            self._print(running.line())
            return
        if self._bar is None:
            self._bar = _rich_bar()
            self._bar.start()
            self._bar.add_task(running.name, total=running.total, note="")
        self._bar.update(
            self._bar.task_ids[0], completed=running.done, note=running.note
        )

    def _print(self, line: str) -> None:
        if sys.stderr.isatty():
            line = folded([line], shutil.get_terminal_size().columns)
        if self._bar is not None:
            self._bar.console.print(line, markup=False, highlight=False)
        else:
            # In one piece: while the backend starts, stderr changes between pieces.
            print(f"{line}\n", end="", file=sys.stderr, flush=True)


class _Running:
    """One piece of work under way."""

    def __init__(self, console: Console, name: str, total: float | None) -> None:
        self.name, self.total, self.done = printable(name), total, 0.0
        self.note = ""
        self._console = console
        self._started = time.monotonic()
        self._shown = self._started
        self._wait = _PATIENCE

    def advance(self, steps: float = 1.0, note: str = "") -> None:
        """Counts steps, and shows them now and then."""
        self.done, self.note = self.done + steps, printable(note)
        now = time.monotonic()
        if now - self._shown >= self._wait and self.done != self.total:
            self._shown = now
            self._wait = 0.1 if sys.stderr.isatty() else _PLAIN_EVERY
            self._console.show(self)

    def line(self) -> str:
        """Returns the state in words."""
        spent = time.monotonic() - self._started
        note = f", {self.note}" if self.note else ""
        if not self.total or not self.done:
            return f"{self.name}: {self.done:,.0f} done{note}"
        left = spent * (self.total - self.done) / self.done
        share = self.done / self.total
        return f"{self.name}: {share:.0%}{note}, about {left:.0f} s left"


def _rich_bar() -> Any:
    from rich.console import Console as RichConsole
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.table import Column

    console = RichConsole(stderr=True)
    name, note = Column(no_wrap=True), Column(no_wrap=True, ratio=1)
    share, left = (Column(no_wrap=True, min_width=wide) for wide in (4, 7))
    return Progress(
        TextColumn("{task.description}", markup=False, table_column=name),
        *([BarColumn(_BAR)] if console.width >= _NARROW else []),
        TaskProgressColumn(table_column=share),
        TimeRemainingColumn(table_column=left),
        TextColumn("{task.fields[note]}", markup=False, table_column=note),
        console=console,
        transient=True,
        expand=True,
    )


def width(*, piped: int = 80) -> int:
    """Returns the columns of the terminal, or `piped` where stdout is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else piped
