"""README and docs taken apart: their blocks, and the commands in these.

How a document is written, so that all it shows can be tried:

- A ``console`` block holds `$ command` lines. Lines below a command are what it prints;
  numbers in them may differ, words may not, and `…` stands for lines left out.
  `# exit code 3` behind a command says that it ends so.
- A ``python`` block runs in the names that those before it left.
- A block with a file name (`yaml reviews.yaml`) is written to that file.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXTCLF = (("python", "-m", "textclf"), ("textclf",))
_BLOCK = re.compile(
    r"^```(?P<language>[^\s`]*) *(?P<file>[^\n`]*)\n(?P<text>.*?)^```$", re.M | re.S
)
_ENDS = re.compile(r"#.*\bexit code (\d+)")
_SETS = re.compile(r"[A-Za-z_]\w*=.*")


def documents(*patterns: str) -> list[Path]:
    """Lists the files of the repository that match."""
    return sorted({path for pattern in patterns for path in ROOT.glob(pattern)})


@dataclass(frozen=True)
class Block:
    """A fenced block; `line` is that of its first line."""

    document: Path
    language: str
    file: str
    text: str
    line: int

    @property
    def place(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.line}"


@dataclass(frozen=True)
class Stage:
    """One command of a pipe: what it sets, its words, and where its output goes."""

    sets: dict[str, str]
    words: list[str]
    output: str | None = None

    @property
    def arguments(self) -> list[str] | None:
        """What textclf is given; None: it is another program."""
        for start in TEXTCLF:
            if tuple(self.words[: len(start)]) == start:
                return self.words[len(start) :]
        return None


@dataclass(frozen=True)
class Command:
    """A line behind `$` with the lines it prints."""

    place: str
    stages: list[Stage]
    code: int
    prints: list[str]


def blocks(document: Path) -> Iterator[Block]:
    """Yields the fenced blocks of a document in their order."""
    text = document.read_text("utf-8")
    for found in _BLOCK.finditer(text):
        line = text.count("\n", 0, found.start("text")) + 1
        yield Block(
            document, found["language"], found["file"].strip(), found["text"], line
        )


def commands(block: Block) -> Iterator[Command]:
    """Yields the commands of a console block."""
    lines = block.text.splitlines()
    starts = [at for at, line in enumerate(lines) if line.startswith("$ ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        last = start
        while lines[last].endswith("\\"):
            last += 1
        typed = " ".join(line.rstrip("\\") for line in lines[start : last + 1])[2:]
        place = f"{block.document.relative_to(ROOT)}:{block.line + start}"
        ends = _ENDS.search(typed)
        prints = [line for line in lines[last + 1 : end] if line.strip()]
        yield Command(place, stages(typed), int(ends[1]) if ends else 0, prints)


def stages(typed: str) -> list[Stage]:
    """Takes a line apart: `A=1 x y | z > file  # why`."""
    scan = shlex.shlex(typed, posix=True, punctuation_chars="|>&")
    scan.whitespace_split = True
    found: list[list[str]] = [[]]
    for word in scan:
        if word in ("|", "&&"):
            found.append([])
        else:
            found[-1].append(word)
    return [_stage(words) for words in found]


def _stage(words: list[str]) -> Stage:
    output = None
    if ">" in words:
        *words, _, output = words
    first = next((at for at, word in enumerate(words) if not _SETS.fullmatch(word)), 0)
    return Stage(
        dict(word.split("=", 1) for word in words[:first]), words[first:], output
    )
