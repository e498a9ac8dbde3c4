"""Tables: the same cells out of every format, whole or in batches."""

import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from textclf.data.tables import Table, columns_of, read_batches, read_table
from textclf.errors import ConfigError, DataError

ROWS = [
    ("null", "NA"),
    ("", "01"),
    ("1.0", "1"),
    ("None", "1.0"),
    (' a "quoted", text\n\twith all\r\nof it\r', " x "),
    ("nul \0 and é, 中文, 😀 \u2028", "no"),
    ("-0", "true"),
    ("\ufeff", "nan"),
]


def write_delimited(path: Path, delimiter: str) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerows([("text", "label"), *ROWS])


def write_jsonl(path: Path) -> None:
    lines = [json.dumps({"label": label, "text": text}) for text, label in ROWS]
    path.write_text("\n".join(lines))


def write_parquet(path: Path) -> None:
    pl.DataFrame(ROWS, schema=["text", "label"], orient="row").write_parquet(path)


WRITERS: dict[str, Callable[[Path], None]] = {
    ".csv": lambda path: write_delimited(path, ","),
    ".tsv": lambda path: write_delimited(path, "\t"),
    ".jsonl": write_jsonl,
    ".ndjson": write_jsonl,
    ".parquet": write_parquet,
}
ENDINGS = [*WRITERS, ".csv.gz", ".tsv.gz", ".jsonl.gz"]


def planted(folder: Path, ending: str) -> Path:
    path = folder / f"data{ending}"
    plain = path.with_name(path.name.removesuffix(".gz"))
    WRITERS[plain.suffix](plain)
    if plain != path:
        path.write_bytes(gzip.compress(plain.read_bytes()))
    return path


@pytest.mark.parametrize("ending", ENDINGS)
def test_all_formats_hold_the_same_cells(tmp_path: Path, ending: str) -> None:
    path = planted(tmp_path, ending)  # row 16
    table = read_table(path, text="text", label="label")
    assert list(zip(table.texts, table.labels or [], strict=True)) == ROWS
    assert table.source == str(path)
    assert table.lines.dtype == np.int64
    assert set(columns_of(path)) == {"text", "label"}
    assert read_table(path, text="label", label=None).labels is None


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("batch", [1, 3, 8, 100])
def test_batches_join_to_the_whole(tmp_path: Path, ending: str, batch: int) -> None:
    path = planted(tmp_path, ending)
    whole = read_table(path, text="text", label=None)
    parts = list(read_batches(path, text="text", batch=batch))
    assert [text for part in parts for text in part.texts] == whole.texts
    assert np.concatenate([part.lines for part in parts]).tolist() == (
        whole.lines.tolist()
    )
    assert all(len(part) == batch for part in parts[:-1])
    assert all(part.labels is None for part in parts)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b""),
        ("a.csv", b"text,label\n"),
        ("a.csv", b"text,label\n\n\n"),
        ("a.tsv", b"\n"),
        ("a.jsonl", b" \n\n"),
        ("a.jsonl.gz", gzip.compress(b"", mtime=0)),
        ("a.txt", b""),
    ],
)
def test_files_without_rows_are_refused(  # row 10
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError):
        read_table(path, text="text", label=None)
    with pytest.raises(DataError):
        list(read_batches(path, text="text", batch=2))


def test_a_parquet_without_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"text": []}, schema={"text": pl.String}).write_parquet(path)
    with pytest.raises(DataError, match="no rows"):
        read_table(path, text="text", label=None)


@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
def test_replaced_cells_are_counted(tmp_path: Path, ending: str) -> None:  # row 14
    path = tmp_path / f"a{ending}"
    rows = [(b"a\xffb\xfe", b"x"), (b"\xef\xbf\xbd", b"\xff"), (b"fine", b"z")]
    if ending == ".csv":
        path.write_bytes(b"text,label\n" + b"".join(b"%s,%s\n" % row for row in rows))
    else:
        path.write_bytes(
            b"".join(b'{"text":"%s","label":"%s"}\n' % row for row in rows)
        )
    with pytest.raises(DataError, match="byte offset"):
        read_table(path, text="text", label="label")
    table = read_table(path, text="text", label="label", encoding_errors="replace")
    assert table.texts == ["a\ufffdb\ufffd", "\ufffd", "fine"]
    assert table.labels == ["x", "\ufffd", "z"]
    assert table.replaced == 2


def test_places_are_lines_rows_and_files(tmp_path: Path) -> None:
    path = planted(tmp_path, ".csv")
    table = read_table(path, text="text", label="label")
    assert table.place(0) == f"{path}:2"
    assert table.place(5) == f"{path}:10"
    assert table.take([5, 0]).place(0) == f"{path}:10"
    for name in ("b/1.txt", "a/2.txt"):
        (tmp_path / "set" / name).parent.mkdir(parents=True)
        (tmp_path / "set" / name).write_text(name)
    folder = read_table(tmp_path / "set", text="text", label="label")
    assert folder.labels == ["a", "b"]
    assert folder.lines.tolist() == [1, 1]
    assert folder.place(1) == str(tmp_path / "set" / "b" / "1.txt")
    assert folder.take([1]).place(0) == folder.place(1)
    assert folder.take([1]).texts == ["b/1.txt"]


def test_one_column_cannot_be_both(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"data\.label"):
        read_table(planted(tmp_path, ".csv"), text="text", label="text")


def test_tables_check_themselves() -> None:
    with pytest.raises(ValueError, match="one length"):
        Table(["a"], ["x", "y"], np.zeros(1, np.int64), "here")
    with pytest.raises(ValueError, match="one length"):
        Table(["a"], None, np.zeros(2, np.int64), "here")


def test_batches_of_an_endless_hole_stay_small(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"line\n" * 1000)
    batches = read_batches(path, text="text", batch=10)
    assert next(batches).texts == ["line"] * 10
    batches.close()  # type: ignore[attr-defined]


def test_real_sets_are_read(shared: Path) -> None:
    rows = {
        "banking77/train.csv": 10_003,
        "chnsenticorp/test_nodup.csv": 814,
        "imdb/train.parquet": 25_000,
        "polarity_v2/all.parquet": 2_000,
        "sst_trees/train_phrases.csv": 159_274,
        "twenty_newsgroups/test.parquet": 7_532,
    }
    for name, count in rows.items():
        table = read_table(shared / "data" / name, text="text", label="label")
        assert len(table) == count
        assert all(table.labels or [])


def test_every_real_csv_equals_the_plain_reader(shared: Path) -> None:
    for path in sorted((shared / "data").glob("*/t*.csv")):
        if path.stat().st_size > 2_000_000:
            continue
        with path.open(newline="", encoding="utf-8") as stream:
            expected = [row["text"] for row in csv.DictReader(stream)]
        assert read_table(path, text="text", label=None).texts == expected


def test_real_bytes_of_windows_are_refused_or_read(
    shared: Path, tmp_path: Path
) -> None:
    raw = shared / "data" / "mr" / "raw" / "rt-polarity.neg"
    path = tmp_path / "neg.txt"
    path.write_bytes(raw.read_bytes())
    with pytest.raises(DataError, match="not valid utf-8"):
        read_table(path, text="text", label=None)
    table = read_table(path, text="text", label=None, encoding="windows-1252")
    assert len(table) == 5331
    assert not any("\ufffd" in text for text in table.texts)
