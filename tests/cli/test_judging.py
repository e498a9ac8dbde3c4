"""`evaluate` with slices, errors, files, and two runs side by side."""

import csv
import json
import shutil

import pytest

from textclf.cli.main import main

from .conftest import TASKS, rows_of, write_csv


@pytest.fixture(scope="module")
def wide(tmp_path_factory):
    """Texts with a further column, some of them labelled wrongly."""
    path = tmp_path_factory.mktemp("wide") / "wide.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "text", "label", "source"])
        for at, (text, label) in enumerate(rows_of("binary")):
            turned = {"pos": "neg", "neg": "pos"}[label]
            source = "web" if at % 3 else "film"
            said = turned if source == "film" and at % 2 else label
            writer.writerow([at, text, said, source])
    return path


def out_of(capsys, *arguments):
    code = main(["evaluate", *map(str, arguments)])
    told = capsys.readouterr()
    assert code == 0, told.err
    return told.out


@pytest.mark.parametrize("task", TASKS)
def test_slices_of_the_held_out_texts(trained, task, capsys):
    names = ("--slice", "length,unknown", "--slice", "truncated", "--slice", "label")
    report = json.loads(out_of(capsys, "--run", trained(task), *names, "--json"))
    sizes = {}
    for part in report["slices"]:
        sizes[part["slice"]] = sizes.get(part["slice"], 0) + part["n"]
        assert 0 <= part["score"] <= 1
    assert sizes["length"] == sizes["unknown"] == sizes["truncated"] == report["n"]
    told = out_of(capsys, "--run", trained(task), *names)
    assert "slices" in told and "characters" in told


def test_a_column_and_one_of_its_values(trained, wide, capsys):
    given = ("--run", trained("binary"), "--data", wide)
    report = json.loads(out_of(capsys, *given, "--slice", "source", "--json"))
    web, film = sorted(report["slices"], key=lambda part: -part["n"])
    assert (web["value"], film["value"]) == ("web", "film")
    assert film["worse"] and not web["worse"]
    report = json.loads(out_of(capsys, *given, "--slice", "source=film", "--json"))
    assert [part["value"] for part in report["slices"]] == ["film"]
    assert "1 slice is clearly worse" in out_of(capsys, *given, "--slice", "source")


def test_errors_name_file_and_line(trained, wide, capsys):
    given = ("--run", trained("binary"), "--data", wide, "--errors", "3")
    errors = json.loads(out_of(capsys, *given, "--json"))["errors"]
    assert len(errors) == 3
    rows = list(csv.reader(wide.read_text(encoding="utf-8").splitlines()))
    for error in errors:
        path, _, line = error["place"].rpartition(":")
        assert path == str(wide)
        row = rows[int(line) - 1]
        assert row[1] == error["text"] and [row[2]] == error["truth"]
        assert error["truth"] != error["said"]
    assert "wrong answers the model was surest of" in out_of(capsys, *given)


def test_held_out_errors_name_their_lines(trained, data, capsys):
    given = ("--run", trained("multilabel"), "--errors", "200", "--json")
    errors = json.loads(out_of(capsys, *given)).get("errors", [])
    lines = data("multilabel").read_text(encoding="utf-8").splitlines()
    rows = list(csv.reader(lines))
    for error in errors:
        row = rows[int(error["place"].rpartition(":")[2]) - 1]
        assert row[0] == error["text"]
        assert set(filter(None, row[1].split("|"))) == set(error["truth"])


