"""Tables of scores, in Markdown and as plain text for a terminal."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from textclf.errors import printable
from textclf.evaluation.intervals import Interval
from textclf.evaluation.measures import shown_range
from textclf.evaluation.metrics import LabelScore, Scores
from textclf.evaluation.predictions import MULTILABEL

_WORST, _BEST = 10, 5  # labels of a long table that are shown
_CONFUSIONS = 15  # most frequent confusions that are shown
_TABLE_LABELS = 12  # most labels of a confusion table
_NAME_LIMIT = 40  # characters of a label
_LEAST_NAME = 8  # columns of a terminal that a label gets at least
_GAP = 2  # columns of a terminal between two columns of a table
# A colon counts only where it may open an emoji (:name:) or make a link (http://).
_MARKDOWN_SIGNS = re.compile(
    r"([!#$&*<>@\[\\\]_`|~]|:(?=[\w+-]+:|//)|(?<=www)\.)", re.IGNORECASE
)

_Named = tuple[str, LabelScore, str]  # with the interval of F1, if it is known
_Intervals = Sequence[Mapping[str, Interval]]
_Rows = list[list[str]]
_Shown = Callable[[str], str]


def _named(scores: Scores, intervals: _Intervals) -> list[_Named]:
    told = [shown_range("f1", own["f1"]) for own in intervals]
    told = told or [""] * len(scores.labels)
    return list(zip(scores.labels, scores.per_label, told, strict=True))


def _label_rows(rows: Sequence[_Named], shown: _Shown) -> _Rows:
    table = [["label", "precision", "recall", "F1", "texts", "predicted", "F1, 95 %"]]
    for name, row, told in rows:
        shares = [f"{100 * value:.1f}" for value in (row.precision, row.recall, row.f1)]
        counts = [f"{row.support:,}", f"{row.predicted:,}"]
        table.append([shown(name), *shares, *counts, told])
    if not any(row[-1] for row in table[1:]):
        table = [row[:-1] for row in table]
    return table


def _confusion_rows(scores: Scores, shown: _Shown) -> _Rows:
    rows = [
        [shown(name), *(f"{count:,}" for count in counts)]
        for name, counts in zip(scores.labels, scores.confusion, strict=True)
    ]
    return [["", *map(shown, scores.labels)], *rows]


def confusions(scores: Scores, shown: _Shown) -> _Rows:
    """Returns truth, prediction and number of the most frequent confusions."""
    counts = scores.counts()
    np.fill_diagonal(counts, 0)
    order = np.argsort(-counts, axis=None, kind="stable")[:_CONFUSIONS]
    rows = [["truth", "prediction", "texts"]]
    for place in order[counts.ravel()[order] > 0]:
        truth, chosen = divmod(int(place), len(scores.labels))
        names = [shown(scores.labels[truth]), shown(scores.labels[chosen])]
        rows.append([*names, f"{counts[truth, chosen]:,}"])
    return rows


def _multilabel_rows(scores: Scores, shown: _Shown) -> _Rows:
    """Returns how often a label was found, missed and wrongly set; worst if many."""
    counts = scores.counts()
    order = np.arange(len(counts))
    if len(counts) > _TABLE_LABELS:
        wrong = counts[:, 0, 1] + counts[:, 1, 0]
        order = np.argsort(-wrong, kind="stable")[:_CONFUSIONS]
    rows = [["label", "found", "missed", "wrongly set"]]
    for place in order:
        (_, wrong), (missed, found) = counts[place]
        cells = [f"{count:,}" for count in (found, missed, wrong)]
        rows.append([shown(scores.labels[place]), *cells])
    return rows


def _plain(text: str) -> str:
    return printable(text, limit=_NAME_LIMIT)


def escaped(text: str, limit: int | None = _NAME_LIMIT) -> str:
    """Returns text that Markdown shows as it is, and as text only."""
    return _MARKDOWN_SIGNS.sub(r"\\\1", printable(text, limit=limit))


def markdown_table(rows: _Rows) -> list[str]:
    """Returns a Markdown table; the first row is the header."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    rule = "|---" + "|---:" * (len(rows[0]) - 1) + "|"
    return [lines[0], rule, *lines[1:]]


def label_markdown(scores: Scores, intervals: _Intervals = ()) -> list[str]:
    """Returns the Markdown table of all labels."""
    return markdown_table(_label_rows(_named(scores, intervals), escaped))


def confusion_markdown(scores: Scores) -> list[str]:
    """Returns the confusions as Markdown; of many labels the most frequent."""
    if scores.task == MULTILABEL:
        return markdown_table(_multilabel_rows(scores, escaped))
    if len(scores.labels) <= _TABLE_LABELS:
        lines = ["Rows are the truth, columns the prediction.", ""]
        return lines + markdown_table(_confusion_rows(scores, escaped))
    rows = confusions(scores, escaped)
    return markdown_table(rows) if len(rows) > 1 else ["None."]


