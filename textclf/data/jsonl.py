"""JSON Lines: one object a line, text and label strings."""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from textclf.data.columns import Cell, JsonText, MissingColumnError, Record
from textclf.data.lines import INVALID, Decoding, lines_of
from textclf.errors import DataError, printable

_encoded = json.JSONEncoder(ensure_ascii=False).encode
_SURROGATE = re.compile("[\ud800-\udfff]")


class _Number(JsonText):
    """A number as it stands in the file: never converted, so of any length."""

    __slots__ = ()


def read(
    path: Path, *, text: str, label: str | None, decoding: Decoding
) -> Iterator[Record]:
    """Yields the records of a file with their lines.

    Raises:
        DataError: A line is not one JSON object, or its text or label no string.
    """
    for line, value in objects_of(path, decoding):
        where = f"{path}:{line}"
        cell = _cell(value, text, key="data.text", where=where)
        if label is None:
            yield line, cell, "", ""
        else:
            yield line, cell, _cell(value, label, key="data.label", where=where), ""


def columns(path: Path, *, decoding: Decoding) -> list[str]:
    """Returns the keys of the first object."""
    _, first = next(objects_of(path, decoding), (0, {}))
    return list(first)


def preview(path: Path, *, rows: int, decoding: Decoding) -> dict[str, list[str]]:
    """Returns the first cells of each key that is a string in all objects."""
    objects = [value for _, value in islice(objects_of(path, decoding), rows)]
    keys = dict.fromkeys(key for value in objects for key in value)
    found: dict[str, list[Any]] = {
        key: [value.get(key) for value in objects] for key in keys
    }
    return {
        key: cells
        for key, cells in found.items()
        if all(type(cell) is str for cell in cells)
    }


def cells(
    path: Path, *, names: Sequence[str], decoding: Decoding
) -> Iterator[list[Cell]]:
    """Yields the values of some keys, a line at a time; None for a key that is absent.

    Raises:
        DataError: As `objects_of`.
    """
    for line, value in objects_of(path, decoding):
        try:
            yield [_kept(value.get(name)) for name in names]
        except RecursionError as fault:
            raise _too_deep(f"{path}:{line}") from fault


def _kept(value: Any) -> Cell:
    whole = isinstance(value, dict | list)
    return JsonText(_json(value)) if whole else value


def _json(value: Any) -> str:
    """Returns JSON in which every number stands as it did."""
    match value:
        case JsonText():
            return str(value)
        case dict():
            pairs = (f"{_encoded(key)}: {_json(one)}" for key, one in value.items())
            return f"{{{', '.join(pairs)}}}"
        case list():
            return f"[{', '.join(map(_json, value))}]"
        case _:
            return _encoded(value)


def objects_of(path: Path, decoding: Decoding) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yields each object with its line; lines of blanks are skipped.

    Raises:
        DataError: A line is not strict JSON (RFC 8259), repeats a key, is no object, is
            nested too deeply or holds a lone surrogate.
    """
    decoder = json.JSONDecoder(
        object_pairs_hook=_without_duplicates,
        parse_constant=_refuse_constant,
        parse_int=_Number,
        parse_float=_Number,
    )
    for line, source in enumerate(lines_of(path, decoding), start=1):
        if not source.strip(" \t\r\n"):
            continue
        where = f"{path}:{line}"
        value = _decoded(decoder, source, where=where)
        # Only an escape can bring a surrogate: the decoded file holds none.
        if "\\u" in source:
            _refuse_surrogates(value, marked=decoding.replaces, where=where)
        yield line, value


def _decoded(decoder: json.JSONDecoder, source: str, *, where: str) -> dict[str, Any]:
    try:
        value = decoder.decode(source)
    except json.JSONDecodeError as fault:
        raise DataError(
            f"got no valid JSON ({fault.msg} at column {fault.colno})",
            where=where,
            fix="write one JSON object a line",
        ) from fault
    except ValueError as fault:
        raise DataError(str(fault), where=where) from fault
    except RecursionError as fault:
        raise _too_deep(where) from fault
    if not isinstance(value, dict):
        raise DataError(
            f"got {_kind(value)}, expected one JSON object a line", where=where
        )
    return value


def _too_deep(where: str) -> DataError:
    return DataError("got JSON nested too deeply", where=where)


def _refuse_surrogates(value: dict[str, Any], *, marked: bool, where: str) -> None:
    allowed = INVALID if marked else ""
    for key, cell in value.items():
        for part in (key, cell):
            if type(part) is str and _SURROGATE.search(part.replace(allowed, "")):
                raise DataError(
                    f'got half a surrogate pair in "{printable(key, limit=60)}", '
                    "expected characters",
                    where=where,
                    fix="write the character itself, or both halves of the pair",
                )


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f'got the key "{printable(twice, limit=60)}" twice')
    return value


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"got {name}, which JSON does not have")


def _cell(value: dict[str, Any], name: str, *, key: str, where: str) -> str:
    try:
        cell = value[name]
    except KeyError:
        raise MissingColumnError(name, list(value), key=key, where=where) from None
    if type(cell) is str:
        return cell
    raise DataError(
        f'got {_kind(cell)} as "{printable(name, limit=60)}", expected a string',
        where=where,
        fix=_remedy(cell),
    )


def _kind(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case _Number():
            return f"the number {printable(value, limit=40)}"
        case list():
            return "an array"
        case dict():
            return "an object"
        case _:
            return "a string"


def _remedy(value: object) -> str:
    if isinstance(value, list):
        return 'join the labels, as in "joy|anger", and set data.label_separator'
    if isinstance(value, _Number | bool):
        return f'quote it: "{printable(str(value).lower(), limit=40)}"'
    return "write a string, or leave the row out"
