"""The text of a YAML file: which characters it may hold, and places in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from textclf.errors import ConfigError, printable

MAX_BYTES = 1 << 20

# YAML 1.2 reads U+2028 and U+2029 as characters, PyYAML as line ends: written raw they
# would change without a word, so they must be escaped. So must the unprintable ones.
UNSAFE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd"
    "\U00010000-\U0010ffff]"
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_LONGEST_PROBLEM = 200
_DIRECTIVE = re.compile(r"^%", re.MULTILINE)
_QUOTE = "put the value in quotes"
_REMEDIES = (
    ("'\\t' that cannot start", "use spaces, not tabs"),
    ("cannot start any token", _QUOTE),
    ("mapping values are not allowed", f"{_QUOTE}, or check the indentation"),
    ("could not find expected ':'", "write key: value"),
    ("but found ','", _QUOTE),
    ("unknown escape character", "use single quotes, or two backslashes for one"),
    ("expected <block end>", "check the indentation"),
)
_WORDINGS = (
    ("the node content", "a value"),
    ("<block end>", "the end of the section"),
    ("'<stream end>'", "the end"),
    ("'<block mapping start>'", "a new section"),
    ("'<block sequence start>'", "a new list"),
    ("character '\\t'", "a tab"),
)


@dataclass(frozen=True)
class Source:
    """The text being read, which knows how to name a place in itself."""

    text: str
    where: str
    numbered: bool = True

    def fault(self, problem: str, *, mark: Any, fix: str | None = None) -> ConfigError:
        """Returns an error that names line and column of a mark, and shows it."""
        problem = printable(problem, limit=_LONGEST_PROBLEM)
        if mark is None:
            return ConfigError(problem, where=self.where, fix=fix)
        line = self._line(mark.line).strip()
        near = f', in "{printable(line, limit=60)}"' if line else ""
        place = f"{self.where}:{mark.line + 1}:{mark.column + 1}"
        return ConfigError(
            problem + near, where=place if self.numbered else self.where, fix=fix
        )

    def events(self) -> Iterator[yaml.Event]:
        """Yields PyYAML's events.

        Raises:
            ConfigError: The text is too long, holds characters that YAML forbids, or is
                no YAML.
        """
        self._check_characters()
        try:
            yield from yaml.parse(self.text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as fault:
            raise self._reworded(fault) from fault
        except (yaml.YAMLError, ValueError, OverflowError) as fault:
            # An escape such as "\\UFFFFFFFF" leaves PyYAML as a fault of chr().
            raise self.fault(f"cannot be read as YAML ({fault})", mark=None) from fault

    def _line(self, index: int) -> str:
        lines = _LINE_END.split(self.text)
        return lines[index] if index < len(lines) else ""

    def _mark(self, index: int) -> yaml.Mark:
        ends = [end.end() for end in _LINE_END.finditer(self.text, 0, index)]
        column = index - (ends[-1] if ends else 0)
        return yaml.Mark(self.where, index, len(ends), column, None, 0)

    def _reworded(self, fault: yaml.MarkedYAMLError) -> ConfigError:
        problem = fault.problem or "cannot be read as YAML"
        fix = next((fix for sign, fix in _REMEDIES if sign in problem), None)
        for theirs, ours in _WORDINGS:
            problem = problem.replace(theirs, ours)
        return self.fault(problem, mark=fault.problem_mark, fix=fix)

    def _check_characters(self) -> None:
        if len(self.text) > MAX_BYTES:
            size = f"{len(self.text):,} characters"
            raise self.fault(f"got {size}, allowed are {MAX_BYTES:,}", mark=None)
        if self.text.startswith("\ufeff"):
            fix = "save it as UTF-8 without one"
            raise self.fault("got a byte order mark", mark=None, fix=fix)
        if unsafe := UNSAFE.search(self.text):
            code = f"U+{ord(unsafe[0]):04X}"
            raise self.fault(
                f"got the character {code}, which has no place in a configuration",
                mark=self._mark(unsafe.start()),
                fix=f'remove it, or write "\\u{ord(unsafe[0]):04x}" in double quotes',
            )
        if directive := _DIRECTIVE.search(self.text):
            mark = self._mark(directive.start())
            raise self.fault("got a directive (%), expected none", mark=mark)


def decoded(content: bytes, *, where: str) -> str:
    """Returns the text of a UTF-8 file.

    Raises:
        ConfigError: The bytes are UTF-16 or no UTF-8; line and byte are named.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ConfigError("got UTF-16", where=where, fix="save it as UTF-8")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = len(_LINE_END.findall(content[: fault.start].decode("utf-8"))) + 1
        raise ConfigError(
            f"got the byte 0x{content[fault.start]:02x} at byte {fault.start}, "
            "expected UTF-8",
            where=f"{where}:{line}",
            fix="save it as UTF-8",
        ) from fault