def label_lines(scores: Scores, width: int, intervals: _Intervals = ()) -> list[str]:
    """Returns the table of labels, without its middle where it is long."""
    rows = _named(scores, intervals)
    if len(rows) <= _WORST + _BEST + 1:
        return text_table(_label_rows(rows, _plain), width)
    occurring = [row for row in rows if row[1].support or row[1].predicted]
    ranked = sorted(occurring, key=lambda row: (row[1].f1, -row[1].support))
    cut = len(ranked) > _WORST + _BEST
    shown = ranked[:_WORST] + ranked[-_BEST:] if cut else ranked
    lines = text_table(_label_rows(shown, _plain), width)
    told = f"(the {_WORST} worst and {_BEST} best by F1; " if cut else "("
    told += f"{len(rows) - len(shown)} of {len(rows)} labels left out)"
    return [*lines, *wrapped(told, width)]


def confusion_lines(scores: Scores, width: int) -> list[str]:
    """Returns the confusions as plain text, where they fit, else the most frequent."""
    if scores.task == MULTILABEL:
        return [*text_table(_multilabel_rows(scores, _plain), width), ""]
    if len(scores.labels) <= _TABLE_LABELS:
        rows = _confusion_rows(scores, _plain)
        # Columns are headed by numbers, which stay short however long the labels are.
        numbers = [str(number) for number in range(1, len(rows))]
        named = [f"{n} {row[0]}" for n, row in zip(numbers, rows[1:], strict=True)]
        rows = [["truth", *numbers]] + [
            [name, *row[1:]] for name, row in zip(named, rows[1:], strict=True)
        ]
        if _columns_width(rows) <= width:
            told = "confusion: rows are the truth, columns the prediction"
            return [*wrapped(told, width), *text_table(rows, width), ""]
    rows = confusions(scores, _plain)
    told = "most frequent confusions" if len(rows) > 1 else "no confusions"
    return [told, *(text_table(rows, width, names=2) if len(rows) > 1 else []), ""]


def _columns_width(rows: _Rows, *, names: int = 1) -> int:
    """Returns the columns a table takes with names cut to the least."""
    numbers = list(zip(*rows, strict=True))[names:]
    taken = sum(max(map(screen_width, column)) + _GAP for column in numbers)
    return taken + names * (_LEAST_NAME + _GAP) - _GAP


def text_table(rows: _Rows, width: int, *, names: int = 1) -> list[str]:
    """Returns rows with the first `names` columns cut to fit and the others aligned."""
    while len(rows[0]) > names + 1 and _columns_width(rows, names=names) > width:
        rows = [row[:-1] for row in rows]
    spare = max(0, width - _columns_width(rows, names=names))
    columns = list(zip(*rows, strict=True))
    most = _LEAST_NAME + spare // names
    widths = [max(map(screen_width, column)) for column in columns]
    widths[:names] = [min(most, taken) for taken in widths[:names]]
    fitting = [
        _told_apart(cells, taken)
        if place < names
        else [fitted(cell, taken, left=False) for cell in cells]
        for place, (cells, taken) in enumerate(zip(columns, widths, strict=True))
    ]
    cut = zip(*fitting, strict=True)
    return [(" " * _GAP).join(cells).rstrip() for cells in cut]


def _told_apart(names: Sequence[str], width: int) -> list[str]:
    """Returns names cut to fit, in the middle where their beginnings are alike."""
    ends = [fitted(name, width, left=True) for name in names]
    whole: dict[str, set[str]] = {}
    for name, cut in zip(names, ends, strict=True):
        whole.setdefault(cut, set()).add(name)
    return [
        cut if len(whole[cut]) == 1 else _without_middle(name, width)
        for name, cut in zip(names, ends, strict=True)
    ]


def _without_middle(text: str, width: int) -> str:
    tail = text
    while screen_width(tail) > (width - 1) // 2:
        tail = tail[1:]
    if screen_width(text) > width:
        head = fitted(text, width - screen_width(tail), left=True).rstrip()
        text = head + tail
    return fitted(text, width, left=True)


def fitted(text: str, width: int, *, left: bool) -> str:
    """Returns text cut or padded to `width` columns of a terminal."""
    if screen_width(text) > width:
        while text and screen_width(text) > width - 1:
            text = text[:-1]
        text += "…"
    blanks = " " * (width - screen_width(text))
    return text + blanks if left else blanks + text


def screen_width(text: str) -> int:
    """Returns the columns text takes in a terminal: CJK two each, marks none."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    marks = sum(unicodedata.category(sign) in ("Mn", "Me") for sign in text)
    return len(text) + wide - marks


def wrapped(text: str, width: int) -> list[str]:
    """Breaks text at blanks, and words that are too wide anywhere."""
    lines, line = [], ""
    for word in printable(text).split(" "):
        if line and screen_width(line) + 1 + screen_width(word) > width:
            lines.append(line)
            line = ""
        line = f"{line} {word}" if line else word
        while screen_width(line) > width:
            fits = 1
            while screen_width(line[: fits + 1]) <= width:
                fits += 1
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line]
