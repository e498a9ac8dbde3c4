"""`textclf study …`: what the commands print, and how they refuse."""

import csv
import json
from pathlib import Path

import pytest

import textclf
from textclf.cli.console import Console
from textclf.cli.main import main
from textclf.cli.study.trials import kept

STUDY = """\
study: small
question: Does word dropout help?
fixed:
  data: {{train: {data}}}
  embedding: {{dim: 4}}
  regularisation: {{dropout: 0}}
  training: {{epochs: 2, learning_rate: 0.05, batch_size: 16}}
scientific:
  dropout:
    none: {{}}
    word: {{regularisation.word_dropout: 0.3}}
  embedding.dim: [2, 4]
split: {{folds: 3}}
replication: {{min: 2}}
winner: {{seeds: 0}}
limits: {{workers: 1}}
"""


@pytest.fixture(scope="module")
def config(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    source = Path(textclf.__file__).parent / "data" / "sample" / "reviews.csv"
    with source.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    with (folder / "reviews.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([rows[0], *rows[1::20]])
    path = folder / "s.yaml"
    path.write_text(STUDY.format(data="reviews.csv"), "utf-8")
    return path


@pytest.fixture(scope="module")
def folder(config) -> Path:
    """The study, run once by the command."""
    target = config.parent / "runs" / "small"
    assert (
        main(["study", "run", "--config", str(config), "--run-dir", str(target)]) == 0
    )
    return target


def ran(capsys, *arguments: object) -> tuple[int, str, str]:
    code = main(["study", *map(str, arguments)])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_run_prints_findings_and_where_more_is(config, folder, capsys):
    code, out, err = ran(capsys, "run", "--config", config, "--run-dir", folder)
    assert code == 0, err
    assert "small: 8 of 8 trials done" in out
    assert "dropout word" in out
    assert f"study: {folder}" in out
    assert f"study report {folder} --html" in out


def test_run_prints_json(config, folder, capsys):
    arguments = ("run", "--config", config, "--run-dir", folder, "--json")
    code, out, _ = ran(capsys, *arguments)
    told = json.loads(out)
    assert code == 0
    assert (told["trials"], told["failed"]) == (8, 0)
    assert {effect["factor"] for effect in told["effects"]} == {"dropout", "dim"}


def test_report_writes_files_and_prints_their_names(folder, capsys):
    code, out, _ = ran(capsys, "report", folder, "--html")
    assert code == 0
    assert out.splitlines()[0] == str(folder / "report" / "report.html")
    assert all(Path(line).is_file() for line in out.splitlines())


@pytest.mark.parametrize(
    ("form", "begins"), [("md", "# small"), ("csv", "cell,"), ("json", "{")]
)
def test_report_prints_other_forms(folder, capsys, form, begins):
    code, out, _ = ran(capsys, "report", folder, "--format", form)
    assert code == 0
    assert out.startswith(begins)


def test_show_tells_a_cell_seed_by_seed(folder, capsys):
    code, out, _ = ran(capsys, "show", folder, "--cell", "dim=2")
    assert code == 0
    assert "dropout=none,dim=2" in out
    assert "dropout=word,dim=2" in out
    assert out.count("done") == 4
    code, out, _ = ran(capsys, "show", folder, "--cell", "dim=2", "--json")
    assert [json.loads(line)["status"] for line in out.splitlines()] == ["done"] * 4


def test_compare_tells_two_cells_apart(folder, capsys):
    cells = ("dropout=word,dim=4", "dropout=none,dim=4")
    code, out, _ = ran(capsys, "compare", folder, *cells)
    assert code == 0
    assert "A − B" in out
    assert "McNemar" in out
    code, out, _ = ran(capsys, "compare", folder, *cells, "--json")
    assert json.loads(out)["effect"]["level"] == cells[0]


@pytest.mark.parametrize("end", [KeyboardInterrupt(), SystemExit(143)])
def test_whoever_ends_a_study_hears_that_nothing_is_lost(capsys, end):
    with pytest.raises(type(end)), kept(Console()):
        raise end
    assert "what is done is kept" in capsys.readouterr().err


def test_rerun_without_failures_trains_nothing(folder, capsys):
    code, _, err = ran(capsys, "rerun", folder)
    assert code == 0
    assert "0 trials are trained again" in err


def test_pip_prints_a_band_and_no_verdict(config, tmp_path, capsys):
    train = tmp_path / "c.yaml"
    train.write_text(f"data: {{train: {config.parent / 'reviews.csv'}}}\n", "utf-8")
    arguments = ("pip", "--config", train, "--words", 50)
    code, out, _ = ran(capsys, *arguments, "--plot", tmp_path / "pip.png")
    assert code == 0
    assert "A band and never a verdict" in out
    assert (tmp_path / "pip.png").is_file()
    code, out, _ = ran(capsys, *arguments, "--json")
    assert len(json.loads(out)["bands"]) == 8


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("show", "--cell", "dim=2"), "accuracy"),
        (("compare", "dropout=word,dim=4", "dropout=none,dim=4"), "McNemar"),
    ],
)
def test_a_narrow_terminal_gets_narrow_lines(
    folder, capsys, monkeypatch, arguments, told
):
    monkeypatch.setattr(f"textclf.cli.study.{arguments[0]}.width", lambda: 40)
    action, *others = arguments
    code, out, _ = ran(capsys, action, folder, *others)
    assert code == 0
    assert told in out
    assert max(map(len, out.splitlines())) <= 40


