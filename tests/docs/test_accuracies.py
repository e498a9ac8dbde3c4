"""Accuracies that README and the guide quote are those of `benchmarks/ACCURACY.md`."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMES = {
    "SST-2": "SST-2",
    "MR": "MR",
    "Subj": "Subj",
    "tweet_emotion": "tweet_emotion",
    "tweets, 4 emotions": "tweet_emotion",
    "ChnSentiCorp": "ChnSentiCorp, test_nodup",
    "anking77": "banking77",
    "AG News": "AG News 20k",
    "6 classes": "TREC-6",
    "50 classes": "TREC-50",
    "Reuters R8": "Reuters R8",
    "GermEval 2018": "GermEval 2018",
    "IMDB": "IMDB",
}
_CELL = re.compile(r"[\d.]+(?= ±)|^[\d.]+$")


def rows(path: str, heading: str) -> list[list[str]]:
    """The cells of the table that has a heading, less marks."""
    _, _, below = (ROOT / path).read_text("utf-8").partition(heading)
    table = below.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip(" *") for cell in line.split("|")[1:-1]] for line in table]


@pytest.fixture(scope="module")
def measured() -> dict[str, set[str]]:
    told = rows("benchmarks/ACCURACY.md", "| data | goal | recommended")
    return {
        row[0]: {m[0] for cell in row[2:-1] if (m := _CELL.search(cell))}
        for row in told
    }


@pytest.mark.parametrize(
    ("path", "heading", "first"),
    [
        ("README.md", "| texts | recommended |", 1),
        ("docs/guides/choosing_a_model.md", "| data | recipe | score, % |", 2),
    ],
)
def test_quoted_accuracies_were_measured(measured, path, heading, first):
    beside = (ROOT / "benchmarks/ACCURACY.md").read_text("utf-8")
    found = rows(path, heading)
    assert len(found) > 9
    for row in found:
        name = next(full for part, full in NAMES.items() if part in row[0])
        known = set(measured[name])
        if name == "IMDB":  # its recipe stands below the table
            known |= set(re.findall(r"whole: ([\d.]+) ±", beside))
        assert set(row[first:]) <= known, (row, known)
