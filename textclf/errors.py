"""The errors a user can meet, each with the exit code of its family."""

import difflib
import unicodedata
from collections.abc import Iterable

__all__ = [
    "ArtefactError",
    "ConfigError",
    "DataError",
    "DivergedError",
    "ResourceError",
    "TextclfError",
    "nearest",
    "one_of",
    "printable",
]


class TextclfError(Exception):
    """A mistake or fault that is explained to the user, without a traceback.

    Args:
        problem: What was got and what is allowed, in one sentence.
        where: File and line, or the key of the configuration.
        fix: What to do next.
    """

    exit_code = 1

    def __init__(
        self, problem: str, *, where: str | None = None, fix: str | None = None
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.where = where
        self.fix = fix

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        remedy = f"; fix: {self.fix}" if self.fix else ""
        return printable(f"{place}{self.problem}{remedy}")


class ConfigError(TextclfError):
    """A configuration or a command line that cannot be used."""

    exit_code = 2


class DataError(TextclfError):
    """A data file or a label that cannot be used."""

    exit_code = 3


class ArtefactError(TextclfError):
    """A bundle, run or vector file that is damaged, foreign or unsupported."""

    exit_code = 4


class DivergedError(TextclfError):
    """Training whose loss left the finite numbers."""

    exit_code = 5


class ResourceError(TextclfError):
    """Memory, disk, time or a lock that could not be had."""

    exit_code = 6


def printable(text: str, *, limit: int | None = None) -> str:
    """Returns `text` with escapes for what could steer a terminal.

    Args:
        text: Anything.
        limit: Characters it is shortened to first; None: as many as it has.
    """
    if limit is not None and len(text) > limit:
        text = text[: limit - 1] + "…"
    if text.isprintable():
        return text
    return "".join(c if _is_safe(c) else _escaped(c) for c in text)


def _is_safe(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def nearest(name: str, allowed: Iterable[str], *, alike: float = 0.6) -> str | None:
    """Returns the one of the `allowed` names that looks most like `name`, if any.

    `alike` is what their likeness must reach, out of 1.
    """
    matches = difflib.get_close_matches(name, list(allowed), n=1, cutoff=alike)
    return matches[0] if matches else None


def one_of(names: Iterable[str], *, limit: int = 20) -> str:
    """Lists `names` for a message: `a, b, c`, shortened after `limit`."""
    listed = [printable(str(name), limit=60) for name in names]
    more = f" … ({len(listed)} in all)" if len(listed) > limit else ""
    return ", ".join(listed[:limit]) + more


def plural(n: int, noun: str) -> str:
    """Writes a number with its noun."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
