"""Times as people write them: `90s`, `20m`, `2h`."""

import re
from typing import Annotated

from pydantic import BeforeValidator

_TIME = re.compile(r"([0-9]+(?:\.[0-9]+)?)([smh])")
_SECONDS = {"s": 1, "m": 60, "h": 3600}


def seconds_of(time: object) -> float:
    """Returns the seconds of `90s`, `20m` or `2h`.

    Raises:
        ValueError: It is something else.
    """
    found = _TIME.fullmatch(time) if isinstance(time, str) else None
    if found is None:
        raise ValueError(f"got {time!r}, expected a time, e.g. 90s, 20m or 2h")
    return float(found[1]) * _SECONDS[found[2]]


def _checked(value: object) -> object:
    if value is not None:
        seconds_of(value)
    return value


Duration = Annotated[str, BeforeValidator(_checked)]
"""A time, kept as it was written."""
