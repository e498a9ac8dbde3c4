"""Small tables for audits."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from textclf.audit.pool import Pool
from textclf.data.tables import Table

Rows = Sequence[tuple[str, str]]


def table(rows: Rows, source: str) -> Table:
    lines = np.arange(2, 2 + len(rows))
    return Table(
        [text for text, _ in rows], [label for _, label in rows], lines, source
    )


@pytest.fixture
def pool() -> Callable[..., Pool]:
    """Makes a pool: `pool([("text", "label"), …], test=[…], separator="|")`."""

    def of(train: Rows, separator: str | None = None, **others: Rows) -> Pool:
        tables = {"train": train, **others}
        return Pool(
            {name: table(rows, f"{name}.csv") for name, rows in tables.items()},
            separator,
        )

    return of
