"""The table of kinds: who is measured, how it is told, where its rows go."""

from benchmarks.kinds import ENSEMBLE, JOINED, MEASURE, page, split
from benchmarks.robustness import settings
from benchmarks.shown import renewed
from textclf.models.build import BUILDERS

FIGURES = {
    "accuracy": 80.0,
    "parameters": 1234,
    "MB": 0.5,
    "train": 2.0,
    "epochs": 3,
    "epoch": 0.5,
    "command": 1.0,
    "rate": 2000.0,
    "backend": False,
}
SLOW = FIGURES | {"train": 9.0, "rate": 500.0, "backend": True, "weights": [0.5] * 3}


def test_every_kind_is_measured():
    names = settings()
    assert {told["kind"] for told in names.values()} == set(BUILDERS)
    assert set(JOINED) <= set(names) and MEASURE in names


def test_times_are_multiples_of_one_kind():
    rows = list(page({MEASURE: FIGURES, ENSEMBLE: SLOW}))
    cells = [
        row.strip("| ").split(" | ") for row in rows if row.startswith(f"| {ENSEMBLE}")
    ]
    (row,) = cells
    told = ["1,234", "0.5", "9.0", "4.5", "3", "0.50", "1.0", "500", "0.25", "yes"]
    assert row[2:] == told


def test_the_test_file_judges_nothing(tmp_path):
    (tmp_path / "data/sst2").mkdir(parents=True)
    for name in ("train", "dev", "test"):
        rows = "".join(f"{name}{n},{'ab'[n % 2]}\n" for n in range(40))
        (tmp_path / f"data/sst2/{name}.csv").write_text(f"text,label\n{rows}")
    learnt, held, judged = split(tmp_path)
    assert len(held[0]) == 4 and len(learnt[0]) == 36
    assert all(text.startswith("train") for text in learnt[0] + held[0])
    assert all(text.startswith("dev") for text in judged[0])


def test_rows_below_a_known_head_are_renewed():
    table = ["| kind | s |", "|---|---:|", "| cnn | 2 |", "| ngram, all | 1 |"]
    shown = "a\n\n| kind | s |\n|---|---:|\n| cnn | 9 |\n\n| kind | m |\n| cnn | 9 |\n"
    assert renewed(shown, table) == shown.replace("| cnn | 9 |", "| cnn | 2 |", 1)
