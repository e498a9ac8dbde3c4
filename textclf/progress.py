"""Talk while something runs: what the library says and who may listen."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Task(Protocol):
    """One running piece of work."""

    def advance(self, steps: float = 1.0, note: str = "") -> None:
        """Tells that `steps` more are done; `note` is shown beside the bar."""


class Progress(Protocol):
    """Somebody who listens to the progress of work."""

    def task(
        self, name: str, total: float | None = None
    ) -> AbstractContextManager[Task]:
        """Opens a piece of work of `total` steps (None: unknown)."""

    def say(self, message: str) -> None:
        """Hands on a line of talk."""

    def warn(self, message: str) -> None:
        """Hands on a line that the user should not miss."""


class _Silence:
    """Hears nothing: what the library uses unless it is told otherwise."""

    @contextmanager
    def task(self, name: str, total: float | None = None) -> Iterator[Task]:
        yield self

    def advance(self, steps: float = 1.0, note: str = "") -> None:
        return None

    def say(self, message: str) -> None:
        return None

    def warn(self, message: str) -> None:
        return None


SILENT: Progress = _Silence()
