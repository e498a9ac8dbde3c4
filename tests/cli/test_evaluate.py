"""`evaluate`: on the held-out texts, on a file, and on data that changed."""

import json
import shutil

import pytest

from textclf.cli.main import main
from textclf.config.load import load_config

from .conftest import TASKS, write_csv


@pytest.mark.parametrize("task", TASKS)
def test_held_out_texts_give_the_report_of_the_run(trained, task, capsys):
    assert main(["evaluate", "--run", str(trained(task)), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report == json.loads((trained(task) / "report-test.json").read_text("utf-8"))
    wanted = {"n", "accuracy", "macro_f1", "per_label", "confusion", "accuracy_ci95"}
    assert wanted | {"floor"} <= set(report)
    low, high = report["accuracy_ci95"]
    assert 0 <= low <= report["accuracy"] <= high <= 1
    assert set(report["floor"]) == {"majority", "linear"}


def test_a_file_is_scored_beside_a_floor_trained_anew(trained, tmp_path, capsys):
    rows = [("a superb evening", "pos"), ("dull and rude", "neg"), ("", "neg")]
    path = write_csv(tmp_path / "new.csv", rows)
    arguments = ["evaluate", "--run", str(trained("binary")), "--data", str(path)]
    assert main([*arguments, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["n"] == 3 and report["floor"]["linear"]["accuracy"] > 0.5
    assert any("empty" in note for note in report["notes"])


def test_texts_that_were_trained_on_are_told(trained, tmp_path, capsys):
    run = trained("binary")
    source = json.loads((run / "data.json").read_text("utf-8"))["splits"]
    arguments = ["evaluate", "--run", str(run), "--json", "--data"]
    data = load_config(run / "config.yaml").config.data.train
    assert main([*arguments, str(data)]) == 0
    report = json.loads(capsys.readouterr().out)
    told = f"{source['train']['texts']:,} of {report['n']:,} texts were trained on"
    assert report["notes"][0].startswith(told)
    new = write_csv(tmp_path / "new.csv", [("entirely new", "pos")])
    assert main([*arguments, str(new)]) == 0
    assert "trained on" not in capsys.readouterr().out


def test_a_label_the_model_does_not_know_is_named_with_its_line(
    trained, tmp_path, capsys
):
    path = write_csv(tmp_path / "new.csv", [("x", "pos"), ("y", "poss")])
    arguments = ["evaluate", "--run", str(trained("binary")), "--data", str(path)]
    assert main(arguments) == 3
    message = capsys.readouterr().err
    assert "poss" in message and "new.csv:3" in message


@pytest.mark.parametrize(
    ("content", "fix"),
    [
        (b"review,label\nlovely,pos\n", 'rename one of these to "text" in the file'),
        (b"text,Label\nlovely,pos\n", 'rename "Label" to "label" in the file'),
        (b"text,label\n\xfcbel,neg\n", "save the file as utf-8, as the texts of"),
    ],
)
@pytest.mark.parametrize("flag", ["--run", "--compare"])
def test_what_a_file_lacks_is_mended_in_the_file(
    trained, tmp_path, capsys, flag, content, fix
):
    path, run = tmp_path / "new.csv", str(trained("binary"))
    path.write_bytes(content)
    runs = [run] if flag == "--run" else [run, run]
    assert main(["evaluate", flag, *runs, "--data", str(path)]) == 3
    message = capsys.readouterr().err
    assert f"fix: {fix}" in message and "data." not in message


def test_test_data_that_changed_are_refused(config, tmp_path, capsys):
    source = tmp_path / "data.csv"
    text = config("binary").read_text("utf-8")
    original = json.loads(text)["data"]["train"]
    shutil.copy(original, source)
    path = tmp_path / "c.yaml"
    path.write_text(text.replace(original, str(source)), "utf-8")
    run = tmp_path / "run"
    assert main(["train", "--config", str(path), "--run-dir", str(run)]) == 0
    source.write_text(source.read_text("utf-8").replace("number", "count"), "utf-8")
    assert main(["evaluate", "--run", str(run)]) == 3
    assert "other test data" in capsys.readouterr().err
    source.unlink()
    new = write_csv(tmp_path / "new.csv", [("great", "pos"), ("rude", "neg")])
    assert main(["evaluate", "--run", str(run), "--data", str(new), "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["floor"] is None and "no floor" in err


def test_no_run_is_an_artefact_error(tmp_path, capsys):
    assert main(["evaluate", "--run", str(tmp_path)]) == 4
    assert "no run here" in capsys.readouterr().err
