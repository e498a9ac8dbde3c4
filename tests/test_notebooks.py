"""Notebooks hold their outputs and define nothing; `make notebooks` runs them."""

import json
import re
from pathlib import Path

import nbformat
import pytest

from docs.notebooks import lasting, main

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
# Folders of one machine, and addresses in memory.
LARGEST = 600_000  # bytes of a notebook with its pictures
PASSING = re.compile(r"/(?:tmp|home|root|Users|work)/|at 0x[0-9a-f]{6,}")


def code_of(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def notebook_of(path, *sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_defines_nothing_and_holds_its_outputs(path):
    code = code_of(path)
    assert code and all(cell["outputs"] for cell in code)
    source = "\n".join("".join(cell["source"]) for cell in code)
    assert "def " not in source and "class " not in source
    shown = [output for cell in code for output in cell["outputs"]]
    assert not [output for output in shown if output["output_type"] == "error"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_was_run_by_make_notebooks(path):
    notebook = nbformat.read(path, as_version=4)
    assert path.read_text("utf-8") == nbformat.writes(lasting(notebook)) + "\n"
    counts = [cell["execution_count"] for cell in code_of(path)]
    assert counts == list(range(1, len(counts) + 1))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_its_outputs_name_nothing_of_one_machine(path):
    shown = json.dumps([cell["outputs"] for cell in code_of(path)])
    assert PASSING.findall(re.sub(r'"image/[a-z]+": "[^"]*"', "", shown)) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_its_links_lead_somewhere_and_it_is_small(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    prose = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] != "code")
    links = re.findall(r"\]\((?!https?:)([^)#]+)", prose)
    assert [link for link in links if not (path.parent / link).exists()] == []
    assert path.stat().st_size < LARGEST


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_notebook_runs_and_is_written_without_what_passes(tmp_path, capsys):
    path = notebook_of(
        tmp_path / "a.ipynb",
        "import sys, time\nprint(1)\nsys.stdout.flush()\ntime.sleep(0.3)\nprint(2)",
        "3 + 4",
    )
    assert main([str(path)]) == 0
    first, second = code_of(path)
    assert [output["text"] for output in first["outputs"]] == [["1\n", "2\n"]]
    assert second["outputs"][0]["data"]["text/plain"] == ["7"]
    assert first["metadata"] == second["metadata"] == {}
    assert "a.ipynb" in capsys.readouterr().out


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("source", "told"),
    [("1 / 0", "ZeroDivisionError"), ("open('left', 'w').close()", "left left in")],
)
def test_a_notebook_that_fails_or_leaves_files_is_told(tmp_path, capsys, source, told):
    path = notebook_of(tmp_path / "wrong.ipynb", source)
    before = path.read_text("utf-8")
    assert main([str(path), "--check"]) == 1
    assert told in capsys.readouterr().err
    assert path.read_text("utf-8") == before
