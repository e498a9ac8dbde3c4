"""What to know of labelled texts before a model learns them, and how to divide them."""

from typing import Any

__all__ = [
    "Audit",
    "Division",
    "Example",
    "Finding",
    "Seen",
    "View",
    "check",
    "check_texts",
    "split",
]

_HOMES = {
    "Audit": "textclf.audit.audit",
    "Division": "textclf.audit.dividing",
    "Example": "textclf.audit.finding",
    "Finding": "textclf.audit.finding",
    "Seen": "textclf.audit.seen",
    "View": "textclf.audit.seen",
    "check": "textclf.audit.source",
    "check_texts": "textclf.audit.source",
    "split": "textclf.audit.dividing",
}


def __getattr__(name: str) -> Any:
    """Imports what is asked for, when it is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
