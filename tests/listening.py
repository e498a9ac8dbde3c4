"""What several tests of progress share: somebody who keeps what is said."""

from collections.abc import Iterator
from contextlib import contextmanager

from textclf.progress import Task


class Listener:
    """Keeps what is said; warnings and tasks are faults."""

    def __init__(self) -> None:
        self.said: list[str] = []

    @contextmanager
    def task(self, name: str, total: float | None = None) -> Iterator[Task]:
        raise NotImplementedError
        yield

    def say(self, message: str) -> None:
        self.said.append(message)

    def warn(self, message: str) -> None:
        raise NotImplementedError
