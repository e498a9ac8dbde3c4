"""Other separators: told, with a way on that works."""

import subprocess
import sys

import pytest

from textclf.data.separators import other_separator, wrong_separator
from textclf.data.tables import columns_of, read_table
from textclf.errors import DataError


@pytest.mark.parametrize(
    ("columns", "where", "mark"),
    [
        (["text;label"], "a.csv:1", ";"),
        (["text|label"], "a.CSV.gz:1", "|"),
        (["text\tlabel"], "a.csv:3", "\t"),
        (["text,label"], "a.tsv:1", ","),
        (["text"], "a.csv:1", None),
        (["text, whole"], "a.csv:1", None),
        (["a;b", "label"], "a.csv:1", None),
        (["text;label"], "a.jsonl:1", None),
        (["text;label"], "a.parquet", None),
    ],
)
def test_a_mark_in_the_only_name_of_a_header(columns, where, mark):
    assert other_separator(columns, where=where) == mark


@pytest.mark.parametrize(
    ("mark", "where", "fix"),
    [
        ("\t", "a.csv:1", "name it .tsv"),
        (",", "a.tsv:1", "name it .csv"),
        (";", "a.csv.gz:1", "save it with commas; ';' seems to separate its fields"),
    ],
)
def test_what_is_to_be_done(mark, where, fix):
    assert wrong_separator(mark, [f"a{mark}b"], where=where).fix.endswith(fix)


def test_the_command_that_is_named_writes_commas(tmp_path):
    path = tmp_path / "it's.csv"
    path.write_text('text;label\n"a; ""b"", c";x\n"two\nlines";y\nd, e;z\n', "utf-8")
    with pytest.raises(DataError) as caught:
        read_table(path, text="text", label="label")
    command = caught.value.fix.partition("; or: python ")[2]
    subprocess.run(f"{sys.executable} {command}", shell=True, check=True)  # noqa: S602
    table = read_table(tmp_path / "it's-commas.csv", text="text", label="label")
    assert table.texts == ['a; "b", c', "two\nlines", "d, e"]
    assert list(table.labels) == ["x", "y", "z"]


@pytest.mark.parametrize("header", ["text;label", '"text";"label"'])
def test_quotes_behind_another_mark_are_not_blamed(tmp_path, header):
    path = tmp_path / "a.csv"
    path.write_text(f'{header}\n"a, b";"x"\n"c ""d""";"y"\n', "utf-8")
    with pytest.raises(DataError, match="text;label") as caught:
        read_table(path, text="text", label="label")
    assert "save it with commas; ';' seems" in caught.value.fix
    path.write_text('text\n"a";"b"\n', "utf-8")
    with pytest.raises(DataError, match="text behind the quote"):
        read_table(path, text="text", label=None)


def test_rows_of_another_width_are_not_blamed(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("text;label\na, b;x\nc;y\n", "utf-8")
    assert columns_of(path) == ["text;label"]
    with pytest.raises(DataError, match=r'a\.csv:1: got one column, "text;label"'):
        read_table(path, text="text;label", label=None)
    path.write_text("text\na, b\nc\n", "utf-8")
    with pytest.raises(DataError, match="another width"):
        read_table(path, text="text", label=None)
