"""Text classification that begins with a trainable embedding."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textclf.estimator import InputError, TextClassifier, TrainedRun, load, train

__all__ = ["InputError", "TextClassifier", "TrainedRun", "load", "train"]


def __getattr__(name: str) -> Any:
    """Imports what is asked for: `import textclf` alone stays light."""
    if name in __all__:
        import textclf.estimator

        return getattr(textclf.estimator, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
