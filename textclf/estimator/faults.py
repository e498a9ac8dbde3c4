"""The error that scikit-learn's tools and textclf's users both understand."""

from typing import Self

from textclf.errors import DataError


class InputError(DataError, ValueError):
    """Texts or labels that cannot be used; a `ValueError`, as scikit-learn expects."""

    @classmethod
    def of(cls, fault: DataError, *, fix: str | None = None) -> Self:
        """Returns a fault of the data as such; `fix` replaces advice about files."""
        return cls(fault.problem, where=fault.where, fix=fix)
