"""How far training moved the vectors of words: row norms and cosines to the start."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from textclf.errors import ArtefactError, printable
from textclf.evaluation.tables import escaped, markdown_table, text_table, wrapped

QUANTILES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Which quantiles of norms are kept."""

_SHOWN = 8  # words that moved most, in a terminal


@dataclass(frozen=True)
class Step:
    """How far one word went.

    Attributes:
        word: The word.
        before: Euclidean norm of its row at the start.
        after: And at the end.
        distance: Euclidean distance between the two rows.
        cosine: Between the two; None where one of them is zero.
    """

    word: str
    before: float
    after: float
    distance: float
    cosine: float | None


@dataclass(frozen=True)
class Group:
    """How far some of the words went.

    Attributes:
        name: Which words they are.
        words: How many.
        still: Those whose row is what it was, to the last bit.
        before: Quantiles 0, 1/4, 1/2, 3/4 and 1 of the norms at the start.
        after: The same at the end.
        distance: Mean Euclidean distance of the two rows of a word.
        cosine: Mean cosine of the two; words with a zero row are left out.
    """

    name: str
    words: int
    still: int
    before: tuple[float, ...]
    after: tuple[float, ...]
    distance: float
    cosine: float | None

    def __post_init__(self) -> None:
        if not 0 <= self.still <= self.words or self.words < 1:
            raise ArtefactError(f"got {self.still} still words of {self.words}")
        if {len(self.before), len(self.after)} != {len(QUANTILES)}:
            raise ArtefactError(f"got norms {self.before} and {self.after}")


@dataclass(frozen=True)
class EpochMove:
    """How far the words were from their start after an epoch.

    Attributes:
        epoch: Its number.
        rate: The embedding's share of the learning rate in it; 0: frozen.
        distance: Mean Euclidean distance to the start.
    """

    epoch: int
    rate: float
    distance: float


@dataclass(frozen=True)
class Movement:
    """What training did to the rows of an embedding; padding and unknown left out.

    Attributes:
        words: Words of the vocabulary.
        measured: How many of them, the first, the figures rest on.
        groups: All words, then parts of them.
        most: The words that moved farthest, farthest first.
        epochs: How it went, epoch by epoch.
    """

    words: int
    measured: int
    groups: tuple[Group, ...]
    most: tuple[Step, ...]
    epochs: tuple[EpochMove, ...]

    def __post_init__(self) -> None:
        if not self.groups or not 0 < self.measured <= self.words:
            raise ArtefactError(f"got figures of {self.measured} of {self.words} words")

    def to_json(self) -> dict[str, Any]:
        """Returns what `from_json` reads back exactly."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Any) -> Self:
        """Reads what `to_json` returned.

        Raises:
            ArtefactError: Something is missing or of another type.
        """
        try:
            return cls(
                int(value["words"]),
                int(value["measured"]),
                tuple(_group(row) for row in value["groups"]),
                tuple(Step(**row) for row in value["most"]),
                tuple(EpochMove(**row) for row in value["epochs"]),
            )
        except (KeyError, TypeError, ValueError) as fault:
            raise ArtefactError(
                f"got figures of an embedding that cannot be read ({fault!r})"
            ) from fault

    def verdict(self) -> str:
        """Returns in a sentence how far the words went."""
        whole = self.groups[0]
        if whole.still == whole.words:
            return f"No word moved: all {whole.words:,} rows are what they were."
        cosine = "" if whole.cosine is None else f", mean cosine {whole.cosine:.3f}"
        told = (
            f"Words lie {whole.distance:.3g} from their start on average{cosine}; the "
            f"median norm went from {whole.before[2]:#.3g} to {whole.after[2]:#.3g}."
        )
        still = f" {whole.still:,} of {whole.words:,} words did not move."
        return told + (still if whole.still else "")

    def course(self) -> str:
        """Returns in a sentence how far frequent words were after each epoch."""
        frozen = [str(one.epoch) for one in self.epochs if one.rate == 0]
        told = ", ".join(f"{one.distance:.3g}" for one in self.epochs)
        kept = f" (frozen in {_range(frozen)})" if frozen else ""
        return f"Mean distance of frequent words after each epoch{kept}: {told}."

    def to_lines(self, width: int = 80) -> list[str]:
        """Returns lines for a terminal of `width` columns; words are escaped."""
        lines = wrapped(self.verdict(), width)
        lines += wrapped(self.course(), width) if self.epochs else []
        lines += text_table(self._rows(), width)
        moved = [one for one in self.most if one.distance > 0][:_SHOWN]
        if moved:
            told = ", ".join(
                f"{printable(one.word, limit=30)} {one.before:#.3g} → {one.after:#.3g}"
                for one in moved
            )
            lines += wrapped(f"moved most (norm before → after): {told}", width)
        return [*lines, *(wrapped(self._note(), width) if self._note() else [])]

    def to_markdown(self) -> str:
        """Returns a section of a report."""
        parts = [["## Embedding", "", self.verdict()]]
        if self.epochs:
            parts.append([self.course()])
        parts.append(markdown_table(self._rows()))
        moved = [one for one in self.most if one.distance > 0]
        if moved:
            rows = [["moved most", "norm before", "after", "distance", "cosine"]]
            for one in moved:
                cosine = "" if one.cosine is None else f"{one.cosine:.3f}"
                told = (one.before, one.after, one.distance)
                lengths = [f"{value:#.3g}" for value in told]
                rows.append([escaped(one.word), *lengths, cosine])
            parts.append(markdown_table(rows))
        parts += [[self._note()]] if self._note() else []
        return "\n\n".join("\n".join(part) for part in parts) + "\n"

    def _rows(self) -> list[list[str]]:
        rows = [
            ["words", "number", "norm before", "after", "distance", "cosine", "still"]
        ]
        for one in self.groups:
            cosine = "" if one.cosine is None else f"{one.cosine:.3f}"
            told = (one.before[2], one.after[2], one.distance)
            lengths = [f"{value:#.3g}" for value in told]
            still = f"{one.still:,}"
            rows.append([one.name, f"{one.words:,}", *lengths, cosine, still])
        return rows

    def _note(self) -> str:
        if self.measured == self.words:
            return ""
        return f"Of the first {self.measured:,} of {self.words:,} words."


def _group(value: Mapping[str, Any]) -> Group:
    norms = {key: tuple(map(float, value[key])) for key in ("before", "after")}
    return Group(**{**value, **norms})


def _range(epochs: Sequence[str]) -> str:
    if len(epochs) == 1:
        return f"epoch {epochs[0]}"
    return f"epochs {epochs[0]} to {epochs[-1]}"
