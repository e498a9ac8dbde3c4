"""A newcomer's folder, and training that documents share."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.docs.documents import ROOT
from textclf.cli.main import main

REVIEWS = (
    "init reviews.csv --output config.yaml",
    "train --config config.yaml --run-dir runs/reviews",
)


@dataclass(frozen=True)
class Ended:
    """A command that ran: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> str:
        return f"{self.out}{self.err}"


Carry = Callable[[list[str]], Ended]


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple, tuple]:
    """What documents trained so far: the same command on the same files runs once."""
    return {}


@pytest.fixture
def carry(trained, tmp_path_factory, capfd) -> Carry:
    """Runs textclf in the working directory."""

    def run(words: list[str]) -> Ended:
        if "--run-dir" not in words or words[0] != "train":
            return _run(words, capfd)
        config = Path(words[words.index("--config") + 1])
        run_dir = words[words.index("--run-dir") + 1]
        key = (*words, config.read_text("utf-8") if config.is_file() else "")
        if key not in trained:
            ended = _run(words, capfd)
            kept = tmp_path_factory.mktemp("trained") / "run"
            if Path(run_dir).is_dir():
                shutil.copytree(run_dir, kept)
            trained[key] = ended, kept
        elif trained[key][1].is_dir():
            shutil.copytree(trained[key][1], run_dir)
        return trained[key][0]

    return run


def _run(words: list[str], capfd: pytest.CaptureFixture[str]) -> Ended:
    capfd.readouterr()
    try:
        code = main(words)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    return Ended(code, *capfd.readouterr())


@pytest.fixture
def newcomer(tmp_path: Path, carry: Carry, monkeypatch) -> Callable[[bool], Path]:
    """Goes to a new folder with what a newcomer has, and with `runs/reviews` if asked.

    That is: shipped configurations and a file of their own.
    """

    def folder(has_run: bool) -> Path:
        place = tmp_path / "textclf"
        shutil.copytree(ROOT / "configs", place / "configs")
        shutil.copy(ROOT / "textclf/data/sample/reviews.csv", place / "reviews.csv")
        monkeypatch.chdir(place)
        for command in REVIEWS if has_run else ():
            ended = carry(command.split())
            assert ended.code == 0, ended.told
        return place

    return folder