def test_a_narrow_band(config, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("textclf.cli.study.pip.width", lambda: 40)
    train = tmp_path / "c.yaml"
    train.write_text(f"data: {{train: {config.parent / 'reviews.csv'}}}\n", "utf-8")
    code, out, _ = ran(capsys, "pip", "--config", train, "--words", 20)
    assert code == 0
    assert "ppmi 0.5: " in out
    assert max(map(len, out.splitlines())) <= 40


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("show", "nowhere", "--cell", "dim=2"), 4, "no study here"),
        (("report", "nowhere"), 4, "no study here"),
        (("rerun", "nowhere"), 4, "no study here"),
        (("compare", "nowhere", "a=b", "a=c"), 4, "no study here"),
        (("show", "STUDY", "--cell", "dims=2"), 2, "did you mean dim"),
        (("show", "STUDY", "--cell", "dim=9"), 2, "there are 2, 4"),
        (("show", "STUDY", "--cell", "dim=2,dim=4"), 2, "got two levels of dim"),
        (("show", "STUDY", "--cell", "dropout=wrod"), 2, "did you mean dropout=word"),
        (("compare", "STUDY", "dim=2", "dim=4"), 2, "A: got 'dim=2', which names 2"),
        (("compare", "STUDY", *2 * ("dropout=none,dim=2",)), 2, "the same cell twice"),
        (("run", "--config", "nowhere.yaml"), 2, "nowhere.yaml"),
        (("run", "--config", "CONFIG", "--budget", "soon"), 2, "20m"),
        (("run", "--config", "CONFIG", "--budget", "nanm"), 2, "20m"),
        (("run", "--config", "CONFIG", "--workers", "0"), 2, "--workers"),
        (("plan", "--config", "CONFIG", "--workers", "-1"), 2, "--workers"),
        (("run", "--config", "CONFIG", "--run-dir", "."), 2, "other things in it"),
        (("pip", "--config", "CONFIG", "--words", "5"), 2, "10 to 5000"),
    ],
)  # fmt: skip
def test_mistakes_are_told_without_a_traceback(
    arguments, code, told, folder, config, capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "something").touch()
    places = {"STUDY": str(folder), "CONFIG": str(config)}
    got, _, err = ran(capsys, *(places.get(word, word) for word in arguments))
    assert got == code, err
    assert told in err
    assert "Traceback" not in err


def test_run_tells_the_line_of_a_mistake(config, tmp_path, capsys):
    path = tmp_path / "s.yaml"
    path.write_text(config.read_text("utf-8").replace("folds: 3", "fold: 3"), "utf-8")
    code, _, err = ran(capsys, "run", "--config", path)
    assert code == 2
    assert f"{path}:13: " in err
    assert "did you mean `folds`?" in err
