"""Debris of encodings and mark-up: what was not meant to be read.

The rules are small and ours. `ftfy` mends texts and guesses by a table of plausible
characters; an audit only has to be sure, so it counts as mojibake what turns into valid
UTF-8 when it is written back as Windows-1252.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from textclf.audit.finding import Finding, Weight, kept, told_share
from textclf.audit.pool import Pool
from textclf.errors import one_of, printable
from textclf.text.normalise import text_column


def _as_windows(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


_AS_BYTES = {
    sign: byte for byte in range(0x80, 0x100) for sign in (chr(byte), _as_windows(byte))
}
_REST = "".join(re.escape(sign) for sign, byte in _AS_BYTES.items() if byte < 0xC0)
# Two bytes of Latin, Cyrillic; three of punctuation; four of emoji; others in pairs.
_MOJIBAKE = (
    rf"[ÂÃÄÅÐÑ][{_REST}]|â[{_REST}]{{2}}|ð[{_REST}]{{3}}"
    rf"|(?:[\xe0-\xef][{_REST}]{{2}}){{2}}"
)
_BROKEN_ENTITY = r"(?:^|[^&\w])#\d{2,5};"


@dataclass(frozen=True)
class _Debris:
    """A kind of debris: how it is found, by Rust's rules, and what is said of it."""

    kind: str
    weight: Weight
    pattern: str
    what: str
    advice: str
    sure: Callable[[str], bool] = lambda found: True

    @cached_property
    def here(self) -> re.Pattern[str]:
        """The same pattern by Python's rules."""
        return re.compile(self.pattern, re.M)


def is_mojibake(found: str) -> bool:
    """Tells whether signs are UTF-8 that was read as Windows-1252 or Latin-1."""
    try:
        return bytes(_AS_BYTES[sign] for sign in found).decode("utf-8") != found
    except (KeyError, UnicodeDecodeError):
        return False


_MEND = "mend them where the file is made; the model learns them as words"
_KINDS = (
    _Debris(
        "replacement_sign",
        "serious",
        "\ufffd",
        "hold U+FFFD, the mark of bytes that could not be read",
        "read the file again from its source with the right data.encoding",
    ),
    _Debris(
        "mojibake",
        "serious",
        _MOJIBAKE,
        "hold UTF-8 that was read in another encoding (Ã© for é)",
        "read the source as UTF-8, or mend the texts (ftfy does)",
        is_mojibake,
    ),
    _Debris(
        "control_sign",
        "notable",
        r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\x85]",
        "hold control characters",
        "0x80 to 0x9f are mostly Windows-1252 read as Latin-1: read the source as "
        "cp1252, or remove them",
    ),
    _Debris(
        "html_entity",
        "notable",
        rf"&(?:[A-Za-z]{{2,8}}|#\d{{1,7}}|#x[0-9A-Fa-f]{{1,6}});|{_BROKEN_ENTITY}",
        "hold HTML entities",
        "unescape them (html.unescape) where the file is made",
    ),
    _Debris(
        "html_tag",
        "notable",
        r"</?(?:a|b|br|div|em|font|h[1-6]|hr|i|img|li|p|pre|span|strong|table|td|tr|ul)"
        r"(?:\s[^<>]{0,200})?/?>",
        "hold HTML tags",
        _MEND,
    ),
    _Debris(
        "invisible_sign",
        "notable",
        r"[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]",
        "hold invisible characters: zero width, direction, soft hyphens",
        "remove them: they part words, and hide what a text says",
    ),
    _Debris(
        "private_sign",
        "notable",
        r"[\ue000-\uf8ff]",
        "hold characters of private use, which mean nothing outside one font",
        _MEND,
    ),
    _Debris(
        "mixed_word",
        "notable",
        r"[A-Za-z][\u0370-\u03ff\u0400-\u04ff]|[\u0370-\u03ff\u0400-\u04ff][A-Za-z]",
        "hold words of two scripts, such as Latin with a Cyrillic а",
        "look for letters that only look right; model.text.unicode does not join them",
    ),
    _Debris(
        "backslash",
        "note",
        r"\\.?",
        "hold backslashes, often left over from line ends or escapes",
        _MEND,
    ),
    _Debris(
        "line_end",
        "note",
        r"[\r\n]",
        "hold line ends",
        "nothing, if they are meant; other programs may read such files wrongly",
    ),
    _Debris(
        "placeholder",
        "note",
        r"\[[A-Z]{3,}\]|\|[A-Z]{3,}\||<[A-Z]{3,}>|@user\b|&lt;#&gt;",
        "hold marks that stand for something: names, numbers, line ends",
        "give the model the same marks when it is used",
    ),
)
KINDS = tuple(one.kind for one in _KINDS)


def on_signs(pool: Pool) -> Iterator[Finding]:
    """Yields the debris of each split."""
    for split in pool.splits:
        rows = pool.rows(split)
        column = text_column(pool.texts[rows[0] : rows[-1] + 1])
        beyond = column.str.len_bytes() != column.str.len_chars()
        for one in _KINDS:
            yield from _found(pool, split, one, column, beyond)


def _found(
    pool: Pool, split: str, one: _Debris, column: pl.Series, beyond: pl.Series
) -> Iterator[Finding]:
    if one.kind in ("replacement_sign", "mojibake", "invisible_sign", "private_sign"):
        suspects = beyond & column.str.contains(one.pattern)
    else:
        suspects = column.str.contains(f"(?m){one.pattern}")
    rows = pool.rows(split)
    places = {}
    for row in rows[suspects.to_numpy()].tolist():
        match = _first(one, pool.texts[row])
        if match is not None:
            places[row] = match
    if not places:
        return
    count = len(places)
    forms = _forms(match[0] for match in places.values())
    yield Finding(
        one.kind,
        one.weight,
        split,
        count,
        len(rows),
        f"{told_share(count, len(rows))} texts of {split} {one.what}{forms}",
        one.advice,
        kept(
            places,
            lambda row: pool.example(row, _seen(places[row][0]), places[row][1]),
        ),
    )


def _first(one: _Debris, text: str) -> tuple[str, int] | None:
    for match in one.here.finditer(text):
        if one.sure(match[0]):
            return match[0], match.start()
    return None


def _forms(found: Iterator[str]) -> str:
    """Lists the most frequent forms of what was found first in each text."""
    forms, counts = np.unique(np.array(list(found), dtype=object), return_counts=True)
    if len(forms) > 100 and counts.max() < 3:
        return ""
    best = forms[np.argsort(-counts, kind="stable")[:4]]
    return f": {one_of(map(_seen, best))}"


def _seen(found: str) -> str:
    """Returns signs so that they can be seen."""
    return printable(found.strip() or ascii(found).strip("'"))
