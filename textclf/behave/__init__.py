"""Behavioural tests: what a model must do, whatever it scores on held-out texts."""

from typing import Any

__all__ = ["SuiteResult", "open_suite", "run_suite"]

_HOMES = {
    "SuiteResult": "textclf.behave.results",
    "open_suite": "textclf.behave.reading",
    "run_suite": "textclf.behave.running",
}


def __getattr__(name: str) -> Any:
    """Imports what is asked for, when it is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
