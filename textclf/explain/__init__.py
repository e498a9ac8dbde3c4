"""Why a model answers as it does."""

from typing import Any

__all__ = [
    "Explanation",
    "Overall",
    "TrainingTexts",
    "explain",
    "overall_of",
    "page_of",
]

_HOMES = {
    "Explanation": "textclf.explain.explanation",
    "Overall": "textclf.explain.overall",
    "TrainingTexts": "textclf.explain.similar",
    "explain": "textclf.explain.attribution",
    "overall_of": "textclf.explain.overall",
    "page_of": "textclf.explain.pages",
}


def __getattr__(name: str) -> Any:
    """Imports what is asked for, when it is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
