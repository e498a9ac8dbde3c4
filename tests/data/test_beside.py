"""Another column of a file, for the rows that a table holds."""

import json

import polars as pl
import pytest

from textclf.data.beside import column_beside
from textclf.data.tables import read_table
from textclf.errors import DataError

ROWS = [("one\nline", "a", "film"), ("two", "b", ""), ("three", "a", "soup, hot")]


def written(folder, ending):
    path = folder / f"d.{ending}"
    names = ("text", "label", "source")
    if ending == "jsonl":
        rows = [dict(zip(names, row, strict=True)) for row in ROWS]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    elif ending == "parquet":
        pl.DataFrame(ROWS, schema=list(names), orient="row").write_parquet(path)
    else:
        pl.DataFrame(ROWS, schema=list(names), orient="row").write_csv(path)
    return path


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_cells_belong_to_their_rows(tmp_path, ending):
    table = read_table(written(tmp_path, ending), text="text", label="label")
    assert column_beside(table, "source", text="text") == ["film", "", "soup, hot"]
    some = table.take([2, 0])
    assert column_beside(some, "source", text="text") == ["soup, hot", "film"]
    assert column_beside(some, "label", text="text") == ["a", "a"]
    assert list(column_beside(some, "text", text="text")) == ["three", "one\nline"]


def test_what_is_not_there_is_named(tmp_path):
    path = written(tmp_path, "csv")
    table = read_table(path, text="text", label="label")
    with pytest.raises(DataError, match="found: text, label, source.*mean 'source'"):
        column_beside(table, "sorce", text="text")
    path.write_text("text,label,source\none,a,film\n")
    with pytest.raises(DataError, match="changed since it was read"):
        column_beside(table, "source", text="text")
    for name in ("a", "b"):
        (tmp_path / "d" / name).mkdir(parents=True)
        (tmp_path / "d" / name / "1.txt").write_text(name)
    table = read_table(tmp_path / "d", text="text", label="label")
    with pytest.raises(DataError, match="folder"):
        column_beside(table, "source", text="text")
