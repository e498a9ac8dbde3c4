"""`textclf ensemble`: a run of runs, which every judging command takes."""

import json

import pytest

from textclf.cli.main import main
from textclf.run import Run


@pytest.fixture(scope="module")
def joined(trained, second, tmp_path_factory):
    folder = tmp_path_factory.mktemp("joined") / "run"
    runs = [str(trained("binary")), str(second)]
    assert main(["ensemble", *runs, "--run-dir", str(folder)]) == 0
    return folder


def told(capsys, *arguments):
    code = main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    assert code == 0, said.err
    return said.out


def test_it_is_a_finished_run_with_reports_beside_the_floor(joined, trained):
    run = Run.open(joined)
    own = run.read_json("report-test.json")
    single = Run.open(trained("binary")).read_json("report-test.json")
    assert own["floor"] == single["floor"] and own["n"] == single["n"]
    assert run.read_json("report-dev.json")["split"] == "dev"


def test_predict_evaluate_show_compare_and_behave_take_it(joined, trained, capsys):
    answer = json.loads(
        told(capsys, "predict", "--run", joined, "--json", "a lovely film")
    )
    assert answer["label"] == "pos"
    report = json.loads(told(capsys, "evaluate", "--run", joined, "--json"))
    assert report == json.loads((joined / "report-test.json").read_text())
    shown = told(capsys, "show", joined)
    assert "ensemble of 2 models" in shown or "ensemble of 1 model" in shown
    assert "weight" in shown and "sha256" in shown
    table = json.loads(told(capsys, "compare", joined, trained("binary"), "--json"))
    assert [run["kind"] for run in table["runs"]] == ["ensemble", "average"]
    versus = told(capsys, "evaluate", "--compare", joined, trained("binary"))
    assert str(joined) in versus
    told(capsys, "behave", "--run", joined, "--suite", "invariance")


def test_runs_that_held_other_texts_out_are_refused(trained, tmp_path, capsys):
    runs = [str(trained("binary")), str(trained("multiclass"))]
    assert main(["ensemble", *runs, "--run-dir", str(tmp_path / "x")]) == 3
    assert "dev texts" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_one_run_is_no_ensemble(trained, tmp_path, capsys):
    run = str(trained("binary"))
    for runs in ([run], [run, run]):
        assert main(["ensemble", *runs, "--run-dir", str(tmp_path / "x")]) == 2
        assert "two or more" in capsys.readouterr().err


def test_what_needs_one_model_says_so(joined, capsys):
    for command in (["explain", "--run"], ["report"]):
        texts = ["a lovely film"] if command[0] == "explain" else []
        assert main([*command, str(joined), *texts]) == 4
        assert "models/1" in capsys.readouterr().err
