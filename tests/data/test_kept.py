"""Kept columns: verbatim, in the order of the rows, or refused by name."""

import datetime
import gzip
import json

import polars as pl
import pytest

from textclf.data.columns import MissingColumnError
from textclf.data.kept import Kept
from textclf.data.tables import read_batches
from textclf.errors import DataError

CSV = 'id,text,when\n01,"a\nb",\n02,c,"x,""y"""\n\n03,,null\n'


@pytest.fixture
def csv(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(CSV, "utf-8")
    return path


def columns(kept: Kept, *, text: str = "text", batch: int = 2) -> dict:
    """Returns all cells by column, checked to be read batch by batch."""
    found: dict = {name: [] for name in kept.kinds}
    tables = read_batches(kept.path, text=text, batch=batch)
    for texts, cells in kept.beside(tables):
        assert 0 < len(texts) <= batch
        for name, column in cells.items():
            assert len(column) == len(texts)
            found[name] += column
    return found


def test_cells_of_csv_are_verbatim(csv):
    kept = Kept.of(csv, ["when", "id", "when"], text="text")
    assert kept.kinds == {"when": str, "id": str}
    assert columns(kept) == {"when": ["", 'x,"y"', "null"], "id": ["01", "02", "03"]}


def test_all_means_all_but_the_texts(csv):
    assert list(Kept.of(csv, None, text="text").kinds) == ["id", "when"]
    assert list(Kept.of(csv, None, text="when").kinds) == ["id", "text"]
    csv.write_text("text\na\nb\n")
    assert columns(Kept.of(csv, None, text="text")) == {}


def test_a_packed_file_of_tabs_is_read_as_well(tmp_path):
    path = tmp_path / "a.tsv.gz"
    path.write_bytes(gzip.compress(b"text\tid\na\t1\nb\t2\nc\t3\n"))
    assert columns(Kept.of(path, ["id"], text="text")) == {"id": ["1", "2", "3"]}


def test_values_of_json_stay_what_they_are(tmp_path):
    path = tmp_path / "a.jsonl"
    values = ['"7"', "7", "1.50", "true", "null", '[1, {"a": "é", "b": [2.0]}]']
    lines = [f'{{"text": "a", "it": {value}}}\n' for value in values]
    path.write_text("".join([*lines, '{"text": "a"}\n']), "utf-8")
    found = columns(Kept.of(path, ["it"], text="text"))["it"]
    assert found == [*("7", "7", "1.50", True, None, values[-1], None)]
    whole = [json.loads(cell) for cell in (found[1], found[2], found[5])]
    assert whole == [7, 1.5, [1, {"a": "é", "b": [2.0]}]]


def test_kinds_of_parquet(tmp_path):
    path = tmp_path / "a.parquet"
    day = datetime.date(2020, 1, 2)
    frame = pl.DataFrame(
        {"text": ["a", "b", "c"], "n": [1, None, 3], "x": [0.5, 1.5, None]}
        | {"yes": [True, False, None], "day": [day] * 3}
    ).with_columns(big=pl.Series([2**63] * 3, dtype=pl.UInt64))
    frame.write_parquet(path)
    kept = Kept.of(path, None, text="text")
    kinds = {"n": int, "x": float, "yes": bool, "day": str, "big": str}
    assert kept.kinds == kinds
    found = columns(kept)
    assert found["n"] == [1, None, 3] and found["x"] == [0.5, 1.5, None]
    assert found["yes"] == [True, False, None]
    assert found["day"] == ["2020-01-02"] * 3 and found["big"] == [str(2**63)] * 3


def test_cells_with_parts_are_refused(tmp_path):
    path = tmp_path / "a.parquet"
    pl.DataFrame({"text": ["a"], "tags": [["x"]], "id": [1]}).write_parquet(path)
    with pytest.raises(DataError, match='"tags" of List'):
        Kept.of(path, None, text="text")
    assert columns(Kept.of(path, ["id"], text="text")) == {"id": [1]}


def test_columns_that_are_not_there_are_told(csv, tmp_path):
    with pytest.raises(MissingColumnError, match="found: id, text, when"):
        Kept.of(csv, ["ids"], text="text")
    csv.write_text("id,id,text\n1,2,a\n")
    with pytest.raises(DataError, match='2 columns named "id"'):
        Kept.of(csv, None, text="text")
    (tmp_path / "a.txt").write_text("a\n")
    with pytest.raises(DataError, match="no columns beside"):
        Kept.of(tmp_path / "a.txt", None, text="text")


def test_a_file_that_lost_rows_meanwhile_is_told(csv):
    kept = Kept.of(csv, ["id"], text="text")
    tables = list(read_batches(csv, text="text", batch=2))
    csv.write_text("id,text,when\n01,a,b\n")
    with pytest.raises(DataError, match="changed while it was read"):
        list(kept.beside(tables))
