"""`textclf vectors neighbours`."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textclf.cli.console import Console, width
from textclf.cli.vectors.source import learnt_words, vectors_of
from textclf.errors import printable
from textclf.evaluation.movement import Step
from textclf.evaluation.tables import fitted
from textclf.vectors.fasttext_format import open_fasttext
from textclf.vectors.formats import sniff
from textclf.vectors.layout import Format
from textclf.vectors.named import file_of
from textclf.vectors.queries import Near, nearest_to, neighbours
from textclf.vectors.table import Vectors

if TYPE_CHECKING:
    from textclf.explain.words import LearntWords

_LEAST, _WIDEST = 36, 50
"""Columns of a terminal that each of two lists gets beside the other."""


@dataclass(frozen=True)
class _Answer:
    """What is told of a word.

    Attributes:
        word: As it was asked.
        near: Its nearest words; of a run: after training.
        kept: How many words the run keeps the start of, None where it keeps none.
        words: How many words there are.
        before: The nearest words before training, if the start of the word is kept; its
            nearest words after are then of the same words.
        step: How far it moved, likewise.
        built: Whether the file lacks the word and its n-grams gave the vector.
    """

    word: str
    near: tuple[Near, ...]
    kept: int | None
    words: int
    before: tuple[Near, ...] = ()
    step: Step | None = None
    built: bool = False


def run(options: argparse.Namespace) -> None:
    """Lists the nearest words of each word; of a run before training too."""
    path, learnt = file_of(options.source), None
    if path.is_dir():
        learnt = learnt_words(path)
        vectors = learnt.after
    else:
        vectors = vectors_of(options.source, progress=Console())
    answers = [
        _built(path, word, vectors, k=options.k)
        or _answer(word, vectors, learnt, k=options.k)
        for word in options.words
    ]
    for number, answer in enumerate(answers):
        if options.json:
            print(json.dumps(_record(answer), ensure_ascii=False))
            continue
        if number:
            print()
        print("\n".join(_told(answer, width())))


def _built(path: Path, word: str, vectors: Vectors, *, k: int) -> _Answer | None:
    """Answers for a word that a fastText model lacks, by its n-grams."""
    if path.is_dir() or vectors.find(word) is not None:
        return None
    if sniff(path).format != Format.FASTTEXT_BINARY:
        return None
    with open_fasttext(path) as model:
        vector = model.built(word.encode("utf-8", "surrogatepass"))
    if vector is None:
        return None
    near = nearest_to(vectors, vector, k=k)
    return _Answer(word, near, None, len(vectors), built=True)


def _answer(
    word: str, vectors: Vectors, learnt: "LearntWords | None", *, k: int
) -> _Answer:
    step = learnt.step(word) if learnt is not None else None
    kept = len(learnt.before) if learnt is not None and learnt.before else None
    if learnt is None or learnt.before is None or step is None:
        return _Answer(word, neighbours(vectors, word, k=k), kept, len(vectors))
    before, after = (
        neighbours(words, step.word, k=k) for words in (learnt.before, learnt.kept)
    )
    return _Answer(word, after, kept, len(vectors), before, step)


def _told(answer: _Answer, columns: int) -> Iterator[str]:
    yield printable(answer.word)
    if answer.built:
        yield "  not in the file, its vector is built of n-grams"
    if answer.kept is None:
        yield from lines(answer.near)
    elif answer.step is None:
        yield f"  not one of the {answer.kept:,} words whose start the run keeps"
        yield from lines(answer.near)
    else:
        yield from _moved(answer.step)
        if answer.kept < answer.words:
            yield f"  nearest of the {answer.kept:,} most frequent words:"
        before = ["  before training", *lines(answer.before)]
        yield from _beside(before, ["  after", *lines(answer.near)], columns)


def _moved(step: Step) -> Iterator[str]:
    if step.distance == 0:
        yield f"  did not move, norm {step.after:#.3g}"
        return
    cosine = "" if step.cosine is None else f", cosine {step.cosine:.3f} to it"
    norms = f"norm {step.before:#.3g} → {step.after:#.3g}"
    yield f"  moved {step.distance:#.3g} from its start{cosine}, {norms}"


def _beside(left: list[str], right: list[str], columns: int) -> Iterator[str]:
    """Puts two lists side by side where the terminal is wide enough for both."""
    column = min(columns // 2, _WIDEST)
    if column < _LEAST:
        yield from (*left, *right)
        return
    for one, other in zip_longest(left, right, fillvalue=""):
        cells = (fitted(cell, column - 1, left=True) for cell in (one, other))
        yield " ".join(cells).rstrip()


def lines(near: tuple[Near, ...]) -> list[str]:
    """Returns a line a word for a terminal."""
    return [f"  {one.score:6.3f}  {printable(one.word, limit=60)}" for one in near]


def records(near: tuple[Near, ...]) -> list[dict[str, object]]:
    """Returns the same as JSON."""
    return [{"word": one.word, "score": round(one.score, 6)} for one in near]


def _record(answer: _Answer) -> dict[str, Any]:
    told: dict[str, Any] = {"word": answer.word, "neighbours": records(answer.near)}
    if answer.built:
        told["built"] = True
    if answer.kept is not None:
        told["kept"] = answer.kept
        told["before"] = None if answer.step is None else records(answer.before)
        told["moved"] = None if answer.step is None else asdict(answer.step)
    return told
