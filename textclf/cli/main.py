"""Parses the command line, runs one command, turns faults into exit codes."""

import argparse
import contextlib
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from importlib import import_module
from types import FrameType
from typing import NoReturn

from textclf.cli.parser import parser
from textclf.errors import TextclfError

OUT_OF_MEMORY = 6
BUG = 1
INTERRUPTED = 130
TERMINATED = 143
PIPE_CLOSED = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; returns its exit code.

    0 ok, 1 a bug of textclf, 2 configuration or usage, 3 data, 4 artefact, 5 diverged,
    6 resource, 130 Ctrl-C, 141 closed pipe, 143 SIGTERM.
    """
    options = parser().parse_args(arguments)
    if options.command is None:
        parser().print_help()
        return 0
    try:
        with _signals():
            command = import_module(f"textclf.cli.{options.command}")
            command.run(options)
            sys.stdout.flush()
    except TextclfError as fault:
        return _told(fault, options)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except SystemExit as ended:
        if ended.code == TERMINATED:
            print("interrupted", file=sys.stderr)
        raise
    except BrokenPipeError:
        # Python would try to flush the closed pipe once more while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except MemoryError:
        print(f"error[E{OUT_OF_MEMORY}] memory is exhausted", file=sys.stderr)
        return OUT_OF_MEMORY
    except Exception as fault:
        return _unforeseen(fault)
    return 0


def entry() -> NoReturn:
    """Runs the command of this process and ends it with its exit code."""
    code: object
    try:
        code = main()
    except SystemExit as ended:
        code = ended.code
    interrupted = code in (INTERRUPTED, TERMINATED)
    if interrupted or any(thread.daemon for thread in threading.enumerate()):
        # Python would tear down the libraries that a thread is still importing, and
        # after Ctrl-C some of them end the process by the same signal once more.
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))
    sys.exit(code)


def _told(fault: TextclfError, options: argparse.Namespace) -> int:
    if options.debug:
        traceback.print_exc()
    print(f"error[E{fault.exit_code}] {fault}", file=sys.stderr)
    return fault.exit_code


def _unforeseen(fault: Exception) -> int:
    """Reports running out of memory inside the backend, or a bug of ours."""
    if type(fault).__name__ == "ResourceExhaustedError":
        print(
            f"error[E{OUT_OF_MEMORY}] memory is exhausted; "
            "fix: set training.batch_size or text.max_length lower",
            file=sys.stderr,
        )
        return OUT_OF_MEMORY
    traceback.print_exc()
    print(
        f"error[E{BUG}] this is a bug of textclf ({type(fault).__name__}); "
        "fix: report it with the lines above",
        file=sys.stderr,
    )
    return BUG


@contextlib.contextmanager
def _signals() -> Iterator[None]:
    """Lets SIGTERM unwind like Ctrl-C, so that a run can say it was interrupted.

    A second Ctrl-C ends the process at once.
    """

    def terminate(number: int, frame: FrameType | None) -> None:
        raise SystemExit(TERMINATED)

    def interrupt(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, terminate)
        before_interrupt = signal.signal(signal.SIGINT, interrupt)
    except ValueError:  # not the main thread: somebody else handles signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGINT, before_interrupt)