def test_output_holds_all_that_was_found(trained, wide, tmp_path, capsys):
    folder = tmp_path / "out"
    given = ("--run", trained("binary"), "--data", wide, "--slice", "source")
    given += ("--errors", "2", "--output", folder)
    out_of(capsys, *given)
    assert {path.name for path in folder.iterdir()} == {
        *("report.json", "report.md", "predictions.jsonl", "slices.json"),
        *("errors.json", "confusion.png", "curves.png", "reliability.png"),
        "coverage.png",
    }
    text = (folder / "report.md").read_text(encoding="utf-8")
    assert "## Slices" in text and "## Wrong answers" in text
    assert main(["evaluate", *map(str, given)]) == 2
    assert "exists already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flags", "code", "said"),
    [
        ([], 2, "give --run"),
        (["--run", "RUN", "--slice", "sourc"], 3, "no column"),
        (["--run", "RUN", "--slice", "label=none"], 2, "no text has 'none'"),
        (["--run", "RUN", "--slice", "length,"], 2, "empty name"),
        (["--run", "RUN", "--errors", "-1"], 2, "0 or more"),
        (["--run", "RUN", "--compare", "RUN", "RUN"], 2, "--compare and --run"),
        (["--compare", "RUN", "OTHER", "--slice", "length"], 2, "--slice"),
    ],
)
def test_what_cannot_be_asked(trained, second, capsys, flags, code, said):
    places = {"RUN": str(trained("binary")), "OTHER": str(second)}
    assert main(["evaluate", *[places.get(flag, flag) for flag in flags]]) == code
    assert said in capsys.readouterr().err


class TestCompare:
    def test_two_runs_on_the_same_held_out_texts(self, trained, second, capsys):
        given = ("--compare", trained("binary"), second)
        found = json.loads(out_of(capsys, *given, "--json"))
        reports = [
            json.loads((run / "report-test.json").read_text(encoding="utf-8"))
            for run in (trained("binary"), second)
        ]
        for side, report in zip("ab", reports, strict=True):
            assert found["measures"]["accuracy"][side] == report["accuracy"]
            assert found["measures"]["ece"][side] == report["ece"]
        assert found["n"] == reports[0]["n"]
        told = out_of(capsys, *given)
        assert found["verdict"] in " ".join(told.split())
        assert "McNemar" in told

    def test_two_runs_on_a_file(self, trained, second, wide, capsys):
        given = ("--compare", trained("binary"), second, "--data", wide)
        found = json.loads(out_of(capsys, *given, "--json", "--errors", "4"))
        assert found["n"] == len(rows_of("binary"))
        rows = list(csv.reader(wide.read_text(encoding="utf-8").splitlines()))
        assert len(found["disagreements"]) <= 4
        for one in found["disagreements"]:
            line = int(one["place"].rpartition(":")[2])
            assert rows[line - 1][1] == one["text"]

    def test_other_test_texts_are_refused(self, trained, tmp_path, capsys, second):
        run = shutil.copytree(second, tmp_path / "run")
        facts = json.loads((run / "data.json").read_text(encoding="utf-8"))
        facts["splits"]["test"]["sha256"] = "0" * 64
        (run / "data.json").write_text(json.dumps(facts), encoding="utf-8")
        given = ["evaluate", "--compare", str(trained("binary")), str(run)]
        assert main(given) == 3
        message = capsys.readouterr().err
        assert "different test texts" in message and "--data FILE" in message

    def test_other_labels_are_refused(self, trained, wide, capsys):
        runs = [str(trained(task)) for task in ("binary", "multiclass")]
        assert main(["evaluate", "--compare", *runs]) == 3
        assert "different labels: neutral" in capsys.readouterr().err
        assert main(["evaluate", "--compare", *runs, "--data", str(wide)]) == 3
        assert "other texts or labels" in capsys.readouterr().err

    def test_no_run(self, trained, tmp_path, capsys):
        given = ["--compare", str(trained("binary")), str(tmp_path)]
        assert main(["evaluate", *given]) == 4
        assert "no run here" in capsys.readouterr().err


def test_a_file_with_a_label_nobody_knows(trained, second, tmp_path, capsys):
    path = write_csv(tmp_path / "new.csv", [("x", "pos"), ("y", "poss")])
    given = ["--compare", str(trained("binary")), str(second), "--data", str(path)]
    assert main(["evaluate", *given]) == 3
    assert "new.csv:3" in capsys.readouterr().err
