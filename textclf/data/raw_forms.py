"""The form of each published data set, as rows: text, label, further columns.

Each function takes the members in the order of the sources and the classes in the
order of the catalogue, and returns rows per split. Texts stay as they are published:
lines end at LF alone (some texts hold other Unicode line ends), and blanks at the ends
go only where the form itself pads its lines.
"""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from textclf.data.trees import Phrase, distinct, labelled, read_trees
from textclf.data.unpack import Member

Row = tuple[str | int, ...]
Classes = tuple[str, ...]
Splits = dict[str, list[Row]]
Form = Callable[[Iterator[Member], Classes], Splits]


def ag_news(members: Iterator[Member], classes: Classes) -> Splits:
    """CSV of class number (from 1), title, description."""
    numbers = _numbered(classes, first=1)

    def rows(member: Member) -> list[Row]:
        return [
            (f"{title} {description}".strip(), numbers[number])
            for number, title, description in _records(member)
        ]

    return _per_file(members, rows)


def astd(members: Iterator[Member], classes: Classes) -> Splits:
    """Tweets with their labels; then per split the numbers of its lines, from 0."""
    tweets = [_last_tab(line) for line in _lines(next(members))]

    def rows(member: Member) -> list[Row]:
        numbers = [int(line) for line in _lines(member)]
        if numbers and min(numbers) < 0:
            raise ValueError("negative line number")
        return [tweets[number] for number in numbers]

    return _per_file(members, rows)


def banking77(members: Iterator[Member], classes: Classes) -> Splits:
    """CSV with header: text, category."""
    return _per_file(
        members,
        lambda member: [(text, label) for text, label in _records(member)[1:]],
    )


def chnsenticorp(members: Iterator[Member], classes: Classes) -> Splits:
    """Lines of class number and text, after a header; test is cleaned of copies too."""
    numbers = _numbered(classes)

    def rows(member: Member) -> list[Row]:
        cells = [line.partition("\t") for line in _lines(member)[1:]]
        return [(text, numbers[number]) for number, _, text in cells]

    splits = _per_file(members, rows)
    seen = {row[0] for split in ("train", "dev") for row in splits[split]}
    fresh = dict.fromkeys(row for row in splits["test"] if row[0] not in seen)
    return {**splits, "test_nodup": list(fresh)}


def germeval2018(members: Iterator[Member], classes: Classes) -> Splits:
    """Lines of text, coarse label, fine label."""

    def rows(member: Member) -> list[Row]:
        cells = [line.split("\t") for line in _lines(member)]
        return [(text.strip(), coarse, fine) for text, coarse, fine in cells]

    return _per_file(members, rows)


def go_emotions(members: Iterator[Member], classes: Classes) -> Splits:
    """Lines of text, class numbers joined by commas, comment id."""
    numbers = _numbered(classes)

    def rows(member: Member) -> list[Row]:
        cells = [line.split("\t") for line in _lines(member)]
        return [
            (text, "|".join(numbers[number] for number in labels.split(",")))
            for text, labels, _ in cells
        ]

    return _per_file(members, rows)


def imdb(members: Iterator[Member], classes: Classes) -> Splits:
    """One file a review: `aclImdb/split/neg|pos|unsup/number_stars.txt`."""
    labels = dict(zip(("neg", "pos"), classes, strict=True))
    found: dict[str, list[tuple[str, Row]]] = {"train": [], "test": [], "unsup": []}
    for member in members:
        _, split, folder, name = member.name.split("/")
        text = member.content.decode("utf-8")
        if folder == "unsup":
            found["unsup"].append((member.name, (text,)))
        else:
            stars = int(name.removesuffix(".txt").split("_")[1])
            found[split].append((member.name, (text, labels[folder], stars)))
    return {split: [row for _, row in sorted(named)] for split, named in found.items()}


def mr(members: Iterator[Member], classes: Classes) -> Splits:
    """One file a class, a sentence a line, windows-1252."""
    return _sentences(members, {"rt-polarity.neg": "neg", "rt-polarity.pos": "pos"})


