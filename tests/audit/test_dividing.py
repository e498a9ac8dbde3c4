"""Data divided anew: every row once, copies together, labels shared out."""

import gzip
import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.audit import split
from textclf.audit.dividing import SUMMARY, divided
from textclf.audit.pool import Pool
from textclf.cli.main import main
from textclf.data.tables import read_table
from textclf.errors import ConfigError, DataError

from .conftest import table

LONG = (
    "the quick brown fox jumps over the lazy dog and then it sleeps all day in the sun"
)
ROWS = [
    *((f"text number {i} of the set", "ab"[i % 2]) for i in range(96)),
    (LONG, "a"),
    (f"{LONG} again", "b"),
    ("Text  NUMBER 5 of the set", "b"),
    ('a "quoted", text\nof two lines', "a"),
]


def cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def write_csv(path, rows=ROWS, more="0"):
    lines = [f"{i},{cell(text)},{label}" for i, (text, label) in enumerate(rows)]
    header = "id,text,label" if more == "0" else "nr,text,label"
    path.write_text("\n".join([header, *lines]) + "\n", "utf-8")
    return path


def rows_of(path):
    found = read_table(path, text="text", label="label")
    return list(zip(found.texts, found.labels or (), strict=True))


def test_every_row_is_in_one_split_with_all_its_columns(tmp_path):
    write_csv(tmp_path / "d.csv")
    done = split(tmp_path / "d.csv", tmp_path / "new", dev=0.2, test=0.1, seed=3)
    assert done.files == {"train": "train.csv", "dev": "dev.csv", "test": "test.csv"}
    parts = {name: rows_of(tmp_path / "new" / f) for name, f in done.files.items()}
    assert sorted(row for part in parts.values() for row in part) == sorted(ROWS)
    assert {name: len(part) for name, part in parts.items()} == done.rows
    assert done.rows == {"train": 70, "dev": 20, "test": 10}
    assert (done.clusters, done.clustered, done.largest) == (2, 4, 2)
    for part in parts.values():  # copies, near and true, are in one place
        texts = {text for text, _ in part}
        assert (LONG in texts) == (f"{LONG} again" in texts)
        same = {"text number 5 of the set", "Text  NUMBER 5 of the set"}
        assert len(same & texts) in (0, 2)
    ids = pl.read_csv(tmp_path / "new/dev.csv")["id"].to_list()
    assert ids == sorted(ids) and [ROWS[i] for i in ids] == parts["dev"]
    assert json.loads((tmp_path / "new" / SUMMARY).read_text()) == json.loads(
        json.dumps(done.to_json())
    )


def test_the_seed_decides(tmp_path):
    source = write_csv(tmp_path / "d.csv")
    for name, seed in (("one", 3), ("two", 3), ("three", 4)):
        split(source, tmp_path / name, seed=seed)
    one, two, three = (
        (tmp_path / name / "test.csv").read_bytes() for name in ("one", "two", "three")
    )
    assert one == two != three


def test_exact_leaves_near_copies_alone(tmp_path):
    source = write_csv(tmp_path / "d.csv")
    done = split(source, tmp_path / "new", near=False)
    assert (done.clusters, done.clustered) == (1, 2)


def test_jsonl_is_copied_line_by_line_and_packed_as_it_was(tmp_path):
    lines = [
        f'{{"text": "words {i} here", "label": "{"xy"[i % 2]}", "n": 1.50}}'
        for i in range(40)
    ]
    source = tmp_path / "d.jsonl.gz"
    source.write_bytes(gzip.compress("\n".join(lines).encode()))
    done = split(source, tmp_path / "new", dev=0, test=0.25)
    assert done.files == {"train": "train.jsonl.gz", "test": "test.jsonl.gz"}
    written = [
        line
        for name in done.files.values()
        for line in gzip.decompress((tmp_path / "new" / name).read_bytes())
        .decode()
        .splitlines()
    ]
    assert sorted(written) == sorted(lines)


