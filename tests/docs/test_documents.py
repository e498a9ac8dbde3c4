"""All that README and docs show is tried: commands, Python, configurations, files.

A document is tried from top to bottom in one folder that holds `configs/` and
`reviews.csv`. One that asks `runs/reviews` or `config.yaml` without an `init` finds
what the first steps make. Training with the same command and file runs once for all.
"""

import re
import shutil
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import SHARED
from tests.docs.conftest import Carry
from tests.docs.documents import (
    ROOT,
    Block,
    Command,
    Stage,
    blocks,
    commands,
    documents,
    stages,
)
from textclf.behave import open_suite
from textclf.cli.parser import parser
from textclf.config.load import config_from_mapping
from textclf.config.settings import root
from textclf.config.yaml12 import read_yaml
from textclf.study.blueprint import Blueprint
from textclf.study.reading import study_from_mapping

# Reports are written by commands whose text is tested where they are.
TRIED = [
    path
    for path in documents("README.md", "docs/**/*.md", "notebooks/*.md")
    if path.parent.name != "reference" and "docs/studies/" not in path.as_posix()
]
SHOWN = [*TRIED, *documents("benchmarks/*.md")]
NAMES = [path.relative_to(ROOT).as_posix() for path in SHOWN]
LANGUAGES = {"", "console", "python", "yaml", "json", "jsonl", "csv", "text"}
RUN = "runs/reviews"
# Programs that stand beside a command and are not ours to try.
BESIDE = {"python3", ".", "pip", "git", "cd", "jupyter", "tensorboard", "ls", "tree"}
BESIDE |= {"jq", "head", "less", "cp", "unzip"}


def all_commands(document: Path) -> list[Command]:
    found = [block for block in blocks(document) if block.language == "console"]
    return [command for block in found for command in commands(block)]


def all_stages(document: Path) -> list[Stage]:
    return [stage for command in all_commands(document) for stage in command.stages]


def uses_reviews(document: Path) -> bool:
    """Whether it takes the run of the first steps for granted."""
    begins = any(
        "init" in (stage.arguments or ())[:1] for stage in all_stages(document)
    )
    tried = [b.text for b in blocks(document) if b.language in ("console", "python")]
    return not begins and any(RUN in text or "config.yaml" in text for text in tried)


@pytest.mark.parametrize("document", TRIED, ids=NAMES[: len(TRIED)])
def test_what_a_document_shows_is_so(document, newcomer, carry, monkeypatch):
    newcomer(uses_reviews(document))
    names: dict[str, object] = {"__name__": document.stem}
    for block in blocks(document):
        if block.file:
            Path(block.file).write_text(block.text, "utf-8")
        if block.language == "console":
            for command in commands(block):
                carry_out(command, carry, monkeypatch)
        elif block.language == "python":
            code = "\n" * (block.line - 1) + block.text
            exec(compile(code, str(document), "exec"), names)
        elif block.language == "yaml":
            check_yaml(block)


