"""The study harness: many trials, paired by seed, analysed with their uncertainty."""

from typing import Any

__all__ = ["Study"]


def __getattr__(name: str) -> Any:
    """Imports `Study` when it is asked for: it brings pandas and SciPy along."""
    if name == "Study":
        from textclf.study.study import Study

        return Study
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
