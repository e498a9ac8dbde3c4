"""The findings: their studies are sound, their rules can fail, their table is whole."""

from pathlib import Path

import pytest

from benchmarks.findings import FINDINGS, report
from benchmarks.judges import STUDIES, Bench, Outcome, _called
from benchmarks.study_speed import Timing
from benchmarks.study_speed import report as speed_report
from tests.study.frames import DROPOUTS, results
from textclf.study.blueprint import Blueprint
from textclf.study.reading import read_study

FILES = sorted(STUDIES.glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_cell_of_its_study_is_valid(path):
    design = Blueprint.of(read_study(path))
    assert design.cells
    assert design.spec.winner.seeds == 0


def test_the_promised_findings_are_judged():
    numbers = [finding.number for finding in FINDINGS]
    assert numbers == [*map(str, range(1, 10)), "11a", "11b", "12"]


def test_the_table_tells_pass_and_fail():
    rows = [
        (finding, Outcome("something", passed=place % 2 == 0), 60.0)
        for place, finding in enumerate(FINDINGS)
    ]
    text = report(rows, Bench(Path("shared"), workers=2))
    assert "6 of 12 reproduced in 12 minutes" in text
    assert text.count("| pass |") == text.count("**fail**") == 6


def one_cell(score, seeds):
    study = results(score, factors=(DROPOUTS,), seeds=seeds, overlap=1 / 9)
    frame = study.frame[study.frame["dropout"] == "none"]
    object.__setattr__(study, "frame", frame)
    return study


def test_a_cell_is_compared_with_itself_by_seeds_apart():
    def score(cell, seed, rng):
        return 0.75 + 0.01 * rng.standard_normal()

    study = one_cell(score, 200)
    words = [_called(study, number) for number in range(20)]
    assert sum(word in ("better", "worse") for word in words) <= 2

    def odd_seeds_win(cell, seed, rng):
        return 0.75 + 0.05 * (seed % 2) + 0.001 * rng.standard_normal()

    assert _called(one_cell(odd_seeds_win, 20), 0) == "better"


def test_speed_is_a_ratio_of_trials_a_minute():
    before, after = (Timing("peer", 21, 60.0 * n, 0.77, 9.0) for n in (2, 3))
    own = Timing("study", 105, 60.0, 0.77, 12.0)
    assert (before.rate, own.rate, after.rate) == (10.5, 105.0, 7.0)
    text = speed_report([before, own, after])
    assert "Ratio: **12.0**" in text
    assert "105 trials in **1.0 minutes**" in text
