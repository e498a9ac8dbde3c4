"""`python -m benchmarks.profiled MODULE …`: runs a module, tells where its time went.

One core, so that no time hides in threads. Time is the own time of functions of textclf
and of native libraries, and the whole time of imports with all they run.
"""

import contextlib
import cProfile
import os
import pstats
import runpy
import sys
from collections import Counter
from pathlib import Path

from benchmarks.child import tell
from benchmarks.records import ROOT

_IMPORT = ("<frozen importlib._bootstrap>", "_find_and_load")
_NATIVE = "~"
_RUN_BY_IMPORTS = ("marshal.", "_imp.", "posix.", "builtins.", "'type'", "io.open_code")
_TOLD = 12

Function = tuple[str, int, str]
"""File, line and name, as `pstats` has them."""


def name_of(function: Function) -> str | None:
    """Returns what a function is told as; None if it is not of ours, nor native."""
    file, _, name = function
    if file == _NATIVE:
        ours = not any(part in name for part in _RUN_BY_IMPORTS)
        return name.strip("<>").removeprefix("built-in method ") if ours else None
    path = Path(file)
    if not path.is_relative_to(ROOT) or "site-packages" in path.parts:
        return None
    return f"{path.relative_to(ROOT)}: {name}"


def places(profile: cProfile.Profile) -> list[tuple[str, float]]:
    """Returns seconds by place, most first, and last those of all that is not told."""
    found = pstats.Stats(profile).stats.items()  # type: ignore[attr-defined]
    seconds: Counter[str] = Counter()
    for function, (_, _, own, cumulated, _) in found:
        if (function[0], function[2]) == _IMPORT:
            seconds["imports"] += cumulated
        elif name := name_of(function):
            seconds[name] += own
    told = seconds.most_common(_TOLD)
    total = sum(own for _, (_, _, own, _, _) in found)
    return [*told, ("all else", max(total - sum(own for _, own in told), 0.0))]


def main() -> None:
    """Runs what the arguments name; the profile is the last line."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    sys.argv = sys.argv[1:]
    profile = cProfile.Profile()
    with contextlib.suppress(SystemExit), profile:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    tell(**dict(places(profile)))


if __name__ == "__main__":
    main()
