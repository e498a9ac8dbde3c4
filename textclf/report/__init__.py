"""A finished run in one document: an HTML page, or a model card in Markdown."""

from typing import Any

__all__ = ["Form", "write_report"]

_HOMES = {
    "Form": "textclf.report.write",
    "write_report": "textclf.report.of_run",
}


def __getattr__(name: str) -> Any:
    """Imports what is asked for, when it is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
