"""CSV and TSV: exact where they are right, refused by line where they are not."""

import csv
import io
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.data import delimited, lines
from textclf.data.delimited import opening_line, rows_of
from textclf.data.lines import Decoding
from textclf.errors import DataError

STRICT = Decoding("utf-8", "strict")
CELLS = st.text(st.sampled_from(list('ab"",\t\r\n\0 é中\u2028\ufeff;=')), max_size=12)


def rows(path: Path, delimiter: str = ",") -> list[tuple[int, list[str]]]:
    return list(rows_of(path, decoding=STRICT, delimiter=delimiter))


def refused(path: Path, content: str, delimiter: str = ",") -> str:
    path.write_text(content, newline="")
    with pytest.raises(DataError) as caught:
        rows(path, delimiter)
    return str(caught.value)


@given(
    table=st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=5),
    delimiter=st.sampled_from(",\t"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_every_cell_survives(  # row 15
    tmp_path: Path, table: list[list[str]], delimiter: str, end: str
) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(
        stream, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL
    )
    writer.writerows([["text", "label"], *table])
    path = tmp_path / "a.csv"
    path.write_bytes(stream.getvalue().encode())
    assert [cells for _, cells in rows(path, delimiter)] == [["text", "label"], *table]


def test_lines_are_those_a_record_starts_in(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('text,label\n"a\nb\n",x\n\n\nc,y\n"""d""",z')
    assert rows(path) == [
        (1, ["text", "label"]),
        (2, ["a\nb\n", "x"]),
        (7, ["c", "y"]),
        (8, ['"d"', "z"]),
    ]


def test_words_for_nothing_are_words(tmp_path: Path) -> None:  # row 16
    path = tmp_path / "a.csv"
    path.write_text('text,label\nnull,NA\n,01\n"",1.0\n None,nan\n')
    assert [cells for _, cells in rows(path)][1:] == [
        ["null", "NA"],
        ["", "01"],
        ["", "1.0"],
        [" None", "nan"],
    ]


def test_a_single_column_writes_empty_texts_in_quotes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('text\na\n\n""\n  \n')
    assert [cells for _, cells in rows(path)] == [["text"], ["a"], [""], ["  "]]


@pytest.mark.parametrize("content", ["", "\n\n", "\r\n", "\ufeff"])
def test_files_without_a_header_are_refused(tmp_path: Path, content: str) -> None:
    assert "empty file" in refused(tmp_path / "a.csv", content)  # row 10


def test_wrong_widths_name_the_first_five_lines(tmp_path: Path) -> None:  # row 11
    body = "".join(f"a{',' * (at % 3)}\n" for at in range(30))
    message = refused(tmp_path / "a.csv", "text,label\n" + body)
    assert "line 2 (1), line 4 (3), line 5 (1), line 7 (3), line 8 (1);" in message
    assert "a.csv:2: " in message


def test_no_row_after_a_wrong_one_is_handed_out(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,label\na,x\nb\nc,y\n")
    reading = rows_of(path, decoding=STRICT, delimiter=",")
    assert len(list(islice(reading, 2))) == 2
    with pytest.raises(DataError):
        next(reading)


@given(at=st.integers(0, 9), change=st.sampled_from(["cut", "add"]), many=st.booleans())
def test_any_changed_row_is_found(
    tmp_path: Path, at: int, change: str, many: bool
) -> None:
    body = [["some, text", "x"] for _ in range(10)]
    for row in range(at, 10 if many else at + 1):
        body[row] = body[row][:1] if change == "cut" else [*body[row], ""]
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows([["text", "label"], *body])
    message = refused(tmp_path / "a.csv", stream.getvalue())
    assert f"line {at + 2} (" in message


@pytest.mark.parametrize("mark", [",", "\t"])
@pytest.mark.parametrize(
    ("body", "line"),
    [
        ('a|x\n"b|x\nc|y\n', 3),  # never closed
        ('"a\nb"|x\n"b""|x\nc|y\n', 4),
        ('"a\n\nb"|"x\n', 4),  # the second field of a record
        ('a|x\n"b|x\n"c, d"|y\n', 3),  # closed by the next quote
        ('a|x\n"b|x\n\n"c"|y\n', 3),
        ('"b" |x\n', 2),
    ],
)
def test_unclosed_quotes_name_the_opening_line(  # row 12
    tmp_path: Path, mark: str, body: str, line: int
) -> None:
    content = f"text{mark}label\n" + body.replace("|", mark)
    message = refused(tmp_path / "a.csv", content, mark)
    assert f"a.csv:{line}: " in message
    assert f"line {line}" in message


def slow_opening_line(lines: list[str], first: int, delimiter: str) -> int:
    """Reads sign by sign what `opening_line` reads by leaps."""
    state, opened = "start", first
    for number, line in enumerate(lines, start=first):
        for sign in line:
            if state == "quoted":
                state = "maybe closed" if sign == '"' else "quoted"
            elif state == "maybe closed":
                if sign == '"':
                    state = "quoted"
                elif sign in delimiter + "\r\n":
                    state = "start"
                else:
                    return opened
            elif sign in delimiter + "\r\n":
                state = "start"
            elif state == "start" and sign == '"':
                state, opened = "quoted", number
            else:
                state = "plain"
    return opened


@given(text=st.text(st.sampled_from('a",\n'), max_size=40))
def test_opening_line_equals_the_slow_way(text: str) -> None:
    lines = text.splitlines(keepends=True)
    expected = slow_opening_line(lines, 3, ",")
    assert opening_line(lines, first=3, delimiter=",") == expected


@given(content=st.text(st.sampled_from('ab",\r\n\0'), max_size=60))
def test_any_text_is_read_or_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content, newline="")
    try:
        read = rows(path)
    except DataError as fault:
        assert fault.where
    else:
        assert len({len(cells) for _, cells in read}) == 1


def test_long_fields_are_read_and_huge_ones_refused(  # row 17
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    long = "word " * 100_000
    path.write_text(f'text,label\n"{long}",x\n')
    assert rows(path)[1][1][0] == long
    monkeypatch.setattr(delimited, "CELL_CAP", 0)
    previous = csv.field_size_limit(1000)
    try:
        assert "a.csv:2" in refused(path, 'text,label\n"' + "a b\n" * 999 + '",x\n')
    finally:
        csv.field_size_limit(previous)


def test_the_cap_on_fields_is_that_on_lines() -> None:
    assert delimited.CELL_CAP == lines.CELL_CAP


def test_columns_and_preview(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("text\tlabel\na\tx\nb\ty\nc\n")
    assert delimited.columns(path, decoding=STRICT, delimiter="\t") == ["text", "label"]
    assert delimited.preview(path, rows=2, decoding=STRICT, delimiter="\t") == {
        "text": ["a", "b"],
        "label": ["x", "y"],
    }
