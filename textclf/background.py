"""Work that goes on beside the main thread."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Background(Generic[Result]):
    """One call in a thread of its own, which never keeps the process from ending.

    Args:
        work: What is called; it must not print.
    """

    def __init__(self, work: Callable[[], Result]) -> None:
        self._future: Future[Result] = Future()
        self._work = work
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            self._future.set_result(self._work())
        except BaseException as fault:
            self._future.set_exception(fault)

    def result(self) -> Result:
        """Waits for the work; returns its result or raises what it raised."""
        return self._future.result()
