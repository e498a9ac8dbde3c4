"""`compare`: runs side by side."""

import json
import shutil
from pathlib import Path

import pytest

from textclf.cli.main import main
from textclf.evaluation.intervals import Interval
from textclf.evaluation.run_plot import Bar, Mark, run_plot
from textclf.evaluation.tables import screen_width
from textclf.overview import Overview
from textclf.run import Run


@pytest.fixture
def pair(trained, second):
    """Two runs of the same data."""
    return [str(trained("binary")), str(second)]


def told(capsys, *arguments):
    code = main(["compare", *map(str, arguments)])
    out, err = capsys.readouterr()
    assert code == 0, err
    return out


def test_scores_sizes_and_differences(pair, capsys):
    found = json.loads(told(capsys, *pair, "--json"))
    assert [run["run"] for run in found["runs"]] == pair
    for run, folder in zip(found["runs"], pair, strict=True):
        for split in ("dev", "test"):
            path = Path(folder) / f"report-{split}.json"
            report = json.loads(path.read_text(encoding="utf-8"))
            side = run["scores"][split]
            assert side["score"] == report["accuracy"]
            assert side["ci95"] == report["accuracy_ci95"]
            assert side["ece"] == report["ece"]
        floors = [one["accuracy"] for one in report["floor"].values()]
        assert run["floor"] == max(floors)
        assert run["megabytes"] > 0 and run["seconds"] > 0
    assert found["differences"] == {
        "model.hidden": [[], [4]],
        "training.epochs": [6, 1],
    }
    assert found["notes"] == []


def test_tables_for_people_and_for_markdown(pair, capsys):
    out = told(capsys, *pair)
    assert "training.epochs" in out and "test accuracy" in out
    text = told(capsys, *pair, "--markdown")
    assert text.startswith("# Runs\n") and "| training.epochs | 6 | 1 |" in text
    overview = Overview.of([Run.open(Path(folder)) for folder in pair])
    for width in (30, 40, 80, 200):
        assert max(map(screen_width, overview.to_lines(width))) <= width


def test_a_picture(pair, tmp_path, capsys):
    path = tmp_path / "runs.png"
    told(capsys, *pair, "--plot", path)
    assert path.read_bytes().startswith(b"\x89PNG")


def test_other_texts_and_tasks_are_said(pair, trained, capsys):
    notes = json.loads(told(capsys, pair[0], trained("multilabel"), "--json"))["notes"]
    assert any("different texts" in note for note in notes)
    assert any("different tasks" in note for note in notes)


def test_runs_of_one_name_are_told_apart(pair, tmp_path, capsys):
    twin = tmp_path / "elsewhere" / "second"
    shutil.copytree(pair[1], twin)
    out = told(capsys, pair[1], twin)
    assert "elsewhere/second" in out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["A"], 2, "two or more different"),
        (["A", "A"], 2, "two or more different"),
        (["A", "nowhere"], 4, "no run here"),
        (["A", "B", "--json", "--markdown"], 2, "--json and --markdown"),
        (["A", "B", "--plot", "x.pdf"], 2, ".png"),
    ],
)
def test_what_cannot_be_compared(pair, capsys, arguments, code, said):
    places = dict(zip("AB", pair, strict=True))
    assert main(["compare", *[places.get(a, a) for a in arguments]]) == code
    assert said in capsys.readouterr().err


def test_a_plot_of_what_is_known(tmp_path):
    mark = Mark(0.5, Interval(0.4, 0.6))
    bars = [Bar("$a\x1b", None, mark, None), Bar("b", mark, None, 0.3)]
    run_plot(bars, tmp_path / "x.png", measure="accuracy")
    assert (tmp_path / "x.png").stat().st_size > 4000
