"""The study harness: many trials, paired by seed, analysed with their uncertainty."""

from typing import Any

__all__ = ["Findings", "Study"]


def __getattr__(name: str) -> Any:
    """Imports what is asked for, then: both bring pandas and SciPy along."""
    if name == "Study":
        from textclf.study.study import Study

        return Study
    if name == "Findings":
        from textclf.study.findings import Findings

        return Findings
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
