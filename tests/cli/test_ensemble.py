"""`textclf ensemble`: a run of runs, which every judging command takes."""

import json

import pytest

import textclf
from textclf.cli.main import main
from textclf.errors import ArtefactError
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
    alone = told(capsys, "show", joined / "bundle")
    assert "weight" in alone and shown.rpartition("sha256 ")[2].strip() in alone
    table = json.loads(told(capsys, "compare", joined, trained("binary"), "--json"))
    assert [run["kind"] for run in table["runs"]] == ["ensemble", "average"]
    assert table["differences"] == {"model.kind": ["ensemble", "average"]}
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


def test_what_needs_one_model_says_so_and_names_one_that_it_takes(joined, capsys):
    assert main(["explain", "--run", str(joined), "a lovely film"]) == 4
    model = joined / "bundle" / "models" / "1"
    assert str(model) in capsys.readouterr().err
    told(capsys, "explain", "--run", model, "a lovely film")


def test_what_needs_one_run_names_those_it_was_made_of(joined, trained, second, capsys):
    kept = json.loads((joined / "ensemble.json").read_text())["runs"]
    assert {one["run"] for one in kept} <= {str(trained("binary")), str(second)}
    assert sum(one["weight"] for one in kept) == pytest.approx(1.0)
    named = ", ".join(one["run"] for one in kept)
    assert main(["report", str(joined)]) == 4
    assert f"the runs it was made of: {named}" in capsys.readouterr().err
    with pytest.raises(ArtefactError, match="the runs it was made of"):
        textclf.load(joined)
