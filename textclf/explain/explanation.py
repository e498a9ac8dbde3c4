"""Why a model gives a text a label: what every part of the text adds."""

import math
import textwrap
from dataclasses import dataclass
from typing import Any, Final, Literal

from textclf.errors import printable
from textclf.explain import html, terminal
from textclf.explain.integrated import TOLERANCE
from textclf.explain.span import Gram, Segment, Span, segments
from textclf.page.document import fragment, page
from textclf.page.parts import Piece, paragraph

Method = Literal["gradients", "occlusion"]
GRADIENTS: Final = "gradients"
OCCLUSION: Final = "occlusion"
METHODS: tuple[Method, ...] = (GRADIENTS, OCCLUSION)

_TINY = 1e-6
_EMPTY = "(empty)"


@dataclass(frozen=True, eq=False, repr=False)
class Explanation:
    """What the parts of a text add to the log-odds of a label.

    Attributes:
        text: The text, as given.
        label: The label that is explained.
        probability: What the model gives it.
        predicted: The labels that the model chooses: one, or any number in a
            multi-label task.
        method: `gradients` or `occlusion`.
        spans: The units that are read, in their order; they do not overlap.
        grams: The n-grams, the strongest first; their scores are part of the spans'.
        base: The log-odds of the text without its vectors (gradients), or of an empty
            text (occlusion).
        total: The log-odds of the text, log(p / (1 - p)), before the temperature of
            the model's decision.
        error: How far base and scores together are from `total`; None for occlusion,
            whose scores need not add up.
        slopes: At how many points of the path the slope was taken.
        unread: Stretches that were left out for the length of the text.
        silent: Whether the text gives the model no evidence: it is empty, or nothing of
            it is known.
    """

    text: str
    label: str
    probability: float
    predicted: tuple[str, ...]
    method: Method
    spans: tuple[Span, ...]
    grams: tuple[Gram, ...]
    base: float
    total: float
    error: float | None
    slopes: int
    unread: tuple[tuple[int, int], ...]
    silent: bool

    @property
    def strongest(self) -> float:
        """The size of the largest score."""
        return max((abs(span.score) for span in self.spans), default=0.0)

    @property
    def complete(self) -> bool:
        """Whether the scores add up, within the tolerance that was aimed at."""
        if self.error is None:
            return False
        return self.error <= TOLERANCE * max(1.0, abs(self.total - self.base))

    @property
    def unknown(self) -> tuple[str, ...]:
        """The units that the vocabulary lacks, each once."""
        return tuple(dict.fromkeys(s.unit for s in self.spans if not s.known))

    def segments(self) -> list[Segment]:
        """Returns the whole text as stretches."""
        return list(segments(self.text, self.spans, self.unread))

    def headline(self) -> str:
        """Says what is predicted, and how sure the model is of the explained label."""
        chosen = ", ".join(self.predicted) or "no label"
        if self.predicted == (self.label,):
            return f"{chosen}  {self.probability:.3f}"
        return f"{chosen}; explained: {self.label}  {self.probability:.3f}"

    def facts(self) -> list[str]:
        """Says how the scores were made, and what the model could not see."""
        return [*self._arithmetic(), *self._notes()]

    def to_lines(self, width: int, *, colour: bool = False) -> list[str]:
        """Returns it for a terminal.

        Args:
            width: Columns.
            colour: Show the text in colours; else the strongest units as a table.
        """
        lines = _wrapped(printable(self.headline()), width)
        if not self.text.strip():
            lines.append(_EMPTY)
        elif colour:
            strongest = self.strongest
            lines += terminal.painted(self.segments(), width=width, strongest=strongest)
            if self.spans and not self.silent:
                lines.append(terminal.legend(self.label, unknown=bool(self.unknown)))
        else:
            lines += _wrapped(f"text: {printable(self.text, limit=200)}", width)
            lines += terminal.table(self.spans, width=width)
        if self.grams:
            lines += _wrapped(terminal.grams_told(self.grams), width)
        for fact in self.facts():
            lines += _wrapped(printable(fact), width)
        return lines

    def to_json(self) -> dict[str, Any]:
        """Returns it as JSON can hold it; numbers are rounded to six digits."""
        return {
            "text": self.text,
            "label": self.label,
            "probability": round(self.probability, 6),
            "predicted": list(self.predicted),
            "method": self.method,
            "base": round(self.base, 6),
            "total": round(self.total, 6),
            "error": None if self.error is None else round(self.error, 6),
            "complete": self.complete,
            "slopes": self.slopes,
            "silent": self.silent,
            "unknown": list(self.unknown),
            "unread": [list(bounds) for bounds in self.unread],
            "spans": [span.to_json() for span in self.spans],
            "ngrams": [gram.to_json() for gram in self.grams],
        }

    def to_html(self) -> str:
        """Returns a page that loads and runs nothing."""
        return page(self.headline(), *self.pieces(), kind="explanation")

    def __repr__(self) -> str:
        return f"Explanation({printable(self.text, limit=60)!r}: {self.headline()})"

    def _repr_html_(self) -> str:
        return fragment(self.headline(), *self.pieces())

    def pieces(self) -> list[Piece]:
        """Returns what a page shows of it below its headline."""
        if not self.text.strip():
            return [paragraph(_EMPTY, tone="soft"), *self.facts()]
        pieces: list[Piece] = [html.coloured(self.segments(), strongest=self.strongest)]
        if self.spans and not self.silent:
            pieces.append(html.legend(self.label))
        pieces += self.facts()
        if self.spans:
            pieces.append(html.numbers(self.spans, self.grams))
        return pieces

    def _arithmetic(self) -> list[str]:
        if self.silent:
            return ["nothing here is known to the model: it answers without evidence"]
        if self.method == OCCLUSION:
            return [
                f"log-odds of {self.label}: {self.total:+.2f}; a score is what they "
                "lose without the unit, and scores need not add up"
            ]
        added = self.total - self.base
        missed = f"{self.error:.1g}" if (self.error or 0.0) >= _TINY else "nothing"
        missed += "" if self.complete else ", more than was aimed at"
        return [
            f"log-odds of {self.label}: {self.total:+.2f} = {self.base:+.2f} without "
            f"words {added:+.2f} by words (missed by {missed}){self._tempered()}"
        ]

    def _tempered(self) -> str:
        """Says why the probability is not that of the log-odds, where it is not."""
        plain = 1 / (1 + math.exp(-self.total)) if self.total > -700 else 0.0
        if round(plain, 3) == round(self.probability, 3):
            return ""
        return f"; a probability of {plain:.3f}, {self.probability:.3f} by temperature"

    def _notes(self) -> list[str]:
        told = []
        if self.unknown and not self.silent:
            share = sum(not span.known for span in self.spans) / len(self.spans)
            some = ", ".join(self.unknown[:8])
            more = f" and {len(self.unknown) - 8} more" if len(self.unknown) > 8 else ""
            told.append(f"unknown, {share:.0%} of the units: {some}{more}")
        for start, end in self.unread:
            told.append(
                f"not read for its length: characters {start:,} to {end:,} of "
                f"{len(self.text):,}"
            )
        return told


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, subsequent_indent="  ") or [""]
