"""What a classifier says while it learns, if it is asked to."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self, TextIO

from textclf.errors import printable
from textclf.progress import SILENT, Progress


class Talk:
    """Listens to training and hands its lines on: an epoch a line, and warnings."""

    def say(self, message: str) -> None:
        """Tells a line."""
        stream = _stream()
        stream.write(printable(message) + "\n")
        stream.flush()

    def warn(self, message: str) -> None:
        """Tells what the user should not miss."""
        self.say(f"warning: {message}")

    @contextmanager
    def task(self, name: str, total: float | None = None) -> Iterator[Self]:
        """Opens a piece of work, of which nothing is shown."""
        yield self

    def advance(self, steps: float = 1.0, note: str = "") -> None:
        """Hears of steps; epochs are told when they end."""


def listener(verbose: int) -> Progress:
    """Returns who listens: nobody for 0."""
    return Talk() if verbose else SILENT


def _stream() -> TextIO:
    """Returns stderr; in a notebook stdout, since stderr looks like an error there."""
    return sys.stdout if "ipykernel" in sys.modules else sys.stderr