def test_parquet_keeps_its_types(tmp_path):
    frame = pl.DataFrame(
        {
            "text": [text for text, _ in ROWS],
            "label": [label for _, label in ROWS],
            "stars": pl.Series(range(len(ROWS)), dtype=pl.Int8),
        }
    )
    frame.write_parquet(tmp_path / "d.parquet")
    done = split(tmp_path / "d.parquet", tmp_path / "new")
    parts = [pl.read_parquet(tmp_path / "new" / name) for name in done.files.values()]
    assert pl.concat(parts).sort("stars").equals(frame)


def test_a_folder_of_classes_becomes_one_a_split(tmp_path):
    for text, label in ROWS:
        (tmp_path / "set" / label).mkdir(parents=True, exist_ok=True)
        name = f"{abs(hash(text))}.txt"
        (tmp_path / "set" / label / name).write_text(text, "utf-8")
    done = split(tmp_path / "set", tmp_path / "new")
    parts = [rows_of(tmp_path / "new" / name) for name in done.files.values()]
    assert sorted(row for part in parts for row in part) == sorted(ROWS)


def test_files_of_a_folder_are_divided_together(tmp_path):
    (tmp_path / "old").mkdir()
    write_csv(tmp_path / "old/train.csv", ROWS[:60])
    write_csv(tmp_path / "old/test.csv", ROWS[60:])
    done = split(tmp_path / "old", tmp_path / "new")
    parts = [rows_of(tmp_path / "new" / name) for name in done.files.values()]
    assert sorted(row for part in parts for row in part) == sorted(ROWS)
    write_csv(tmp_path / "old/test.csv", ROWS[60:], more="1")
    with pytest.raises(DataError, match="another columns than"):
        split(tmp_path / "old", tmp_path / "newer")
    assert not (tmp_path / "newer").exists()


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.sampled_from(["a", "b", "a|b", "c", ""])),
        min_size=40,
        max_size=120,
    ),
    st.integers(0, 5),
)
def test_clusters_are_never_divided_and_labels_stay_in_train(rows, seed):
    one = Pool({"train": table([(str(n), cell) for n, cell in rows], "t.csv")}, "|")
    clusters = np.array([number for number, _ in rows])
    try:
        parts = divided(one, clusters, {"test": 0.2, "dev": 0.2}, seed=seed)
    except DataError:
        return
    assert sorted(row for part in parts.values() for row in part.tolist()) == list(
        range(len(rows))
    )
    homes = [{name for name in parts if n in clusters[parts[name]]} for n in clusters]
    assert all(len(home) == 1 for home in homes)
    kept = {label for row in parts["train"].tolist() for label in one.labels[row]}
    assert kept == {label for labels in one.labels for label in labels}


@pytest.mark.parametrize(
    ("options", "words", "fault"),
    [
        ({"dev": -0.1}, "shares", ConfigError),
        ({"dev": 0.5, "test": 0.5}, "shares", ConfigError),
        ({"dev": 0, "test": 0}, "shares", ConfigError),
        ({"output": "."}, "exists already", ConfigError),
        ({"output": "no/folder"}, "no such folder", ConfigError),
    ],
)
def test_what_cannot_be_is_refused_before_reading(tmp_path, options, words, fault):
    output = tmp_path / options.pop("output", "new")
    with pytest.raises(fault, match=words):
        split(tmp_path / "missing.csv", output, **options)
    assert not (tmp_path / "new").exists()


def test_the_command_prints_what_was_done(tmp_path, capsys):
    source = str(write_csv(tmp_path / "d.csv"))
    words = ["data", "split", source, "--seed", "3", "--output"]
    assert main([*words, str(tmp_path / "one")]) == 0
    out = capsys.readouterr().out
    assert "2 sets of copies with 4 rows stay together" in " ".join(out.split())
    assert main([*words, str(tmp_path / "two"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"]["train"] == 80
    assert main([*words, str(tmp_path / "two")]) == 2
    (tmp_path / "one" / SUMMARY).unlink()
    assert main(["data", "check", str(tmp_path / "one"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["findings"]
    assert found and not {"leak", "near_leak"} & {one["kind"] for one in found}
