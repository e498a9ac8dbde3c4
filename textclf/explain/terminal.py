"""An explained text in a terminal: coloured for people, or as a table."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from textclf.errors import printable
from textclf.explain.span import Gram, Segment, Span

_TOWARDS, _AGAINST = (153, 111, 75), (223, 215, 208)
"""Blue and orange of the 256 colours, pale to full: black on them reads on any ground,
and nobody takes one for the other."""

_STEPS = (0.1, 0.4, 0.7)  # shares of the strongest score where the colours begin
_RESET, _DIM, _UNDERLINED = "\x1b[0m", "\x1b[2m", "\x1b[4m"
_MARKS = {"+": "⁺", "-": "⁻", "": ""}
_SHOWN_UNREAD = 60
_BAR = 10
_ROWS = 20


@dataclass
class _Lines:
    """Pieces of text set into lines of a width, words kept whole."""

    width: int
    done: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    used: int = 0
    word: list[tuple[str, str]] = field(default_factory=list)

    def add(self, text: str, style: str) -> None:
        for part in re.split(r"(\s+)", text):
            if part.isspace():
                self.blank("\n" in part)
            elif part:
                self.word.append((printable(part), style))

    def blank(self, ends: bool) -> None:
        self.flush()
        if ends or self.used + 1 > self.width:
            self.end()
        elif self.line:
            self.line.append(" ")
            self.used += 1

    def flush(self) -> None:
        """Sets the word that has come so far; one too long for a line is cut."""
        size = sum(_cells(text) for text, _ in self.word)
        if self.used + size > self.width and self.line:
            self.end()
        for text, style in self.word:
            for part in _fitting(text, self.width):
                if self.used + _cells(part) > self.width:
                    self.end()
                self.line.append(f"{style}{part}{_RESET}" if style else part)
                self.used += _cells(part)
        self.word = []

    def end(self) -> None:
        self.done.append("".join(self.line).rstrip(" "))
        self.line, self.used = [], 0

    def all(self) -> list[str]:
        self.flush()
        if self.line:
            self.end()
        return self.done


def painted(segments: Iterable[Segment], *, width: int, strongest: float) -> list[str]:
    """Returns the text with colours for what each unit adds.

    Args:
        segments: The whole text.
        width: Columns of a line.
        strongest: The score of full colour.
    """
    lines = _Lines(width)
    for segment in segments:
        if not segment.read:
            lines.add(_unread(segment.text), _DIM)
        elif segment.span is None:
            lines.add(segment.text, "")
        else:
            style = _style(segment.span, strongest)
            lines.add(segment.text + _MARKS[segment.mark], style)
    return lines.all()


def legend(label: str, *, unknown: bool) -> str:
    """Returns the meaning of colours and marks."""
    towards, against = f"towards {printable(label)}", f"against {printable(label)}"
    told = [
        f"{_colour(_TOWARDS[1])} {towards}⁺ {_RESET}",
        f"{_colour(_AGAINST[1])} {against}⁻ {_RESET}",
    ]
    if unknown:
        told.append(f"{_UNDERLINED}unknown{_RESET}")
    return "  ".join(told)


def table(spans: Sequence[Span], *, width: int) -> Iterator[str]:
    """Yields the strongest spans: score, bar, unit, characters."""
    order = sorted(spans, key=lambda span: (-abs(span.score), span.start))
    strongest = max((abs(span.score) for span in spans), default=0.0)
    barred = width >= 60
    room = max(width - 24 - (_BAR + 2 if barred else 0), 8)
    for span in order[:_ROWS]:
        bar = f"{_bar(span.score, strongest):<{_BAR}}  " if barred else ""
        unit = printable(span.unit, limit=room)
        padding = " " * max(room - _cells(unit), 0)
        place = f"{span.start}-{span.end}{'' if span.known else ' ?'}"
        yield f"{span.score:+8.3f}  {bar}{unit}{padding} {place}"
    left = order[_ROWS:]
    if left:
        total = sum(span.score for span in left)
        yield f"{total:+8.3f}  {len(left):,} more"


def grams_told(grams: Sequence[Gram], *, most: int = 5) -> str:
    """Returns the strongest n-grams in a line."""
    told = (f"{printable(gram.name)} {gram.score:+.2f}" for gram in grams[:most])
    return "strongest n-grams: " + ", ".join(told)


def _style(span: Span, strongest: float) -> str:
    under = "" if span.known else _UNDERLINED
    share = abs(span.score) / strongest if strongest else 0.0
    step = sum(share >= bound for bound in _STEPS)
    if step == 0:
        return under
    colours = _TOWARDS if span.score > 0 else _AGAINST
    return _colour(colours[step - 1]) + under


def _colour(number: int) -> str:
    return f"\x1b[38;5;16;48;5;{number}m"


def _unread(text: str) -> str:
    if len(text) <= _SHOWN_UNREAD:
        return text
    return f" [{len(text):,} characters not read] "


def _bar(score: float, strongest: float) -> str:
    size = round(_BAR * abs(score) / strongest) if strongest else 0
    return ("+" if score > 0 else "-") * size


def _fitting(text: str, width: int) -> Iterator[str]:
    """Cuts a text into parts that fit a line."""
    part, used = "", 0
    for character in text:
        size = _cells(character)
        if used + size > width and part:
            yield part
            part, used = "", 0
        part, used = part + character, used + size
    if part:
        yield part


def _cells(text: str) -> int:
    from rich.cells import cell_len

    return len(text) if text.isascii() else cell_len(text)
