"""The labels of a data set: strings in a fixed order, learnt from the training rows."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self, cast, get_args

import numpy as np
from numpy.typing import NDArray

from textclf.data.cells import Cells, LabelSets
from textclf.errors import ArtefactError, DataError, nearest, one_of, printable

Task = Literal["binary", "multiclass", "multilabel"]
Place = Callable[[int], str]
Targets = NDArray[np.int32] | NDArray[np.int8]

_NAMED_PLACES = 5
# More labels than this, on more than half of the rows, are texts.
_MANY_LABELS = 1000
_FEW_ROWS = 20
_SURROGATE = re.compile("[\ud800-\udfff]")


def _row(row: int) -> str:
    return f"row {row + 1}"


@dataclass(frozen=True)
class Labels:
    """The label names, whose order is fixed for life, and what is asked of them.

    Args:
        names: At least two different names; the place of a name is its id.
        task: `multilabel` exactly where there is a separator, else `binary` exactly
            where there are two names.
        separator: What stands between the labels of a cell.
    """

    names: tuple[str, ...]
    task: Task
    separator: str | None

    def __post_init__(self) -> None:
        if len(self.names) < 2:
            raise DataError(f"got {len(self.names)} labels, expected at least two")
        if len(set(self.names)) < len(self.names) or not all(self.names):
            raise DataError("got empty or repeated labels, expected different names")
        if any(_SURROGATE.search(name) for name in self.names):
            raise DataError("got half a surrogate pair in a label")
        expected = _task(len(self.names), self.separator)
        if self.task != expected:
            raise DataError(f"got the task {self.task!r}, expected {expected!r}")
        if self.separator and any(self.separator in name for name in self.names):
            raise DataError(f"got the separator {self.separator!r} inside a label")

    def __len__(self) -> int:
        return len(self.names)

    @property
    def outputs(self) -> int:
        """Logits a model needs: one for binary, else one a label."""
        return 1 if self.task == "binary" else len(self.names)

    @classmethod
    def fit(
        cls, raw: Sequence[str], *, separator: str | None, place: Place = _row
    ) -> Self:
        """Returns the labels of training cells, sorted by code point.

        A single label is kept verbatim, blanks included. With a separator the blanks
        around each label go, an empty cell means no label, and a label twice in a cell
        counts once.

        Args:
            raw: The label cells of the training rows.
            separator: What stands between the labels of a cell; None: one label a cell.
            place: Where a row stands, for messages.

        Raises:
            DataError: A single label is empty, there are fewer than two labels, or
                they look like texts.
        """
        counts = split_cells(raw, separator=separator, place=place).counts()
        _refuse_texts(counts, rows=len(raw), place=place)
        if len(counts) < 2:
            listed = ", ".join(
                f'"{printable(name, limit=60)}" ({count:,} rows)'
                for name, count in counts.items()
            )
            raise DataError(
                f"got {listed or 'no label at all'}, expected at least two labels",
                where="data.label",
                fix="set data.label to the column of the classes, or add rows of "
                "another class",
            )
        names = tuple(sorted(counts))
        return cls(names, _task(len(names), separator), separator)

    def encode(self, raw: Sequence[str], *, place: Place = _row) -> Targets:
        """Returns the ids of label cells.

        Returns:
            int32[n], or for `multilabel` int8[n, k] of 0 and 1.

        Raises:
            DataError: A cell holds a label that is not among the names, or none where
                one is needed.
        """
        cells = split_cells(raw, separator=self.separator, place=place)
        self._refuse_unknown(cells, place)
        ids = {name: at for at, name in enumerate(self.names)}
        if self.separator is None:
            singles = [ids[name] for (name,) in cells.kinds]
            return np.asarray(singles, dtype=np.int32)[cells.codes]
        sets = np.zeros((len(cells.kinds), len(self.names)), dtype=np.int8)
        for hot, kind in zip(sets, cells.kinds, strict=True):
            hot[[ids[name] for name in kind]] = 1
        return sets[cells.codes]

    def decode(self, targets: Targets) -> list[str]:
        """Returns label cells for ids: the inverse of `encode`, in the names' order."""
        if self.separator is None:
            return [self.names[at] for at in targets.tolist()]
        return [
            self.separator.join(self.names[at] for at in np.flatnonzero(row))
            for row in targets
        ]

    def to_json(self) -> dict[str, Any]:
        """Returns what `from_json` restores exactly."""
        return {
            "names": list(self.names),
            "task": self.task,
            "separator": self.separator,
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Restores labels.

        Raises:
            ArtefactError: The value is not what `to_json` writes.
        """
        if not isinstance(value, dict) or set(value) != {"names", "task", "separator"}:
            raise ArtefactError("got no object with names, task and separator")
        names, task, separator = value["names"], value["task"], value["separator"]
        if not isinstance(names, list) or not all(type(name) is str for name in names):
            raise ArtefactError("got names of labels that are no strings")
        if task not in get_args(Task) or not isinstance(separator, str | None):
            raise ArtefactError(f"got the task {task!r}, separator {separator!r}")
        try:
            return cls(tuple(names), cast(Task, task), separator)
        except DataError as fault:
            raise ArtefactError(fault.problem) from fault

    def _refuse_unknown(self, cells: LabelSets, place: Place) -> None:
        known = set(self.names)
        unknown: dict[str, int] = {}
        for code, kind in enumerate(cells.kinds):
            for name in kind:
                if name not in known and name not in unknown:
                    unknown[name] = int(np.argmax(cells.codes == code))
        if not unknown:
            return
        listed = ", ".join(
            f'"{printable(name, limit=60)}" ({place(row)})'
            for name, row in list(unknown.items())[:_NAMED_PLACES]
        )
        similar = nearest(next(iter(unknown)), self.names)
        raise DataError(
            f"got {len(unknown)} labels that no training row has: {listed}; known are "
            f"{one_of(self.names)}",
            where=place(next(iter(unknown.values()))),
            fix=f'write "{similar}"' if similar else "add training rows with them",
        )


def split_cells(
    raw: Sequence[str], *, separator: str | None, place: Place = _row
) -> LabelSets:
    """Returns the labels of each cell.

    Raises:
        DataError: Without a separator, a cell is empty or blank.
    """
    cells = Cells.of(raw)
    if separator is not None:
        parts = ((part.strip() for part in c.split(separator)) for c in cells.kinds)
        kinds = tuple(tuple(dict.fromkeys(filter(None, kind))) for kind in parts)
        return LabelSets(kinds, cells.codes)
    blank = np.array([not kind.strip() for kind in cells.kinds], dtype=bool)
    if blank.any():
        empty = np.flatnonzero(blank[cells.codes])
        listed = ", ".join(place(int(row)) for row in empty[:_NAMED_PLACES])
        raise DataError(
            f"got {len(empty):,} rows with an empty label: {listed}",
            where=place(int(empty[0])),
            fix="fill them or leave them out; with data.label_separator an empty cell "
            "means no label",
        )
    return LabelSets(tuple((kind,) for kind in cells.kinds), cells.codes)


def look_alikes(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Returns names that differ only in case, outer blanks or Unicode form."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        key = unicodedata.normalize("NFKC", name.strip().casefold())
        groups[key].append(name)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def _task(names: int, separator: str | None) -> Task:
    if separator is not None:
        return "multilabel"
    return "binary" if names == 2 else "multiclass"


def _refuse_texts(counts: Counter[str], *, rows: int, place: Place) -> None:
    """Refuses labels that are nearly as many as rows: the columns may be swapped."""
    many = len(counts) > _MANY_LABELS and len(counts) > rows / 2
    all_different = len(counts) >= max(rows, _FEW_ROWS) and max(counts.values()) == 1
    if many or all_different:
        example = printable(next(iter(counts)), limit=60)
        raise DataError(
            f"got {len(counts):,} different labels in {rows:,} rows, such as "
            f'"{example}": is this the text column?',
            where=place(0),
            fix="swap data.text and data.label, or set data.label to the column of "
            "the classes",
        )
