"""What is taken for texts, and what is refused."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from textclf.errors import printable
from textclf.estimator.faults import InputError

_SURROGATE = re.compile("[\ud800-\udfff]")


def texts_of(given: Any, *, where: str = "X") -> list[str]:
    """Returns texts as plain strings.

    Args:
        given: A list, tuple, NumPy array, or column of pandas or polars, of strings.
        where: What the argument is called, for messages.

    Raises:
        InputError: It is one text, a table, empty, or holds something else than text;
            a missing value counts as such.
    """
    given = np.asarray(given) if is_array_only(given) else given
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
        raise InputError(
            f"got {_told(given)}, expected an iterable over texts",
            where=where,
            fix="put a single text into a list: [text]",
        )
    if getattr(given, "ndim", 1) != 1 or hasattr(given, "columns"):
        shape = tuple(getattr(given, "shape", ()))
        raise InputError(
            f"got a table of shape {shape}, expected one column of texts",
            where=where,
            fix='name the column, e.g. frame["text"]',
        )
    texts = list(given)
    for row, text in enumerate(texts):
        _check(text, f"{where}[{row}]")
    if not texts:
        raise InputError("got 0 texts, expected at least one", where=where)
    return [str(text) for text in texts]


def is_array_only(given: Any) -> bool:
    """Tells what can be made an array and cannot be walked through."""
    return hasattr(given, "__array__") and not isinstance(given, Iterable)


def _check(text: Any, where: str) -> None:
    if not isinstance(text, str):
        raise InputError(
            f"got {_told(text)}, expected text",
            where=where,
            fix='fill missing texts with "", or leave their rows out',
        )
    if not text.isascii() and _SURROGATE.search(text):
        raise InputError(
            "got half a surrogate pair, which is no character",
            where=where,
            fix='text.encode("utf-8", "replace").decode() replaces it',
        )


def _told(value: Any) -> str:
    return f"{type(value).__name__} {printable(repr(value), limit=60)}"
