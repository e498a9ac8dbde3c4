"""The Keras backend is chosen once, and starts without talk."""

import contextlib
import logging
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from typing import TextIO

from textclf.errors import ConfigError

BACKENDS = ("tensorflow", "jax", "torch")
_DEFAULT = "tensorflow"


def prepare() -> str:
    """Chooses the backend (`KERAS_BACKEND`, else TensorFlow) and quietens its start.

    Returns:
        The name of the backend in use.

    Raises:
        ConfigError: The name is unknown, or Keras already runs on another backend.
    """
    name = os.environ.setdefault("KERAS_BACKEND", _DEFAULT)
    if name not in BACKENDS:
        raise ConfigError(
            f"got {name!r}, allowed are {', '.join(BACKENDS)}", where="KERAS_BACKEND"
        )
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    loaded = sys.modules.get("keras")
    if loaded is not None and loaded.backend.backend() != name:
        raise ConfigError(
            f"got {name!r}, but Keras was imported with {loaded.backend.backend()!r}",
            where="KERAS_BACKEND",
            fix="set KERAS_BACKEND before anything imports keras",
        )
    return name


def start() -> None:
    """Imports Keras on the chosen backend, without the native start-up messages."""
    name = prepare()
    if "keras" not in sys.modules:
        with _signals_deferred(), _native_talk_held():
            import keras

            keras.ops.zeros(())  # the first tensor starts the devices: more talk
    if name == "tensorflow":
        # It takes the fifth model of a process for one that is traced five times.
        logging.getLogger("tensorflow").setLevel(logging.ERROR)


@contextlib.contextmanager
def _signals_deferred() -> Iterator[None]:
    """Keeps Ctrl-C and SIGTERM for afterwards; a second one ends the process at once.

    An import of this size has places that swallow any exception, and with it the wish
    to stop.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    caught: list[int] = []

    def keep(number: int, frame: object) -> None:
        if caught:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        caught.append(number)

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, keep) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)
    if caught:
        signal.raise_signal(caught[0])


@contextlib.contextmanager
def _native_talk_held() -> Iterator[None]:
    """Holds back what native code writes to stderr; shows it only after a fault.

    What Python prints meanwhile, in whatever thread, goes where it should.
    """
    sys.stderr.flush()
    kept, before = os.dup(2), sys.stderr
    with tempfile.TemporaryFile() as held, os.fdopen(kept, "w", buffering=1) as own:
        if _is_native(before):
            sys.stderr = own
        os.dup2(held.fileno(), 2)
        try:
            yield
        except Exception:
            held.seek(0)
            os.write(kept, held.read())
            raise
        finally:
            sys.stderr = before
            os.dup2(kept, 2)


def _is_native(stream: TextIO) -> bool:
    try:
        return stream.fileno() == 2
    except (OSError, ValueError):
        return False


def is_tensorflow() -> bool:
    """Tells whether row-sparse updates are to be had."""
    return prepare() == "tensorflow"
