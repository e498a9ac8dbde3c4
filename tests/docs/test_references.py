"""The pages of `docs/reference` say what the code says."""

import argparse

import pytest

from docs.generate import FOLDER, pages
from docs.generate.commands import WIDTH
from docs.generate.markdown import anchor, code, plain, table
from textclf.cli.parser import parser
from textclf.config.settings import all_keys

STALE = (
    "docs/reference/{} is not what the code says. Run `make references` (or `python -m "
    "docs.generate`) and commit what it writes. After a conflict in docs/reference: "
    "take either side, run it, add."
)


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_page_is_what_make_references_writes(name):
    written = (FOLDER / name).read_text("utf-8")
    assert written == pages()[name], STALE.format(name)


def test_no_other_page_lies_there():
    made = {path.name for path in FOLDER.glob("*.md")}
    assert made == set(pages())


def test_every_key_is_told():
    page = pages()["config.md"]
    sections = {key.partition(".")[0] for key in all_keys() if "." in key}
    keys = [key for key in all_keys() if key not in sections]
    assert len(keys) > 40
    assert [key for key in keys if f"| `{key}` |" not in page] == []


def parsers(command: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    found = [command]
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                found += parsers(inner)
    return found


def test_every_flag_of_every_command_is_told():
    page = pages()["cli.md"]
    commands = parsers(parser())
    assert len(commands) > 25
    for command in commands:
        shown = page.split(f"# {command.prog}\n\n```\n")[1].split("```")[0]
        flags = {flag for action in command._actions for flag in action.option_strings}
        assert {flag for flag in flags if flag not in shown} == set()


def test_help_is_as_wide_everywhere(monkeypatch):
    expected = pages()["cli.md"]
    for columns in ("30", "200"):
        monkeypatch.setenv("COLUMNS", columns)
        assert pages()["cli.md"] == expected
    blocks = expected.split("```\n")[1::2]
    assert max(len(line) for block in blocks for line in block.splitlines()) <= WIDTH


def test_a_cell_holds_any_text():
    said = plain('one of "|", [2, 5] or <b> and `a_b`; snake_case')
    assert said == 'one of "|", \\[2, 5\\] or \\<b\\> and `a_b`; snake\\_case'
    assert table(["a", "b"], [[said, code("x|y")]]).splitlines()[2] == (
        '| one of "\\|", \\[2, 5\\] or \\<b\\> and `a_b`; snake\\_case | `x\\|y` |'
    )
    assert anchor("model, kind cnn") == "model-kind-cnn"
