"""What labels look like outside: strings or numbers, one a text or several."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self, cast, get_args

import numpy as np

from textclf.data.labels import Labels
from textclf.data.tables import Table
from textclf.errors import ArtefactError, one_of, printable
from textclf.estimator.faults import InputError
from textclf.estimator.texts import is_array_only

Form = Literal["single", "sets", "indicator"]
"""One label a text; a sequence of labels a text; a matrix of 0 and 1."""

_SEPARATORS = ("|", ";", ",", "/", "\t", "\x1f", "\x1e", "\x1d")
_KINDS = {"U": str, "O": str, "i": int, "u": int, "f": float, "b": bool}
_LONGEST_DTYPE = 8


@dataclass(frozen=True, eq=False)
class Answers:
    """The classes of a task as they were given, and their names in the model.

    Attributes:
        classes: [k], sorted, as `fit` was given them.
        form: How many labels a text has, and how that is written.
    """

    classes: np.ndarray
    form: Form

    @classmethod
    def of(cls, y: Any) -> Self:
        """Learns the classes of labels.

        Raises:
            InputError: They are no labels of a classification, or fewer than two.
        """
        y = _taken(y)
        form = form_of(y)
        if form == "indicator":
            classes = np.arange(np.shape(y)[1])
        elif form == "sets":
            labels = [label for row in y for label in _row(row)]
            _check_uniform(labels)
            classes = _unique(labels)
        else:
            classes = _unique(_single(y))
        if len(classes) < 2:
            raise InputError(
                f"got {len(classes)} class, expected at least two classes: "
                "classification needs labels that differ",
                where="y",
            )
        return cls(classes, form)

    @property
    def labels(self) -> Labels:
        """The names of the classes in the model.

        Raises:
            InputError: A name cannot be used: it is empty, or blank at an end.
        """
        names = tuple(map(str, self.classes.tolist()))
        for name in names:
            odd = name != name.strip() if self.form == "sets" else not name.strip()
            if odd:
                problem = f"got the label {name!r}, expected one without outer blanks"
                raise InputError(problem, where="y", fix="strip the labels")
        task = "binary" if len(names) == 2 else "multiclass"
        separator = None if self.form == "single" else _separator(names)
        return Labels(names, "multilabel" if separator else task, separator)  # type: ignore[arg-type]

    def table(
        self, texts: list[str], y: Any, *, weights: np.ndarray | None = None
    ) -> Table:
        """Returns texts with their labels, as a file would have them.

        Args:
            texts: n texts.
            y: Their labels, in the form that was learnt.
            weights: float32[n], what each text counts.

        Raises:
            InputError: There are more or fewer labels than texts, or another form of
                them.
        """
        cells = self.cells(y)
        if len(cells) != len(texts):
            raise InputError(
                f"got {len(texts):,} texts and {len(cells):,} labels, expected as many",
                where="y",
            )
        lines = np.arange(len(texts), dtype=np.int64)
        return Table(texts, cells, lines, source="row", weights=weights)

    def cells(self, y: Any) -> list[str]:
        """Returns labels as the cells of a column.

        Raises:
            InputError: They have another form than those that were learnt.
        """
        y = _taken(y)
        form = form_of(y)
        if form != self.form:
            raise InputError(f"got {form} labels, expected {self.form}", where="y")
        if form == "single":
            return list(map(str, _single(y).tolist()))
        separator = self.labels.separator or ""
        if form == "sets":
            return [separator.join(map(str, _row(row))) for row in y]
        matrix = _matrix(y)
        if matrix.shape[1] != len(self.classes):
            raise InputError(
                f"got {matrix.shape[1]} columns, expected {len(self.classes)}",
                where="y",
            )
        names = list(map(str, self.classes.tolist()))
        return [
            separator.join(names[at] for at in np.flatnonzero(row)) for row in matrix
        ]

    def chosen(self, picked: np.ndarray) -> Any:
        """Returns answers in the form the labels had.

        Args:
            picked: int64[n] places of classes, or bool[n, k].

        Returns:
            An array [n] of the type of `classes`, a list of n tuples, or int64[n, k].
        """
        if self.form == "single":
            return self.classes[picked]
        if self.form == "indicator":
            return picked.astype(np.int64)
        return [tuple(self.classes[row].tolist()) for row in picked]

    def to_json(self) -> dict[str, str]:
        """Returns what `from_json` needs beside the names."""
        return {"form": self.form, "type": self.classes.dtype.str}

    @classmethod
    def from_json(cls, value: Any, labels: Labels) -> Self:
        """Restores the classes from the names of a model.

        Raises:
            ArtefactError: The value is not what `to_json` writes.
        """
        try:
            form, dtype = value["form"], value["type"]
            if form not in get_args(Form) or len(dtype) > _LONGEST_DTYPE:
                raise ValueError(dtype)
            return cls(_restored(labels.names, np.dtype(dtype)), cast(Form, form))
        except (KeyError, TypeError, ValueError) as fault:
            raise ArtefactError("got classes of an unknown type") from fault

    @classmethod
    def of_labels(cls, labels: Labels) -> Self:
        """Returns the answers of a model that strings were learnt for."""
        form: Form = "sets" if labels.task == "multilabel" else "single"
        return cls(np.array(labels.names), form)


def form_of(y: Any) -> Form:
    """Tells how labels are written.

    Raises:
        InputError: They are no labels.
    """
    if y is None:
        raise InputError("requires y to be passed, but the target y is None", where="y")
    if hasattr(y, "toarray") or getattr(y, "ndim", 1) == 2:
        return "single" if np.shape(y)[1] == 1 else "indicator"
    if isinstance(y, str | Mapping) or not isinstance(y, Iterable):
        raise InputError(f"got {type(y).__name__}, expected a label a text", where="y")
    rows = list(y)
    if not any(map(_is_row, rows)):
        return "single"
    return "indicator" if _is_matrix(rows) else "sets"


def _taken(y: Any) -> Any:
    """Returns what is an array by its own account only as an array."""
    return np.asarray(y) if is_array_only(y) else y


def _is_matrix(rows: list[Any]) -> bool:
    """Tells rows of 0 and 1 from rows of labels."""
    if len(set(map(np.shape, rows))) > 1 or np.shape(rows[0]) in ((), (0,)):
        return False
    numbers = np.asarray(rows)
    return numbers.dtype.kind in "iub" and bool(np.isin(numbers, (0, 1)).all())


def _row(row: Any) -> Any:
    if _is_row(row):
        return row
    problem = f"got the label {row!r} beside sequences of labels, expected one form"
    raise InputError(problem, where="y", fix="write a single label as [label]")


def _is_row(value: Any) -> bool:
    return isinstance(value, list | tuple | set | frozenset | np.ndarray)


def _single(y: Any) -> np.ndarray:
    """Returns one label a text, checked as scikit-learn checks it."""
    from sklearn.utils import column_or_1d
    from sklearn.utils.multiclass import check_classification_targets
    from sklearn.utils.validation import assert_all_finite

    _check_uniform(y)
    labels = column_or_1d(y, warn=True)
    assert_all_finite(labels, input_name="y")
    check_classification_targets(labels)
    return labels


def _check_uniform(y: Any) -> None:
    """Refuses text beside other things: an array would make text of them, `None` too.

    Raises:
        InputError: There is a label of another type than text.
    """
    if getattr(getattr(y, "dtype", None), "kind", "O") != "O":
        return
    labels = list(y)
    odd = [label for label in labels if not isinstance(label, str)]
    if odd and (len(odd) < len(labels) or odd[0] is None):
        raise InputError(f"got the label {odd[0]!r}, expected text", where="y")


def _matrix(y: Any) -> np.ndarray:
    matrix = np.asarray(y.toarray() if hasattr(y, "toarray") else y)
    if not np.isin(matrix, (0, 1)).all():
        raise InputError("got a matrix with other numbers than 0 and 1", where="y")
    return matrix


def _unique(labels: Sequence[Any] | np.ndarray) -> np.ndarray:
    try:
        return np.unique(np.asarray(labels))
    except TypeError as fault:
        kinds = one_of(sorted({type(label).__name__ for label in labels}))
        raise InputError(
            f"got labels of several types: {kinds}", where="y", fix="use one type"
        ) from fault


def _separator(names: tuple[str, ...]) -> str:
    """Returns a character that no name holds."""
    for separator in _SEPARATORS:
        if not any(separator in name for name in names):
            return separator
    shown = printable(names[0], limit=60)
    raise InputError(f"got labels with all kinds of separators: {shown} …", where="y")


def _restored(names: tuple[str, ...], dtype: np.dtype) -> np.ndarray:
    parse = _KINDS[dtype.kind]
    values: list[Any] = [n == "True" if parse is bool else parse(n) for n in names]
    return np.array(values, dtype=dtype)
