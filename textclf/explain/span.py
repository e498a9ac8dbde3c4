"""Stretches of a text with what they add, and the stretches between them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from textclf.text.anatomy import Anatomy
from textclf.text.vocabulary import UNKNOWN

STRONG = 0.25
"""The share of the strongest score from which a stretch has a mark, too."""


@dataclass(frozen=True)
class Span:
    """A unit of a text; several, where they are made of the same characters.

    Attributes:
        start: Its first character in the text as given.
        end: The first after it.
        unit: Its normal form.
        score: What it adds to the log-odds of the label.
        known: Whether the vocabulary has it.
    """

    start: int
    end: int
    unit: str
    score: float
    known: bool

    def to_json(self) -> dict[str, Any]:
        """Returns it with the score rounded to six digits."""
        return {**vars(self), "score": round(self.score, 6)}


@dataclass(frozen=True)
class Gram:
    """An n-gram of a text; its score is spread over the spans too.

    Attributes:
        name: What people call it.
        score: What it adds, at all its places together.
        count: How often it stands in the text.
    """

    name: str
    score: float
    count: int

    def to_json(self) -> dict[str, Any]:
        """Returns it with the score rounded to six digits."""
        return {**vars(self), "score": round(self.score, 6)}


@dataclass(frozen=True)
class Segment:
    """A stretch of the text as it is shown.

    Attributes:
        text: Its characters.
        span: What it is, if it is a unit.
        mark: "+" or "-" where a strong stretch ends, else nothing.
        read: Whether the model reads it.
    """

    text: str
    span: Span | None
    mark: str = ""
    read: bool = True


def groups_of(anatomy: Anatomy) -> list[np.ndarray]:
    """Returns the units that are read, those of the same characters together."""
    groups: list[list[int]] = []
    end = -1
    for row, place in enumerate(anatomy.read):
        if groups and place.start < end:
            groups[-1].append(row)
        else:
            groups.append([row])
        end = max(end, place.end)
    return [np.array(group) for group in groups]


def spans_of(
    anatomy: Anatomy, groups: list[np.ndarray], scores: np.ndarray
) -> list[Span]:
    """Returns the spans of groups of units, with a score each."""
    read, spans = anatomy.read, []
    for group, score in zip(groups, scores.tolist(), strict=True):
        start = min(read[row].start for row in group)
        end = max(read[row].end for row in group)
        form = anatomy.placed.form_of(start, end)
        known = bool((anatomy.units[group] != UNKNOWN).any())
        spans.append(Span(start, end, form if form.strip() else " ", score, known))
    return spans


def scores_of(
    anatomy: Anatomy, groups: list[np.ndarray], ids: np.ndarray
) -> np.ndarray:
    """Returns float64[groups], the sums over their characters of what ids have.

    Args:
        anatomy: The text.
        groups: From `groups_of`.
        ids: float64[m], one number for each id of the text.
    """
    characters = anatomy.spread(ids)
    read = anatomy.read
    return np.array(
        [
            characters[read[group[0]].start : max(read[r].end for r in group)].sum()
            for group in groups
        ],
        dtype=np.float64,
    )


def grams_of(anatomy: Anatomy, ids: np.ndarray, *, units: bool = False) -> list[Gram]:
    """Returns the n-grams with what they have, the strongest first.

    Args:
        anatomy: The text.
        ids: float64[m], one number for each id of the text.
        units: Whether units that the vocabulary has are listed, too.
    """
    names: dict[int, tuple[str, int]] = {}
    pairs = zip(anatomy.owners.tolist(), anatomy.occurrences, strict=True)
    totals: dict[int, float] = {}
    owners: set[int] = set()
    for owner, occurrence in pairs:
        row = occurrence.id
        if occurrence.single and (not units or row == UNKNOWN):
            continue
        names[row] = (occurrence.name, names.get(row, ("", 0))[1] + 1)
        if owner not in owners:  # a distinct id has one position for all its places
            owners.add(owner)
            totals[row] = totals.get(row, 0.0) + float(ids[owner])
    grams = [Gram(names[row][0], total, names[row][1]) for row, total in totals.items()]
    return sorted(grams, key=lambda gram: (-abs(gram.score), gram.name))


def unread_of(anatomy: Anatomy) -> tuple[tuple[int, int], ...]:
    """Returns the stretch that was left out for its length, if one was."""
    if not bool(anatomy.encoded.truncated[0]):
        return ()
    read, size = anatomy.read, len(anatomy.text)
    if not read:
        return ((0, size),)
    how = anatomy.encoder.settings.truncate
    if how == "head":
        return ((read[-1].end, size),)
    if how == "tail":
        return ((0, read[0].start),)
    if len(read) == 1:
        return ((read[0].end, size),)
    gaps = [(after.start - before.end, before.end) for before, after in pairwise(read)]
    width, start = max(gaps)
    return ((start, start + width),)


def segments(
    text: str, spans: Sequence[Span], unread: Sequence[tuple[int, int]]
) -> Iterator[Segment]:
    """Yields the whole text as stretches, in its order."""
    strongest = max((abs(span.score) for span in spans), default=0.0)
    marks = _marks(spans, strongest)
    stretches: list[tuple[int, int, Segment]] = [
        (span.start, span.end, Segment(text[span.start : span.end], span, mark))
        for span, mark in zip(spans, marks, strict=True)
    ]
    stretches += [(a, b, Segment(text[a:b], None, read=False)) for a, b in unread]
    done = 0
    for start, end, segment in sorted(stretches, key=lambda stretch: stretch[:2]):
        if start > done:
            yield Segment(text[done:start], None)
        yield segment
        done = max(done, end)
    if done < len(text):
        yield Segment(text[done:], None)


def _marks(spans: Sequence[Span], strongest: float) -> list[str]:
    """Returns a sign where a strong stretch ends: neighbours of a sign share one."""
    signs = [
        0 if abs(span.score) < STRONG * strongest or not strongest else span.score
        for span in spans
    ]
    marks = []
    for row, (span, sign) in enumerate(zip(spans, signs, strict=True)):
        goes_on = (
            row + 1 < len(spans)
            and spans[row + 1].start == span.end
            and signs[row + 1] * sign > 0
        )
        marks.append("" if goes_on or not sign else "+" if sign > 0 else "-")
    return marks
