"""Folders with one sub-folder a class, and plain files of a text a line."""

import os
from pathlib import Path

import pytest

from textclf.data import folder
from textclf.data.lines import Decoding
from textclf.errors import DataError

STRICT = Decoding("utf-8", "strict")


def read(path: Path) -> list[tuple[int, str, str, str]]:
    return list(folder.read(path, text="text", label="label", decoding=STRICT))


def planted(root: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, newline="")
    return root


def test_files_are_texts_and_folders_labels(tmp_path: Path) -> None:
    planted(
        tmp_path,
        {
            "pos/b.txt": "two\r\nlines\n",
            "pos/a": "",
            "neg/10.txt": "é",
            "neg/.DS_Store": "x",
            ".git/config": "x",
            "README": "x",
        },
    )
    assert read(tmp_path) == [
        (1, "é", "neg", "neg/10.txt"),
        (1, "", "pos", "pos/a"),
        (1, "two\r\nlines\n", "pos", "pos/b.txt"),
    ]


def test_other_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="without sub-folders"):
        read(planted(tmp_path / "flat", {"a.txt": "x"}))
    with pytest.raises(DataError, match="a folder among"):
        read(planted(tmp_path / "deep", {"a/b/c.txt": "x"}))
    (tmp_path / "bare" / "a").mkdir(parents=True)
    with pytest.raises(DataError, match="without a text"):
        read(tmp_path / "bare")


def test_files_that_cannot_be_texts_are_refused(tmp_path: Path) -> None:
    planted(tmp_path, {"a/1.txt": "x", "b/1.txt": "y"})
    (tmp_path / "b" / "2.txt").write_bytes(b"ok\n\xff")
    with pytest.raises(DataError, match=r"b/2\.txt:2: .*byte offset 3"):
        read(tmp_path)
    (tmp_path / "b" / "2.txt").unlink()
    os.mkfifo(tmp_path / "b" / "2.txt")
    with pytest.raises(DataError, match="pipe"):
        read(tmp_path)


def test_names_that_are_no_text_are_refused(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"\xff")).mkdir()
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    with pytest.raises(DataError, match="not UTF-8"):
        read(tmp_path)


def test_plain_lines_are_texts(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"one\n\ntwo \r\nthree")
    rows = folder.read_plain(path, text="any", label=None, decoding=STRICT)
    assert list(rows) == [
        (1, "one", "", ""),
        (2, "", "", ""),
        (3, "two ", "", ""),
        (4, "three", "", ""),
    ]
    with pytest.raises(DataError, match="no labels"):
        list(folder.read_plain(path, text="any", label="label", decoding=STRICT))