def carry_out(command: Command, carry: Carry, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs a line of a document; what it prints has the words the document shows."""
    given, told = "", ""
    for stage in command.stages:
        if stage.arguments is None:
            given = beside(stage, given)
            continue
        if needs_shared(stage) and not SHARED.is_dir():
            parser().parse_args(stage.arguments)
            return
        with monkeypatch.context() as patch:
            for name, value in stage.sets.items():
                patch.setenv(name, real(value))
            Path(".stdin").write_text(given, "utf-8")
            with Path(".stdin").open(encoding="utf-8") as stdin:
                patch.setattr(sys, "stdin", stdin)
                ended = carry([real(word) for word in stage.arguments])
        given, told = ended.out, ended.told
        if stage.output:
            Path(stage.output).write_text(ended.out, "utf-8")
        wanted = command.code if stage is command.stages[-1] else 0
        assert ended.code == wanted, f"{command.place}: exit code {ended.code}\n{told}"
        assert "Traceback" not in told, f"{command.place}\n{told}"
    absent = [line for line in command.prints if not is_told(line, told)]
    assert absent == [], f"{command.place}: shows what is not printed:\n{told}"


def beside(stage: Stage, given: str) -> str:
    """Does what a small program beside ours does; returns what it prints."""
    program, *words = stage.words
    if program == "cp":
        source, target = words[-2:]
        copy = shutil.copytree if Path(source).is_dir() else shutil.copy
        copy(source, target)
    elif program == "cat" and words:
        return Path(words[0]).read_text("utf-8")
    elif program in ("echo", "printf"):
        return " ".join(words).replace("\\n", "\n") + "\n"
    return given


def needs_shared(stage: Stage) -> bool:
    return any("../shared" in word for word in [*stage.sets.values(), *stage.words])


def real(word: str) -> str:
    """Puts the folder of real data where a document says `../shared`."""
    return word.replace("../shared", str(SHARED))


def is_told(line: str, told: str) -> bool:
    """Whether a line was printed, numbers and blanks apart."""
    return line.strip() == "…" or bare(line) in map(bare, told.splitlines())


def bare(line: str) -> list[str]:
    """Returns the words of a line; bars, numbers and their units may differ."""
    return re.findall(r"[^\W\d_]{2,}", line)


def check_yaml(block: Block) -> None:
    """Studies, suites and configurations are valid, and so are parts of the last."""
    mapping = read_yaml(block.text, where=block.place).mapping
    if "suite" in mapping:
        open_suite(mapping)
    elif "scientific" in mapping:
        design = Blueprint.of(study_from_mapping(mapping))
        assert [design.config(cell, design.points[0]) for cell in design.cells]
    elif set(mapping) <= set(root()["properties"]):
        config_from_mapping({"data": {"dataset": "sample"}} | mapping)


@pytest.mark.parametrize("document", SHOWN, ids=NAMES)
def test_nothing_a_document_shows_is_left_untried(document):
    for block in blocks(document):
        lines = block.text.splitlines()
        asks = [line for line in lines if re.search(r"\btextclf [a-z]", line)]
        if block.language not in ("console", "python", "yaml"):
            assert asks == [], f"{block.place}: write it as ```console, behind `$ `"
        if document in TRIED:
            assert block.language in LANGUAGES, block.place
    for command in all_commands(document):
        for stage in command.stages:
            check_program(stage, command.place, document)


def check_program(stage: Stage, place: str, document: Path) -> None:
    program = stage.words[0]
    if program == "make":
        targets = [word for word in stage.words[1:] if "=" not in word]
        assert set(targets) <= make_targets(), place
    elif program == "pip":
        asked = re.findall(r"textclf\[([\w,]+)\]|\.\[([\w,]+)\]", " ".join(stage.words))
        assert {n for pair in asked for n in ",".join(pair).split(",")} <= {
            "",
            *extras(),
        }
    elif stage.arguments is None and document in TRIED:
        assert program in BESIDE | {"echo", "printf", "cat"}, f"{place}: not tried"


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))


def extras() -> set[str]:
    with (ROOT / "pyproject.toml").open("rb") as stream:
        return set(tomllib.load(stream)["project"]["optional-dependencies"])


def test_the_readme_shows_the_path_from_data_to_answers():
    shown = {(stage.arguments or [""])[0] for stage in all_stages(ROOT / "README.md")}
    assert shown >= {"init", "train", "evaluate", "predict"}


def test_a_line_is_taken_apart():
    cut = stages("A='1 2' textclf predict --run r \"it's x|y\" | cat > out.txt  # so")
    assert [stage.words for stage in cut] == [
        ["textclf", "predict", "--run", "r", "it's x|y"],
        ["cat"],
    ]
    assert (cut[0].sets, cut[1].output) == ({"A": "1 2"}, "out.txt")
    assert cut[0].arguments == ["predict", "--run", "r", "it's x|y"]
    assert cut[1].arguments is None


def test_commands_are_found_with_what_they_print():
    text = "$ textclf a \\\n    b  # exit code 3\nsays 5\n\n$ make x\n"
    block = Block(ROOT / "README.md", "console", "", text, 7)
    first, second = commands(block)
    assert (first.place, first.code, first.prints) == ("README.md:7", 3, ["says 5"])
    assert first.stages[0].arguments == ["a", "b"]
    assert (second.place, second.code) == ("README.md:11", 0)


@pytest.mark.parametrize(
    ("line", "told", "yes"),
    [
        ("accuracy  79.3 %", "accuracy 80.1 %\n", True),
        ("…", "", True),
        ("accuracy 79", "precision 79\n", False),
        ("the accuracy", "accuracy\n", False),
    ],
)
def test_words_are_compared_and_numbers_are_not(line, told, yes):
    assert is_told(line, told) is yes
