"""The training texts that look most like a text, to the model."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from textclf.bundle import Bundle
from textclf.data.copies import text_key
from textclf.data.held import Held
from textclf.errors import printable
from textclf.evaluation.mistakes import names_of, told
from textclf.evaluation.tables import fitted, wrapped
from textclf.models.representation import Represent, Rows, representation_of
from textclf.page.parts import Piece, cases, heading, paragraph, running
from textclf.predictor import Predictor
from textclf.progress import SILENT, Progress

_BLOCK = 4096
_SHOWN = 300  # characters of a text
_TINY = 1e-12

_VECTOR = "of the vector that the output layer is given"
_SHARED = "of the words and n-grams they share, each by the size of its weights"
_NOTHING = "nothing of this text is known to the model: no training text is like it"


@dataclass(frozen=True)
class Example:
    """A training text, once for all its copies of the same labels.

    Attributes:
        places: Where it stands: `file:line`, and where its copies stand.
        text: What it says.
        labels: What it was labelled.
        cosine: Of its vector and that of the text it is like.
    """

    places: tuple[str, ...]
    text: str
    labels: tuple[str, ...]
    cosine: float

    @property
    def place(self) -> str:
        """The name of the file and the line, and how many copies there are."""
        first, n = Path(self.places[0]).name, len(self.places) - 1
        copies = f" and {n:,} cop{'y' if n == 1 else 'ies'}" if n else ""
        return f"{first}{copies}"

    def to_json(self) -> dict[str, Any]:
        """Returns it with the cosine rounded to six digits."""
        return {
            "cosine": round(self.cosine, 6),
            "labels": list(self.labels),
            "places": list(self.places),
            "text": self.text,
        }


@dataclass(frozen=True, eq=False)
class Similar:
    """What training has that looks like a text.

    Attributes:
        text: The text.
        predicted: The labels that the model gives it.
        examples: Training texts, the most similar first; none where the text gives the
            model nothing to go by.
        kind: The kind of the model, which says what is compared.
        of: How many training texts there are.
    """

    text: str
    predicted: tuple[str, ...]
    examples: tuple[Example, ...]
    kind: str
    of: int

    def summary(self) -> str:
        """Says what was compared, and how many have the label that is predicted."""
        if not self.examples:
            return _NOTHING
        n = len(self.examples)
        which = "a label that is" if len(self.predicted) > 1 else "the label that is"
        return (
            f"the {n:,} most similar of {self.of:,} training texts, by the cosine "
            f"{_SHARED if self.kind == 'ngram' else _VECTOR}; "
            f"{sum(map(self._agrees, self.examples)):,} of "
            f"them have {which if self.predicted else 'no label, which is'} predicted"
        )

    def _agrees(self, one: Example) -> bool:
        shared = set(one.labels) & set(self.predicted)
        return bool(shared) if self.predicted else not one.labels

    def to_lines(self, width: int) -> list[str]:
        """Returns it for a terminal, each training text in one line."""
        lines = wrapped(
            f"{told(self.predicted)}  {printable(self.text, limit=200)}", width
        )
        lines += wrapped(self.summary(), width)
        for one in self.examples:
            lines += wrapped(
                f"{one.cosine:.3f}  {told(one.labels)}  {one.place}", width
            )
            text = printable(" ".join(one.text.split()), limit=_SHOWN)
            lines.append(fitted(f"       {text or '(empty)'}", width, left=True))
        return [line.rstrip() for line in lines]

    def to_json(self) -> dict[str, Any]:
        """Returns it as JSON can hold it."""
        return {
            "text": self.text,
            "predicted": list(self.predicted),
            "of": self.of,
            "similar": [one.to_json() for one in self.examples],
        }

    def pieces(self) -> list[Piece]:
        """Returns what a page shows of it."""
        parts: list[Piece] = [heading("Training texts most like it")]
        summary = self.summary()
        parts.append(paragraph(f"{summary[:1].upper()}{summary[1:]}.", tone="soft"))
        if self.examples:
            parts.append(cases((_told(one), _shown(one)) for one in self.examples))
        return parts


@dataclass(frozen=True, eq=False)
class TrainingTexts:
    """The training texts of a run as vectors; see `representation_of`.

    Attributes:
        predictor: The model.
        kind: Its kind.
        held: The texts.
        represent: Makes vectors.
        rows: float32[n, width], of length 1, or 0 for texts that say nothing.
    """

    predictor: Predictor
    kind: str
    held: Held
    represent: Represent
    rows: Rows

    @classmethod
    def of(cls, bundle: Bundle, held: Held, *, progress: Progress = SILENT) -> Self:
        """Makes a vector of every training text.

        Args:
            bundle: The model.
            held: Its training texts.
            progress: Who listens.

        Raises:
            ArtefactError: The bundle is damaged.
            ResourceError: The model does not fit into memory.
        """
        predictor = Predictor.of_bundle(bundle)
        represent = representation_of(bundle.spec, bundle.weights(), bundle.model)
        texts, parts = held.dataset.texts, []
        with progress.task("reading training texts", len(texts)) as task:
            for start in range(0, len(texts), _BLOCK):
                block = texts[start : start + _BLOCK]
                parts.append(_vectors(block, predictor, represent))
                task.advance(len(block))
        kind = bundle.spec.model.kind
        return cls(predictor, kind, held, represent, _stacked(parts))

    def like(self, text: str, *, most: int) -> Similar:
        """Returns the training texts whose vectors have the highest cosine.

        Args:
            text: Any text.
            most: How many are wanted.
        """
        predictions = self.predictor.predict([text])
        vector = _dense(_vectors([text], self.predictor, self.represent))[0]
        return Similar(
            text,
            names_of(predictions.labels, predictions.chosen()[0]),
            tuple(self._nearest(vector, most)) if vector.any() else (),
            self.kind,
            len(self.held.dataset),
        )

    def _nearest(self, vector: np.ndarray, most: int) -> Iterator[Example]:
        dataset, place = self.held.dataset, self.held.table.place
        cosines = self.rows @ vector
        rows: dict[tuple[str, tuple[str, ...]], list[int]] = {}
        for row in np.argsort(-cosines, kind="stable").tolist():
            labels = names_of(dataset.labels.names, dataset.targets[row])
            key = text_key(dataset.texts[row]), labels
            if key not in rows and len(rows) == most:  # copies stand side by side
                break
            rows.setdefault(key, []).append(row)
        for (_, labels), (row, *copies) in rows.items():
            places = tuple(place(one) for one in (row, *copies))
            yield Example(places, dataset.texts[row], labels, float(cosines[row]))


def _vectors(texts: Sequence[str], predictor: Predictor, represent: Represent) -> Rows:
    """Returns float32[n, width] of length 1; 0 for texts that give no evidence."""
    encoded = predictor.encode(texts)
    rows = represent(encoded)
    lengths = _lengths(rows)
    factors = 1 / np.maximum(lengths, _TINY)
    factors[predictor.encoder.silent(encoded)] = 0.0
    if isinstance(rows, np.ndarray):
        return np.asarray(rows * factors[:, None])
    return rows.multiply(factors[:, None]).tocsr()


def _lengths(rows: Rows) -> np.ndarray:
    squares = rows**2 if isinstance(rows, np.ndarray) else rows.multiply(rows)
    return np.sqrt(np.asarray(squares.sum(axis=1), dtype=np.float32)).ravel()


def _stacked(parts: list[Rows]) -> Rows:
    if isinstance(parts[0], np.ndarray):
        return np.concatenate(parts)
    from scipy.sparse import vstack

    return vstack(parts, format="csr")


def _dense(rows: Rows) -> np.ndarray:
    return rows if isinstance(rows, np.ndarray) else rows.toarray()


def _told(one: Example) -> str:
    labels = " + ".join(one.labels) or "no label"
    return f"{one.cosine:.3f} {labels}; {one.place}"


def _shown(one: Example) -> Piece:
    if not one.text.strip():
        return paragraph("(empty)", tone="soft")
    return running(_excerpt(one.text))


def _excerpt(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