def polarity_v2(members: Iterator[Member], classes: Classes) -> Splits:
    """One file a review: `txt_sentoken/neg|pos/cvNNN_number.txt`; fold = NNN // 100."""
    rows = []
    for member in sorted(members, key=lambda member: member.name):
        _, label, name = member.name.split("/")
        text = member.content.decode("windows-1252")
        rows.append((text, label, int(name[2:5]) // 100))
    return {"all": [*rows]}


def reuters_r8(members: Iterator[Member], classes: Classes) -> Splits:
    """Lines of label and text."""
    return _per_file(members, lambda member: [_first_tab(x) for x in _lines(member)])


def sms_spam(members: Iterator[Member], classes: Classes) -> Splits:
    """Lines of label and text, without quoting."""
    cells = [line.partition("\t") for line in _lines(next(members))]
    return {"all": [(text, label) for label, _, text in cells]}


def sst1(members: Iterator[Member], classes: Classes) -> Splits:
    """A graded tree a line: the sentence of each, in small letters."""
    return _whole(_trees(members), classes)


def sst1_phrases(members: Iterator[Member], classes: Classes) -> Splits:
    """As `sst1`; behind its sentences, train has all other phrases of its trees, once.

    A phrase has the label it has most often. What is a whole sentence of dev or test
    is left out of train.
    """
    trees = _trees(members)
    splits = _whole(trees, classes)
    held = {row[0] for split in ("dev", "test") for row in splits[split]}
    sentences = [row for row in splits["train"] if row[0] not in held]
    known = held | {row[0] for row in splits["train"]}
    phrases = distinct(labelled(trees["train"], classes)).items()
    more = [phrase for phrase in phrases if phrase[0] not in known]
    return {**splits, "train": [*sentences, *more]}


def sst2(members: Iterator[Member], classes: Classes) -> Splits:
    """As `sst1`, without neutral sentences and degrees."""
    return _polar(sst1, members, classes)


def sst2_phrases(members: Iterator[Member], classes: Classes) -> Splits:
    """As `sst1_phrases`, without neutral phrases and degrees."""
    return _polar(sst1_phrases, members, classes)


def subj(members: Iterator[Member], classes: Classes) -> Splits:
    """One file a class, a sentence a line, windows-1252."""
    labels = {"quote.tok.gt9.5000": "subjective", "plot.tok.gt9.5000": "objective"}
    return _sentences(members, labels)


def trec(members: Iterator[Member], classes: Classes) -> Splits:
    """As `trec_fine`, with the part of the label before the colon."""
    fine = trec_fine(members, classes)
    return {
        split: [(text, str(label).partition(":")[0]) for text, label in rows]
        for split, rows in fine.items()
    }


def trec_fine(members: Iterator[Member], classes: Classes) -> Splits:
    """Lines of `COARSE:fine`, a blank and the question, latin-1."""

    def rows(member: Member) -> list[Row]:
        cells = [line.partition(" ") for line in _lines(member, "latin-1")]
        return [(text.strip(), label) for label, _, text in cells]

    return _per_file(members, rows)


def tweet_emotion(members: Iterator[Member], classes: Classes) -> Splits:
    """Per split a file of texts, a line each, and one of class numbers."""
    numbers = _numbered(classes)
    splits: Splits = {}
    for texts in members:
        split = PurePosixPath(texts.name).stem.removesuffix("_text")
        pairs = zip(_lines(texts), _lines(next(members)), strict=True)
        splits[split] = [(text.strip(), numbers[number]) for text, number in pairs]
    return splits


def twenty_newsgroups(members: Iterator[Member], classes: Classes) -> Splits:
    """One file a message, latin-1: `20news-bydate-split/group/number`."""
    splits: Splits = {"train": [], "test": []}
    for member in sorted(members, key=lambda member: member.name):
        folder, group, _ = member.name.split("/")
        split = folder.rpartition("-")[2]
        splits[split].append((member.content.decode("latin-1"), group))
    return splits


def _per_file(members: Iterator[Member], rows: Callable[[Member], list[Row]]) -> Splits:
    """Makes a split of each file, called as the file without its suffix."""
    return {PurePosixPath(member.name).stem: rows(member) for member in members}


def _trees(members: Iterator[Member]) -> dict[str, list[list[Phrase]]]:
    """Returns the trees of each file, called as the file before its first dot."""
    return {
        PurePosixPath(member.name).name.partition(".")[0]: [
            *read_trees(_lines(member), source=member.name)
        ]
        for member in members
    }


def _whole(trees: dict[str, list[list[Phrase]]], classes: Classes) -> Splits:
    """Returns the sentence of each tree: the first of its phrases."""
    return {
        split: [*labelled((tree[:1] for tree in some), classes)]
        for split, some in trees.items()
    }


def _polar(five: Form, members: Iterator[Member], classes: Classes) -> Splits:
    """Takes two of five classes, and none of what is neutral."""
    negative, positive = classes
    splits = five(members, (negative, negative, "neutral", positive, positive))
    return {
        split: [row for row in rows if row[1] in classes]
        for split, rows in splits.items()
    }


def _sentences(members: Iterator[Member], labels: dict[str, str]) -> Splits:
    rows: dict[str, list[Row]] = {}
    for member in members:
        name = PurePosixPath(member.name).name
        lines = [line.strip() for line in _lines(member, "windows-1252")]
        rows[name] = [(line, labels[name]) for line in lines if line]
    return {"all": [row for name in sorted(rows, reverse=True) for row in rows[name]]}


def _lines(member: Member, encoding: str = "utf-8") -> list[str]:
    lines = member.content.decode(encoding).split("\n")
    if not lines[-1]:
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def _records(member: Member) -> list[list[str]]:
    text = io.StringIO(member.content.decode("utf-8"), newline="")
    return list(csv.reader(text, strict=True))


def _first_tab(line: str) -> Row:
    label, tab, text = line.partition("\t")
    if not tab:
        raise ValueError("a line without a tab")
    return (text.strip(), label)


def _last_tab(line: str) -> Row:
    text, tab, label = line.rpartition("\t")
    if not tab:
        raise ValueError("a line without a tab")
    return (text, label)


def _numbered(classes: Classes, first: int = 0) -> dict[str, str]:
    return {str(number): name for number, name in enumerate(classes, first)}
