"""Parquet: strings exactly, other types refused, damaged files never a crash."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.data import parquet
from textclf.data.lines import Decoding
from textclf.errors import DataError

STRICT = Decoding("utf-8", "strict")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def read(path: Path, label: str | None = "label") -> list[tuple[int, str, str, str]]:
    return list(parquet.read(path, text="text", label=label, decoding=STRICT))


def written(path: Path, **columns: Any) -> Path:
    pl.DataFrame(columns).write_parquet(path)
    return path


@given(rows=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5))
def test_every_string_survives(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    texts, labels = [row[0] for row in rows], [row[1] for row in rows]
    path = written(tmp_path / "a.parquet", text=texts, label=labels)
    assert read(path) == [
        (at + 1, text, label, "") for at, (text, label) in enumerate(rows)
    ]


def test_slices_join_without_a_seam(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [str(at) for at in range(23)]
    path = written(tmp_path / "a.parquet", text=texts)
    monkeypatch.setattr(parquet, "_SLICE", 5)
    assert [row[:2] for row in read(path, None)] == list(enumerate(texts, start=1))


@pytest.mark.parametrize(
    ("values", "kind", "labels"),
    [
        ([1, 2**63 - 1], pl.Int64, ["1", "9223372036854775807"]),
        ([0, 255], pl.UInt8, ["0", "255"]),
        ([True, False], pl.Boolean, ["true", "false"]),
        (["b", "a"], pl.Categorical, ["b", "a"]),
        (["b", "a"], pl.Enum(["a", "b"]), ["b", "a"]),
    ],
)
def test_exact_labels_become_strings(
    tmp_path: Path, values: list[Any], kind: Any, labels: list[str]
) -> None:
    series = pl.Series(values, dtype=kind)
    path = written(tmp_path / "a.parquet", text=["x", "y"], label=series)
    assert [row[2] for row in read(path)] == labels


@pytest.mark.parametrize(
    ("column", "values", "part"),
    [
        ("label", [1.0, 2.0], "Float64"),
        ("label", [["a"], ["b"]], "List"),
        ("label", [{"a": 1}, {"a": 2}], "Struct"),
        ("label", [b"a", b"b"], "Binary"),
        ("label", [None, None], "Null"),
        ("label", ["a", None], "row 2"),
        ("text", [1, 2], "Int64"),
        ("text", [None, "a"], "row 1"),
    ],
)
def test_other_types_and_nulls_are_refused(
    tmp_path: Path, column: str, values: list[Any], part: str
) -> None:
    columns = {"text": ["x", "y"], "label": ["a", "b"], column: values}
    path = written(tmp_path / "a.parquet", **columns)
    with pytest.raises(DataError) as caught:
        read(path)
    assert part in str(caught.value)
    assert f'"{column}"' in str(caught.value)


def test_column_names_are_no_patterns(tmp_path: Path) -> None:
    path = tmp_path / "[a]*.parquet"
    pl.DataFrame({"^t.*$": ["x"], "text": ["y"], "*": ["z"]}).write_parquet(path)
    rows = parquet.read(path, text="^t.*$", label="*", decoding=STRICT)
    assert list(rows) == [(1, "x", "z", "")]
    with pytest.raises(DataError, match="no column"):
        list(parquet.read(path, text="t.*", label=None, decoding=STRICT))


def test_small_files_of_much_text_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path / "a.parquet", text=["a" * 10_000] * 3000)
    assert len(read(path, None)) == 3000
    monkeypatch.setattr(parquet, "_FREE_EXPANSION", 1_000_000)
    with pytest.raises(DataError, match="far more text"):
        read(path, None)
    monkeypatch.setattr(parquet, "CELL_CAP", 9_999)
    with pytest.raises(DataError, match="cell of more than"):
        read(path, None)


def test_a_file_that_changes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # row 20
    path = written(tmp_path / "a.parquet", text=["a", "b"])
    monkeypatch.setattr(parquet, "_SLICE", 1)
    reading = parquet.read(path, text="text", label=None, decoding=STRICT)
    next(reading)
    os.utime(path, ns=(1, 1))
    with pytest.raises(DataError, match="changed while it was read"):
        list(reading)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1PAR1", b"text,label\na,b\n"])
def test_what_is_no_parquet_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(content)
    with pytest.raises(DataError, match="Parquet"):
        read(path)


def test_a_panic_of_native_code_is_a_data_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Panic(BaseException):
        pass

    def panics(*_: object, **__: object) -> None:
        raise Panic("called `Option::unwrap()` on a `None` value")

    path = written(tmp_path / "a.parquet", text=["x"], label=["a"])
    monkeypatch.setattr(pl, "scan_parquet", panics)
    with pytest.raises(DataError, match="damaged"):
        read(path)


DAMAGE = """
import random, sys
from pathlib import Path
from textclf.data import parquet
from textclf.data.lines import Decoding
from textclf.errors import DataError
whole = Path(sys.argv[1]).read_bytes()
target, chance = Path(sys.argv[2]), random.Random(5)
for turn in range(250):
    damaged = bytearray(whole)
    if turn % 2:
        del damaged[chance.randrange(len(whole)):]
    else:
        for _ in range(chance.choice((1, 4))):
            damaged[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
    target.write_bytes(damaged)
    try:
        list(parquet.read(
            target, text="text", label="label", decoding=Decoding("utf-8", "strict")
        ))
    except DataError:
        continue
    if turn % 2:
        sys.exit("a cut file was read")
"""


def test_damaged_files_never_crash(tmp_path: Path) -> None:  # row 19
    source = written(
        tmp_path / "a.parquet", text=["some text é"] * 50, label=["a", "b"] * 25
    )
    done = subprocess.run(  # a crash or a hang must not end the whole suite
        [sys.executable, "-c", DAMAGE, str(source), str(tmp_path / "b.parquet")],
        cwd=Path(__file__).parents[2],
        timeout=120,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_columns_and_preview(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.parquet", text=["x", "y"], n=[1, 2], f=[1.0, 2.0], z=["a", None]
    )
    assert parquet.columns(path, decoding=STRICT) == ["text", "n", "f", "z"]
    assert parquet.preview(path, rows=1, decoding=STRICT) == {
        "text": ["x"],
        "n": ["1"],
        "z": ["a"],
    }
