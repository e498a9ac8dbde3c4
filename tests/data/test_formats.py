"""The form of a path is read off its name."""

import os
from pathlib import Path

import pytest

from textclf.data.formats import format_of, tables_of
from textclf.errors import DataError


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.csv", "csv"),
        ("A.CSV.GZ", "csv"),
        ("a.b.tsv", "tsv"),
        ("a.jsonl", "jsonl"),
        ("a.ndjson.gz", "jsonl"),
        ("a.parquet", "parquet"),
        ("a.txt", "txt"),
    ],
)
def test_known_endings(tmp_path: Path, name: str, form: str) -> None:
    (tmp_path / name).touch()
    assert format_of(tmp_path / name).name == form
    assert format_of(tmp_path).name == "folder"


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("a.json", "one JSON object a line"),
        ("a.xlsx", "save the sheet as CSV"),
        ("a.parquet.gz", "expected .csv"),
        ("a", "expected .csv"),
    ],
)
def test_other_endings_are_refused(tmp_path: Path, name: str, part: str) -> None:
    (tmp_path / name).touch()
    with pytest.raises(DataError) as caught:
        format_of(tmp_path / name)
    assert part in str(caught.value)


def test_what_is_no_file_is_told_before_its_ending(tmp_path: Path) -> None:  # row 9
    os.mkfifo(tmp_path / "a.csv")
    for path in (tmp_path / "a.csv", tmp_path / "no.csv", Path("/dev/zero")):
        with pytest.raises(DataError, match="pipe|No such file"):
            format_of(path)


def test_tables_of_a_folder_are_named_in_order(tmp_path: Path) -> None:
    for name in ("test.csv", "dev.jsonl.gz", "README.md", "train.parquet"):
        (tmp_path / name).touch()
    (tmp_path / "more.csv").mkdir()
    names = [path.name for path in tables_of(tmp_path)]
    assert names == ["dev.jsonl.gz", "test.csv", "train.parquet"]


def test_what_is_no_folder_of_tables_is_returned_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "positive").mkdir()
    file = tmp_path / "notes.txt"
    file.touch()
    assert tables_of(tmp_path / "positive") == [tmp_path / "positive"]
    assert tables_of(file) == [file]
    with pytest.raises(DataError, match="no such file or folder"):
        tables_of(tmp_path / "missing")
