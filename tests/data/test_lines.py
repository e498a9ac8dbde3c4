"""Lines: every encoding exact, every broken file refused with its place."""

import codecs
import gzip
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.data import lines
from textclf.data.lines import INVALID, Decoding, lines_of, text_of
from textclf.errors import ConfigError, DataError

STRICT = Decoding("utf-8", "strict")
REPLACE = Decoding("utf-8", "replace")


def refused(path: Path, decoding: Decoding = STRICT) -> str:
    with pytest.raises(DataError) as caught:
        list(lines_of(path, decoding))
    return str(caught.value)


def test_line_ends_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a\nb\r\nc\rd\x00\x0b\x1c\xe2\x80\xa8e")
    assert list(lines_of(path, STRICT)) == ["a\n", "b\r\n", "c\r", "d\0\v\x1c\u2028e"]


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
@pytest.mark.parametrize("configured", ["utf-8", "windows-1252"])
def test_byte_order_marks_win_and_go(  # row 13
    tmp_path: Path, mark: bytes, encoding: str, name: str, configured: str
) -> None:
    path = tmp_path / name
    content = mark + "é,ü\n中\n".encode(encoding)
    path.write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    assert list(lines_of(path, Decoding(configured, "strict"))) == ["é,ü\n", "中\n"]


def test_a_configured_encoding_is_used(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\x96 dash \x97")
    assert text_of(path, Decoding("windows-1252", "strict")) == "– dash —"


@given(
    # Without NUL: with it such a file is taken for no text at all.
    before=st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    ).filter(lambda text: not text.startswith("\ufeff")),
    block=st.integers(1, 7),
)
def test_invalid_bytes_are_named_by_offset_and_line(  # row 14
    tmp_path: Path, before: str, block: int
) -> None:
    path = tmp_path / "a.txt"
    good = ("x" + before).encode()
    path.write_bytes(good + b"\xff\nmore")
    text = good.decode()
    line = 1 + text.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_BLOCK", block)
        message = refused(path)
    assert f"byte offset {len(good)}," in message
    assert f"a.txt:{line}: " in message
    assert "0xff" in message


@pytest.mark.parametrize("block", [1, 2, 3])
def test_lines_are_counted_over_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a\r\n\r\r\nb\n\n\xff")
    monkeypatch.setattr(lines, "_BLOCK", block)
    assert "a.txt:6: " in refused(path)


def test_text_cut_inside_a_character_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("ab\n中".encode()[:-1])
    assert "byte offset 3" in refused(path)


def test_invalid_utf16_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(codecs.BOM_UTF16_LE + "a".encode("utf-16-le") + b"\x00\xd8b\x00")
    assert "utf-16" in refused(path)


def test_invalid_bytes_are_marked_on_request(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a\xffb\xe4\xbdc\ned\xef\xbf\xbd")
    assert list(lines_of(path, REPLACE)) == [
        f"a{INVALID}b{INVALID}c\n",
        "ed\ufffd",
    ]


@pytest.mark.parametrize("name", ["utf-9", "base64", "rot13", "unicode_escape", "a\0"])
def test_unknown_encodings_are_refused(name: str) -> None:
    with pytest.raises(ConfigError, match=r"data\.encoding"):
        Decoding(name, "strict")
    with pytest.raises(ConfigError, match=r"data\.encoding_errors"):
        Decoding("utf-8", "ignore")


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:  # row 9
    os.mkfifo(tmp_path / "pipe")
    assert "No such file" in refused(tmp_path / "missing")
    assert "folder" in refused(tmp_path)
    assert "pipe" in refused(tmp_path / "pipe")
    assert "device" in refused(Path("/dev/zero"))


@pytest.mark.parametrize("keep", [0, 1, 5, 20, -1, -9])
def test_cut_gzip_is_refused(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(os.urandom(99).hex().encode())[:keep])
    if keep == 0:
        assert list(lines_of(path, STRICT)) == []
    else:
        assert "gzip" in refused(path)


def test_plain_text_called_gz_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_text("plain")
    assert "gzip" in refused(path)


def test_a_flipped_gzip_byte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    whole = bytearray(gzip.compress(b"hello world " * 20))
    whole[15] ^= 0xFF
    path.write_bytes(whole)
    assert "a.txt.gz" in refused(path)


def test_huge_lines_are_refused(  # row 17
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "CELL_CAP", 1000)
    path = tmp_path / "a.txt"
    path.write_bytes(b"a\n")
    os.truncate(path, 1 << 34)  # a hole of 16 GB
    assert "a.txt:2" in refused(path)
    with pytest.raises(DataError, match="allowed are 1,000"):
        text_of(path, STRICT)


def test_gzip_bombs_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(b"spam\n" * 200_000))
    assert len(list(lines_of(path, STRICT))) == 200_000
    monkeypatch.setattr(lines, "_FREE_EXPANSION", 100_000)
    assert "small compressed file" in refused(path)


@pytest.mark.parametrize("change", ["grow", "touch", "remove"])
def test_a_file_that_changes_is_refused(tmp_path: Path, change: str) -> None:  # row 20
    path = tmp_path / "a.txt"
    path.write_text("a\nb\n")
    reading = lines_of(path, STRICT)
    next(reading)
    match change:
        case "grow":
            path.write_text("a\nb\nc\n")
        case "touch":
            os.utime(path, ns=(1, 1))
        case _:
            path.unlink()
    with pytest.raises(DataError, match="changed while it was read"):
        list(reading)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        (b"\xff\xd8\xff\xe0", "a JPEG picture"),
        (b"GIF89a\x01", "a GIF picture"),
        (b"PK\x03\x04\x14\x00", "an Excel file"),
        (b"\xd0\xcf\x11\xe0\xa1", "an old Excel"),
        (b"\x1f\x8b\x08\x00", "a gzip file"),
        (b"\x7fELF\x02\x01\x01\x00" + bytes(range(256)) * 16, "binary data"),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_files_that_are_no_text_are_called_what_they_are(
    tmp_path: Path, head: bytes, kind: str, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(head) if name.endswith("gz") else head)
    message = refused(path)
    assert kind in message and "CSV" in message and "encoding" not in message


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_wide_encodings_are_not_called_binary(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("text,label\né,ÿ\n".encode(encoding) * 9)
    assert "set data.encoding" in refused(path)
