"""Lines of text out of plain and gzip files: decoded strictly, bounded in memory."""

import codecs
import contextlib
import gzip
import io
import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from textclf.errors import ConfigError, DataError
from textclf.files import check_regular

CELL_CAP = 64 << 20
"""Most characters of a line or a cell: what a text can never sensibly need."""

INVALID = "\udcff"
"""Stands for invalid bytes until `Table` counts them; no strict codec decodes to it."""

_MARKING = "textclf-mark-invalid"
_BLOCK = 1 << 20
# A text file rarely shrinks below a tenth; a gzip bomb reaches a thousandth.
_MOST_EXPANSION = 200
_FREE_EXPANSION = 1 << 30
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KINDS = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"PK\x03\x04", "a ZIP archive or an Excel file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"\x1f\x8b", "a gzip file whose name does not end in .gz"),
)
_HEAD = 4096
# Escape notations: their decoders can produce lone surrogates.
_NOTATIONS = {"idna", "punycode", "raw-unicode-escape", "unicode-escape", "utf-7"}


def _mark_invalid(fault: UnicodeError) -> tuple[str, int]:
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    return INVALID, fault.end


codecs.register_error(_MARKING, _mark_invalid)


class UndecodableError(DataError):
    """Bytes that are no text in the encoding that was asked for."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """How the bytes of a file become text.

    Args:
        encoding: A name that Python knows; a byte order mark in the file wins over it.
        errors: `strict` refuses invalid bytes, `replace` marks each by `INVALID`.
    """

    encoding: str
    errors: str

    def __post_init__(self) -> None:
        try:
            name = codecs.lookup(self.encoding).name
            "".encode(self.encoding)
        except (LookupError, ValueError) as fault:
            raise _unknown_encoding(self.encoding) from fault
        if name.replace("_", "-") in _NOTATIONS:
            raise _unknown_encoding(self.encoding)
        if self.errors not in {"strict", "replace"}:
            raise ConfigError(
                f"got {self.errors!r}, expected strict or replace",
                where="data.encoding_errors",
            )

    @property
    def replaces(self) -> bool:
        """Whether invalid bytes are replaced."""
        return self.errors == "replace"


def _unknown_encoding(name: str) -> ConfigError:
    return ConfigError(
        f"got {name!r}, expected the name of a text encoding",
        where="data.encoding",
        fix="use utf-8, or for example windows-1252, latin-1 or gb18030",
    )


def lines_of(path: Path, decoding: Decoding) -> Iterator[str]:
    """Yields the lines of a file with their ends, which may be LF, CR LF or CR.

    A name that ends in `.gz` is decompressed. A byte order mark is taken off.

    Raises:
        DataError: The path is no regular file, its bytes do not decode, a line is
            longer than `CELL_CAP`, the compression is damaged or a bomb, or the file
            changed while it was read.
    """
    size = check_regular(path, DataError)
    packed = path.name.lower().endswith(".gz")
    most = max(_FREE_EXPANSION, size * _MOST_EXPANSION) if packed else math.inf
    with unchanged(path), _faults_told(path, decoding), _opened(path) as stream:
        _check_kind(stream, path)
        encoding = _marked_encoding(stream) or decoding.encoding
        errors = _MARKING if decoding.replaces else "strict"
        text = io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="")
        yield from _bounded(text, source=str(path), most=most)


def text_of(path: Path, decoding: Decoding) -> str:
    """Returns the whole text of a file of at most `CELL_CAP` bytes, verbatim."""
    check_regular(path, DataError, max_bytes=CELL_CAP)
    return "".join(lines_of(path, decoding))


@contextlib.contextmanager
def unchanged(path: Path) -> Iterator[None]:
    """Refuses a file whose size or time of change moved while it was read."""
    before = path.stat()
    yield
    try:
        after = path.stat()
    except OSError as fault:
        raise _changed(path) from fault
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise _changed(path)


def _changed(path: Path) -> DataError:
    return DataError(
        "the file changed while it was read",
        where=str(path),
        fix="wait until it is written whole, then start again",
    )


def _opened(path: Path) -> BinaryIO:
    if path.name.lower().endswith(".gz"):
        return cast(BinaryIO, gzip.open(path, "rb"))
    return path.open("rb")


def _marked_encoding(stream: BinaryIO) -> str | None:
    head = cast(io.BufferedReader, stream).peek(4)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    return None


def _head(stream: BinaryIO) -> bytes:
    return cast(io.BufferedReader, stream).peek(_HEAD)[:_HEAD]


def _check_kind(stream: BinaryIO, path: Path) -> None:
    head = _head(stream)
    for mark, kind in _KINDS:
        if head.startswith(mark):
            raise _no_text(kind, path)


def _no_text(kind: str, path: Path) -> DataError:
    return DataError(
        f"got {kind}, expected texts as csv, tsv, jsonl, txt or parquet",
        where=str(path),
        fix="save it as a table of text first (in Excel: as CSV UTF-8)",
    )


def _is_binary(head: bytes) -> bool:
    """Tells whether there are NUL bytes that are none of UTF-16 or UTF-32."""
    few, many = sorted(head[first::2].count(0) for first in (0, 1))
    utf_16 = many > 3 * few and 32 * many > len(head)
    utf_32 = any(not any(head[first::4]) for first in (0, 3))
    return many > 0 and not utf_16 and not utf_32


def _bounded(stream: io.TextIOWrapper, *, source: str, most: float) -> Iterator[str]:
    total, number = 0, 0
    while line := stream.readline(CELL_CAP):
        number += 1
        total += len(line)
        if len(line) >= CELL_CAP:
            raise DataError(
                f"got a line of more than {CELL_CAP:,} characters, expected text",
                where=f"{source}:{number}",
            )
        if total > most:
            raise DataError(
                f"got more than {most:,} characters out of a small compressed file",
                where=f"{source}:{number}",
                fix="unpack it and give the plain file, if it is what it should be",
            )
        yield line


@contextlib.contextmanager
def _faults_told(path: Path, decoding: Decoding) -> Iterator[None]:
    """Turns what the standard library raises on bad bytes into errors for people."""
    try:
        yield
    except UnicodeError as fault:
        raise _undecodable(path, decoding, fault) from fault
    except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
        raise DataError(
            f"damaged or no gzip file ({fault})", where=str(path)
        ) from fault
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise DataError(f"cannot be read ({reason})", where=str(path)) from fault


def _undecodable(path: Path, decoding: Decoding, fault: UnicodeError) -> DataError:
    with _opened(path) as stream:
        marked = _marked_encoding(stream)
        if marked is None and _is_binary(_head(stream)):
            return _no_text("binary data", path)
        encoding = marked or decoding.encoding
        place = _first_invalid(stream, encoding.removesuffix("-sig"))
    if place is None:
        return UndecodableError(f"not valid {encoding} ({fault})", where=str(path))
    offset, line, value = place
    return UndecodableError(
        f"got the byte 0x{value:02x} at byte offset {offset}, which is not valid "
        f"{encoding}",
        where=f"{path}:{line}",
        fix='set data.encoding (for example "windows-1252"; with init by --encoding), '
        "or data.encoding_errors to replace",
    )


def _first_invalid(stream: BinaryIO, encoding: str) -> tuple[int, int, int] | None:
    """Returns byte offset, line and value of the first byte that does not decode."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    offset, line, last = 0, 1, ""
    while True:
        block = stream.read(_BLOCK)
        start = offset - len(decoder.getstate()[0])
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as fault:
            good = fault.object[: fault.start].decode(encoding, "ignore")
            line += _line_ends(good, last)
            return start + fault.start, line, fault.object[fault.start]
        except UnicodeError:
            return None
        if not block:
            return None
        offset += len(block)
        line += _line_ends(text, last)
        last = text[-1:] or last


def _line_ends(text: str, last: str) -> int:
    ends = text.count("\n") + text.count("\r") - text.count("\r\n")
    return ends - (last == "\r" and text.startswith("\n"))
