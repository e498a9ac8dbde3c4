"""Files that vectors are judged by: pairs with scores, analogies, dictionaries.

All are UTF-8 text with one entry a line; empty lines and lines that begin with `#` are
passed over.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from textclf.data.lines import Decoding, lines_of
from textclf.errors import DataError

_SECTION = ":"
_COMMENT = "#"

Entry = TypeVar("Entry")


@dataclass(frozen=True)
class ScoredPair:
    """Two words and how alike people find them."""

    first: str
    second: str
    score: float


@dataclass(frozen=True)
class Question:
    """a is to b as c is to d, with the section that it stands in."""

    section: str
    words: tuple[str, str, str, str]


def read_pairs(path: Path) -> list[ScoredPair]:
    """Reads pairs: two words and a number, with tabs, commas or blanks between.

    Further columns are passed over, as SimLex-999 has them, and a first line without a
    number is a header.

    Raises:
        DataError: The file cannot be read, a line is no pair, or there is none.
    """
    pairs: list[ScoredPair] = []
    for number, line in _lines(path):
        cells = _cells(line)
        score = next((_number(c) for c in cells[2:] if _number(c) is not None), None)
        if len(cells) < 3 or score is None:
            if not pairs and number == 1:
                continue
            raise DataError(
                f"got {len(cells)} cells and no number behind two words, expected a "
                "line as: tiger cat 7.35",
                where=f"{path}:{number}",
            )
        pairs.append(ScoredPair(cells[0], cells[1], score))
    return _some(pairs, path, "a pair")


def read_questions(path: Path) -> list[Question]:
    """Reads analogies in the form of word2vec's `questions-words.txt`.

    Raises:
        DataError: The file cannot be read, a line has not four words, or there is none.
    """
    section, questions = "", []
    for number, line in _lines(path):
        if line.startswith(_SECTION):
            section = line.removeprefix(_SECTION).strip()
            continue
        words = line.split()
        if len(words) != 4:
            raise DataError(
                f"got {len(words)} words, expected four, or `: name` of a section",
                where=f"{path}:{number}",
            )
        questions.append(Question(section, (words[0], words[1], words[2], words[3])))
    return _some(questions, path, "a question")


def read_dictionary(path: Path) -> list[tuple[str, str]]:
    """Reads a bilingual dictionary: a word and its translation, with a blank between.

    Raises:
        DataError: The file cannot be read, a line has not two words, or there is none.
    """
    entries = []
    for number, line in _lines(path):
        words = _cells(line)
        if len(words) != 2:
            raise DataError(
                f"got {len(words)} words, expected a word and its translation",
                where=f"{path}:{number}",
            )
        entries.append((words[0], words[1]))
    return _some(entries, path, "an entry")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines_of(path, Decoding("utf-8", "strict")), start=1):
        stripped = line.strip()
        if stripped and not stripped.startswith(_COMMENT):
            yield number, stripped


def _cells(line: str) -> list[str]:
    for separator in ("\t", ","):
        if separator in line:
            return [cell.strip() for cell in line.split(separator)]
    return line.split()


def _number(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if value == value and abs(value) != float("inf") else None


def _some(entries: list[Entry], path: Path, what: str) -> list[Entry]:
    if not entries:
        raise DataError(f"got no line with {what}, expected some", where=str(path))
    return entries
