"""`data check`: what is printed, and how it ends."""

import json
from pathlib import Path

import pytest

from textclf.audit.found import KINDS
from textclf.cli.main import main
from textclf.evaluation.tables import screen_width

ROWS = [
    *((f"a good text, number {i}", "good") for i in range(30)),
    *((f"one bad story of {i} pages", "bad") for i in range(30)),
    ("twice the same", "good"),
    ("Twice  the same", "bad"),
    ("caf\u00c3\u00a9 &amp; bar", "Good"),
    (" ", "bad"),
]


def written(folder: Path, rows=ROWS) -> Path:
    lines = ["text,label", *(f'"{text}",{label}' for text, label in rows)]
    path = folder / "data.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def told(capsys, *words: object) -> dict:
    assert main(["data", "check", *map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_bare_file_is_looked_at(tmp_path, capsys):
    path = written(tmp_path)
    found = told(capsys, path)
    assert found["version"] == 1 and found["rows"] == {"train": 64}
    assert found["labels"]["train"] == {"good": 31, "bad": 32, "Good": 1}
    kinds = {one["kind"]: one for one in found["findings"]}
    assert set(kinds) <= set(KINDS)
    assert {"conflict", "empty", "mojibake", "label_look_alike", "duplicate"} <= set(
        kinds
    )
    assert kinds["mojibake"]["examples"][0]["place"] == f"{path}:64"
    assert {tuple(one) for one in found["findings"]} == {
        (
            "kind",
            "weight",
            "split",
            "count",
            "of",
            "told",
            "advice",
            "examples",
            "share",
        )
    }
    assert found["weights"]["serious"] == sum(
        one["weight"] == "serious" for one in found["findings"]
    )


def test_examples_are_as_many_as_asked_for(tmp_path, capsys):
    path = written(tmp_path, [*ROWS, *(("line<br />end", "good") for _ in range(20))])
    for number in (0, 5, 1000):
        found = told(capsys, path, "--examples", number)
        (tags,) = (one for one in found["findings"] if one["kind"] == "html_tag")
        assert len(tags["examples"]) == min(number, 20)


def test_strict_ends_with_3_unless_the_kinds_are_allowed(tmp_path, capsys):
    path = written(tmp_path)
    assert main(["data", "check", str(path), "--strict"]) == 3
    said = capsys.readouterr().err
    assert "serious findings" in said and "--allow" in said
    serious = {one["kind"] for one in told(capsys, path)["findings"]}
    allowed = [word for kind in serious for word in ("--allow", kind)]
    assert main(["data", "check", str(path), "--strict", *allowed]) == 0
    assert main(["data", "check", str(path), "--allow", "leek"]) == 2
    assert "did you mean leak?" in capsys.readouterr().err


def test_a_folder_of_classes_and_several_labels(tmp_path, capsys):
    for label in ("pos", "neg"):
        (tmp_path / "set" / label).mkdir(parents=True)
        for i in range(12):
            text = f"{label} text {i}"
            (tmp_path / "set" / label / f"{i}.txt").write_text(text, "utf-8")
    copy = tmp_path / "set/pos/copy.txt"
    copy.write_text("pos text 3", "utf-8")
    kinds = {o["kind"]: o for o in told(capsys, tmp_path / "set")["findings"]}
    assert kinds["duplicate"]["examples"][0]["place"] == str(copy)

    cells = ("a", "b", "a|b", "a|b")
    rows = "\n".join(f"words {i} here,{cells[i % 4]}" for i in range(40))
    (tmp_path / "many.csv").write_text(f"text,labels\n{rows}\n", "utf-8")
    found = told(capsys, tmp_path / "many.csv")
    assert found["labels"]["train"] == {"a": 30, "b": 30}


def test_splits_of_a_configuration_are_compared(tmp_path, capsys):
    written(tmp_path)
    (tmp_path / "t.csv").write_text("text,label\ntwice the same,good\nnew,odd\n")
    config = tmp_path / "c.yaml"
    config.write_text("data: {train: data.csv, test: t.csv}\ntext: {max_length: 3}\n")
    found = told(capsys, "--config", config)
    kinds = {(o["kind"], o["split"]): o for o in found["findings"]}
    assert kinds["leak", "test"]["count"] == 1
    assert kinds["label_unknown", "test"]["count"] == 1
    assert kinds["truncation", "train"]["weight"] == "notable"
    assert [one["split"] for one in found["seen"]] == ["train", "test"]


def test_a_named_data_set_is_looked_at(capsys):
    rows = told(capsys, "sample")["rows"]
    assert set(rows) == {"train", "test"} and rows["train"] > rows["test"] > 100


def test_what_is_no_file_and_no_name_says_what_is_near(capsys):
    assert main(["data", "check", "sampel"]) == 3
    assert "did you mean sample?" in capsys.readouterr().err


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_lines_fit_the_terminal(tmp_path, columns):
    from textclf.audit import check

    path = written(tmp_path)
    lines = check(path, wrong_labels=False).to_lines(columns)
    assert max(map(screen_width, lines)) <= columns, lines
    assert not any(str(tmp_path) in line for line in lines[8:])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "No such file"),
        ("", "empty file"),
        ("text,label\n", "no rows"),
        ("text,label\na,x\nb,x\nc,x\n", "at least two labels"),
        ("text,label\na,x,y\n", "data.csv:2"),
    ],
)
def test_faults_are_told_as_everywhere(tmp_path, capsys, content, words):
    path = tmp_path / "data.csv"
    if content is not None:
        path.write_text(content, "utf-8")
    assert main(["data", "check", str(path)]) == 3
    said = capsys.readouterr()
    assert words in said.err and "Traceback" not in said.err and said.out == ""


def test_ctrl_c_is_quiet(tmp_path, capsys, monkeypatch):
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("textclf.audit.audit.on_truth", stopped)
    assert main(["data", "check", str(written(tmp_path))]) == 130
    said = capsys.readouterr()
    assert said.out == "" and said.err.endswith("interrupted\n")


def test_usage_mistakes(tmp_path, capsys):
    assert main(["data", "check", "x.csv", "--examples", "-1"]) == 2
    assert main(["data", "check", "--config", str(written(tmp_path))]) == 2
    assert "without --config" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["data", "check"])
