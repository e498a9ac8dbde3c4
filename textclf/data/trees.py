"""Sentences as trees that grade every phrase, as the Stanford Sentiment Treebank has.

A tree is a line, `(3 (2 Not) (1 bad))`: a node holds its grade and a word, or its grade
and two nodes (Socher et al. 2013).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from textclf.errors import DataError, printable

# Blanks are plain ones: a word may hold a no-break space.
_PART = re.compile(r" *(?:\((?P<grade>[0-4])(?= )|(?P<end>\))|(?P<word>[^() ]+))")
_CHILDREN = 2


class Phrase(NamedTuple):
    """A node of a tree.

    Attributes:
        grade: From 0, very negative, to 4, very positive.
        text: Its words, joined by blanks.
    """

    grade: int
    text: str


@dataclass
class _Node:
    grade: int
    start: int
    stop: int = 0
    words: int = 0
    children: int = 0

    @property
    def expects(self) -> str:
        """What may come next inside it."""
        if self.words or self.children == _CHILDREN:
            return "a )"
        return "a node" if self.children else "a word or a node"


class _Reading:
    """Takes a line from left to right."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.nodes: list[_Node] = []
        self._open: list[_Node] = []

    @property
    def expects(self) -> str:
        """What may come next."""
        if self._open:
            return self._open[-1].expects
        return "the end" if self.nodes else "a node, e.g. (3 (2 Not) (1 bad))"

    def take(self, part: re.Match[str]) -> bool:
        """Takes the next part; returns whether it may stand there."""
        if part["grade"]:
            return self._begin(int(part["grade"]))
        return self._word(part["word"]) if part["word"] else self._end()

    def _begin(self, grade: int) -> bool:
        if "node" not in self.expects:
            return False
        if self._open:
            self._open[-1].children += 1
        node = _Node(grade, len(self.words))
        self.nodes.append(node)
        self._open.append(node)
        return True

    def _word(self, word: str) -> bool:
        if not self._open or "word" not in self.expects:
            return False
        self._open[-1].words = 1
        self.words.append(word)
        return True

    def _end(self) -> bool:
        if self.expects != "a )":
            return False
        self._open.pop().stop = len(self.words)
        return True


def read_tree(line: str, *, where: str) -> list[Phrase]:
    """Returns the phrases of a tree, in the order they begin: the sentence is first.

    Args:
        line: One tree.
        where: `file:line`, for messages.

    Raises:
        DataError: It is no such tree.
    """
    reading, at, line = _Reading(), 0, line.rstrip(" ")
    while at < len(line):
        part = _PART.match(line, at)
        if part is None or not reading.take(part):
            raise _wrong(line, at, reading.expects, where)
        at = part.end()
    if reading.expects != "the end":
        raise _wrong(line, at, reading.expects, where)
    words = reading.words
    return [Phrase(n.grade, " ".join(words[n.start : n.stop])) for n in reading.nodes]


def read_trees(lines: Iterable[str], *, source: str) -> Iterator[list[Phrase]]:
    """Yields the phrases of each tree; lines may be empty.

    Raises:
        DataError: As `read_tree`, naming `source` and the line.
    """
    for number, line in enumerate(lines, start=1):
        if line:
            yield read_tree(line, where=f"{source}:{number}")


def distinct(phrases: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Returns each text once, with the label it has most often; of equals the first.

    Args:
        phrases: Texts with their labels.
    """
    seen: dict[str, Counter[str]] = {}
    for text, label in phrases:
        seen.setdefault(text, Counter())[label] += 1
    return {text: labels.most_common(1)[0][0] for text, labels in seen.items()}


def labelled(
    trees: Iterable[Sequence[Phrase]], labels: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yields every phrase of some trees in small letters, with the label of its grade.

    Args:
        trees: The phrases of each tree.
        labels: A label a grade.
    """
    for tree in trees:
        for phrase in tree:
            yield phrase.text.lower(), labels[phrase.grade]


def _wrong(line: str, at: int, expected: str, where: str) -> DataError:
    rest = line[at:].lstrip(" ")
    place = len(line) - len(rest) + 1
    got = repr(printable(rest, limit=30)) if rest else "the end"
    return DataError(
        f"got {got} at character {place}, expected {expected}", where=where
    )
