"""Sniffing: the right columns, units and lengths, or what was seen instead."""

import json
from pathlib import Path

import polars as pl
import pytest

from textclf.data import sniff as module
from textclf.data.sniff import guess_separator, sniff, unspaced_share
from textclf.errors import DataError


def planted(path: Path, header: str, rows: list[str]) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def test_names_decide_first(tmp_path: Path) -> None:
    rows = [
        f"a very long and varied remark {at},short {at},{at % 2}" for at in range(9)
    ]
    seen = sniff(planted(tmp_path / "a.csv", "remark,Text,LABEL", rows))
    assert (seen.text, seen.label, seen.format) == ("Text", "LABEL", "csv")
    assert seen.columns == ("remark", "Text", "LABEL")
    assert seen.rows == 9
    assert seen.labels == (("0", 5), ("1", 4))
    assert (seen.unit, seen.lengths) == ("word", (2, 2, 2))
    assert seen.separator is None
    assert any("by its name" in note for note in seen.notes)


def test_shape_decides_otherwise(tmp_path: Path) -> None:
    rows = [
        {"id": str(at), "says": f"some words {at} " * 9, "kind": "ab"[at % 2], "n": at}
        for at in range(30)
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows))
    seen = sniff(path)
    assert (seen.text, seen.label) == ("says", "kind")
    assert seen.columns == ("id", "says", "kind", "n")
    assert seen.lengths == (27, 27, 27)
    assert any("longest" in note for note in seen.notes)


def test_integer_columns_of_parquet_can_be_labels(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    frame = {"review": [f"text {at}" for at in range(9)], "stars": [1, 2, 3] * 3}
    pl.DataFrame(frame).write_parquet(path)
    assert sniff(path).labels == (("1", 3), ("2", 3), ("3", 3))


def test_folders(tmp_path: Path) -> None:
    for name in ("pos/1", "pos/2", "neg/1"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"text of {name}")
    seen = sniff(tmp_path)
    assert (seen.format, seen.rows) == ("folder", 3)
    assert seen.labels == (("pos", 2), ("neg", 1))


@pytest.mark.parametrize(
    ("cells", "separator"),
    [
        (["a|b", "a", "b", "", "b|c", "a|c", "a|b|c"], "|"),
        (["a;b", "a", "b;c", "c;a", "a;b;c"], ";"),
        (["a, b", "a", "b", "b, a", "c, a"], ","),
        (["a", "b", "c"], None),
        (["Business, Finance", "Sports, Games", "News"], None),
        (["a|b", "c|d"], None),
        (["a|b", "a|c", "a|d", "b|c", "b|d"], "|"),
        (["a, b", "a, c", "a, d", "b, c", "b, d"], None),
        ([], None),
    ],
)
def test_separators_are_guessed(cells: list[str], separator: str | None) -> None:
    assert guess_separator(cells * 3) == separator


def test_several_labels(tmp_path: Path) -> None:
    cells = ["joy|love", "joy", "anger", "", "love|anger", "joy|anger"]
    rows = [f"text {at},{cell}" for at, cell in enumerate(cells)]
    seen = sniff(planted(tmp_path / "a.csv", "text,labels", rows))
    assert seen.separator == "|"
    assert seen.labels == (("joy", 3), ("anger", 3), ("love", 2))
    assert seen.unlabelled == 1


def test_scripts_without_blanks_want_characters(tmp_path: Path) -> None:
    rows = [f"这个酒店非常好，房间{at}很大,{at % 2}" for at in range(40)]
    seen = sniff(planted(tmp_path / "a.csv", "text,label", rows))
    assert seen.unit == "character"
    assert seen.lengths[2] == 14
    assert seen.unspaced > 0.7
    assert any("unit: character" in note for note in seen.notes)
    assert any("at most 14 characters" in note for note in seen.notes)
    assert unspaced_share(["ไทย"]) == 1
    assert unspaced_share(["한국어 русский عربي ascii", ""]) == 0


def test_lengths_are_counted_in_units_of_the_model(tmp_path: Path) -> None:
    rows = [f'"Well, don\'t {at}!",{at % 2}' for at in range(8)]
    seen = sniff(planted(tmp_path / "a.csv", "text,label", rows))
    assert seen.lengths == (5, 5, 5)
    assert "lengths: half of the texts have at most 5 words" in " ".join(seen.notes)


def test_rows_are_counted_beyond_the_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SAMPLE", 10)
    rows = [f"text {at},{'a' if at < 20 else 'b'}" for at in range(50)]
    seen = sniff(planted(tmp_path / "a.csv", "text,label", rows))
    assert seen.rows == 50
    assert seen.labels == (("b", 30), ("a", 20))


def test_implausible_columns_are_listed(tmp_path: Path) -> None:
    rows = [f"{at},some text {at}" for at in range(30)]
    path = planted(tmp_path / "a.csv", "id,remark", rows)
    with pytest.raises(DataError) as caught:
        sniff(path)
    assert '"id" (30 different' in str(caught.value)
    path = planted(tmp_path / "b.csv", "x,y", ["a,b"] * 30)
    with pytest.raises(DataError, match="texts"):
        sniff(path)
    (tmp_path / "c.txt").write_text("a\n")
    with pytest.raises(DataError, match="no labels"):
        sniff(tmp_path / "c.txt")


@pytest.mark.parametrize("row", ["text {},{}", "a, b {},{}"])
def test_another_separator_is_told_whatever_stands_in_the_rows(
    tmp_path: Path, row: str
) -> None:
    rows = [row.replace("},{", "};{").format(at, at % 2) for at in range(20)]
    path = planted(tmp_path / "a.csv", "text;label", rows)
    with pytest.raises(DataError, match=r"a\.csv:1: got one column, \"text;label\""):
        sniff(path)


def test_faults_anywhere_are_found(tmp_path: Path) -> None:
    rows = [*(f"text {at},{at % 2}" for at in range(50)), "lonely"]
    with pytest.raises(DataError, match=r"a\.csv:52"):
        sniff(planted(tmp_path / "a.csv", "text,label", rows))


@pytest.mark.parametrize(
    ("name", "label", "separator", "unit", "classes"),
    [
        ("banking77/train.csv", "label", None, "word", 77),
        ("go_emotions/dev.csv", "labels", "|", "word", 28),
        ("chnsenticorp/dev.csv", "label", None, "character", 2),
        ("polarity_v2/all.parquet", "label", None, "word", 2),
        ("trec_fine/train.csv", "label", None, "word", 50),
    ],
)
def test_real_sets(
    shared: Path, name: str, label: str, separator: str | None, unit: str, classes: int
) -> None:
    seen = sniff(shared / "data" / name)
    assert (seen.text, seen.label, seen.separator) == ("text", label, separator)
    assert (seen.unit, len(seen.labels)) == (unit, classes)
