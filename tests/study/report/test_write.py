"""Reports on disk: whole, self-contained, safe from what names and errors hold."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.study.frames import DIMS, DROPOUTS, noisy, results
from textclf.errors import ConfigError, ResourceError
from textclf.study.design import Factor
from textclf.study.findings import Findings
from textclf.study.report.content import content_of
from textclf.study.report.html import to_html
from textclf.study.report.markdown import to_markdown
from textclf.study.report.text import lines_of, summary
from textclf.study.report.write import write_report
from textclf.study.results import COLUMNS

HOSTILE = "<script>alert(1)</script>|`x`$\\frac{$"


@pytest.fixture(scope="module")
def study():
    return results(noisy({"dropout=word": 0.02}), lost=[("dim=10,dropout=word", 0)])


@pytest.fixture(scope="module")
def folder(study, tmp_path_factory):
    target = tmp_path_factory.mktemp("report")
    write_report(study, target, html=True, bands={"ppmi": (3, 38)})
    return target


def test_everything_is_there(folder):
    names = {path.name for path in folder.iterdir()}
    assert {"report.html", "report.md", "cells.csv", "trials.csv"} <= names
    assert {"effects.png", "map_dropout_dim.png", "pareto.png"} <= names
    assert {
        "curves_dim.png",
        "gap_dropout.png",
        "by_dim.png",
        "importance.png",
    } <= names


def test_the_page_needs_nothing_else(folder):
    page = (folder / "report.html").read_text("utf-8")
    assert not re.search(r"(src|href)=.https?:", page)
    assert "<script" not in page
    pictures = re.findall(r'<img src="([^"]{30})', page)
    assert len(pictures) >= 8
    assert all(source.startswith("data:image/png;base64,") for source in pictures)


def test_markdown_links_pictures_that_are_there(folder):
    text = (folder / "report.md").read_text("utf-8")
    linked = re.findall(r"!\[[^]]*\]\(([^)]*)\)", text)
    assert linked
    assert all((folder / name).is_file() for name in linked)


def test_tables_hold_every_cell_and_every_trial(folder, study):
    assert len(pd.read_csv(folder / "cells.csv")) == 6
    trials = pd.read_csv(folder / "trials.csv")
    assert len(trials) == len(study.frame) == 60
    done = trials[trials["status"] == "done"]["accuracy"].to_numpy()
    expected = study.frame[study.frame["status"] == "done"]["accuracy"].to_numpy()
    assert np.array_equal(done, expected.astype(float))


def test_failed_trials_are_listed_with_their_error(folder):
    page = (folder / "report.html").read_text("utf-8")
    assert "Failed trials" in page
    assert "boom" in page


def test_the_same_study_gives_the_same_bytes(folder, study, tmp_path):
    write_report(study, tmp_path, html=True, bands={"ppmi": (3, 38)})
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name


def test_hostile_names_and_errors_are_text(tmp_path):
    odd = Factor("$\\foo$[x](y)", ("plain", HOSTILE), None, "plain")
    study = results(noisy({}), factors=(odd,), spec={"question": HOSTILE}, name="n")
    content = content_of(study)
    page = to_html(content, (), tmp_path)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    table = to_markdown(content, ())
    assert "<script>" not in table
    rows = [line for line in table.splitlines() if "script" in line and line[0] == "|"]
    assert rows
    heads = {len(re.findall(r"(?<!\\)\|", row)) for row in rows}
    assert all(count > 2 for count in heads)
    write_report(study, tmp_path / "report", html=True)
    report = (tmp_path / "report" / "report.md").read_text("utf-8")
    assert "[x](y)" not in report


@pytest.mark.parametrize(
    "study",
    [
        results(noisy({}), seeds=1),
        results(noisy({}), factors=(DROPOUTS,), seeds=3),
        results(noisy({}), factors=(DIMS,), seeds=2, metric="log_loss"),
        results(
            noisy({}),
            factors=(DROPOUTS,),
            seeds=1,
            lost=[("dropout=none", 0), ("dropout=word", 0)],
        ),
    ],
    ids=["one seed", "one factor", "a loss", "nothing done"],
)
def test_little_is_reported_without_a_fault(study, tmp_path):
    written = write_report(study, tmp_path, html=True)
    assert all(path.is_file() for path in written)
    assert lines_of(study, 80)
    assert summary(study)["name"] == "made-up"


def test_random_cells_have_a_curve_of_the_best_of_n(tmp_path):
    dims = replace(DIMS, drawn="log")
    study = results(
        noisy({}),
        factors=(dims, DROPOUTS),
        spec={"sampler": {"kind": "quasi_random"}},
    )
    write_report(study, tmp_path)
    assert (tmp_path / "best_of_n.png").is_file()
    assert (tmp_path / "by_dim.png").is_file()


def test_a_folder_that_cannot_be_made_is_told(study, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ResourceError, match="cannot be made"):
        write_report(study, tmp_path / "file" / "report")


def test_lines_fit_a_narrow_terminal(study):
    lines = lines_of(study, 40)
    assert max(map(len, lines)) <= 40
    assert any(line.startswith("dropout word − none: better") for line in lines)
    assert any(line.startswith("level  ") for line in lines_of(study, 100))


def test_the_summary_is_plain_json(study):
    import json

    told = json.loads(json.dumps(summary(study), allow_nan=False))
    assert told["failed"] == 1
    assert {effect["verdict"] for effect in told["effects"]} >= {"better"}


def test_findings_show_themselves_in_a_notebook(study, tmp_path):
    found = Findings(study)
    assert "<table>" in found._repr_html_()
    assert set(found.frame.columns) == {*COLUMNS, "dim", "dropout"}
    assert list(found.effects()["level"]) == ["10", "100", "word"]
    assert len(found.cells()) == 6
    assert "dim × dropout" in set(found.anova()["term"])
    for plot in (
        found.plot_effects(),
        found.plot_map("dropout", "dim"),
        found.plot_levels("dim"),
        found.plot_curves("dim"),
        found.plot_gap("dropout"),
        found.plot_pareto(),
    ):
        assert plot.png.startswith(b"\x89PNG")
    found.plot_effects().save(tmp_path / "effects.png")
    assert (tmp_path / "effects.png").stat().st_size > 1000
    with pytest.raises(ConfigError, match="there are dim, dropout; fix: did you mean"):
        found.plot_curves("dims")
