"""Every command of the README runs as it stands, in its order, in one folder."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from textclf.cli.main import main

ROOT = Path(__file__).parent.parent
PREFIX = "python -m textclf "


def commands() -> list[str]:
    """The lines behind `$` that call textclf."""
    blocks = re.findall(
        r"```console\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL
    )
    lines = [line[2:] for block in blocks for line in block.splitlines()]
    return [line for line in lines if PREFIX in line]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a newcomer has: the shipped configurations and a file of their own."""
    folder = tmp_path_factory.mktemp("newcomer") / "textclf"
    shutil.copytree(ROOT / "configs", folder / "configs")
    shutil.copy(ROOT / "textclf/data/sample/reviews.csv", folder / "reviews.csv")
    return folder


def test_the_readme_shows_every_command():
    shown = {shlex.split(line.split(PREFIX)[1])[0] for line in commands()}
    assert shown >= {"init", "train", "evaluate", "predict", "show"}


@pytest.mark.parametrize("line", commands())
def test_a_command_of_the_readme_runs(line, folder, monkeypatch, capsys, request):
    monkeypatch.chdir(folder)
    variables, command = line.split(PREFIX)
    for variable in shlex.split(variables):
        name, value = variable.split("=")
        shared = request.getfixturevalue("shared")
        monkeypatch.setenv(name, value.replace("../shared", str(shared)))
    assert main(shlex.split(command, comments=True)) == 0
    assert "Traceback" not in capsys.readouterr().err
