"""The data sets that have a name: what they are and where their authors keep them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

from textclf.errors import ConfigError, nearest, one_of

Kind = Literal["binary", "multiclass", "multilabel"]
Form = Literal["plain", "zip", "tar.gz"]

_HERE = Path(__file__).parent
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*")
_CHECKSUM = re.compile(r"sha256:[0-9a-f]{64}|md5:[0-9a-f]{32}")


@dataclass(frozen=True)
class Source:
    """One file to download.

    Args:
        file: What it is called here.
        form: A plain file or an archive.
        address: Where its authors, or the nearest https copy of theirs, keep it.
        members: Of an archive: the members to read; `*` stands for a part of a name.
        checksum: `sha256:…` (or `md5:…`) as published by others; None if none is.
        bytes: Its size as published; None if unknown.
    """

    file: str
    form: Form
    address: str
    members: tuple[str, ...] = ()
    checksum: str | None = None
    bytes: int | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.file.lower()) or self.form not in get_args(Form):
            raise ValueError(f"file name and form expected, got {self}")
        if (self.form == "plain") == bool(self.members):
            raise ValueError(f"members expected of archives alone, got {self}")
        if self.checksum is not None and not _CHECKSUM.fullmatch(self.checksum):
            raise ValueError(f"sha256:… or md5:… expected, got {self.checksum!r}")


@dataclass(frozen=True)
class Entry:
    """One named data set.

    Args:
        name: What `data.dataset` calls it.
        task: What is told from what, in one line.
        kind: The kind of the task.
        language: ISO 639 code of the texts.
        classes: The labels, in the order of the source's own numbers if it has such.
        splits: The splits that must be there and their rows (None: unknown); `all` if
            there is no official division.
        homepage: Where to read more.
        licence: Licence or terms, as stated by the authors.
        citation: What to cite.
        text: The column of the texts.
        label: The column of the labels.
        label_separator: What stands between the labels of a multi-label set.
        extra_columns: Further columns.
        extra_splits: Splits that may be there besides, and their rows.
        unlabelled: Those of the extra splits that have texts alone.
        split_column: The column that names the split of a row, in a file of them all.
        subsets: Known smaller versions: name of their folder, then rows per split.
        converter: The converter of the sources; None for the bundled set.
        sources: What to download.
        unpacked: The same files as `FOLDER/FILE` of a folder of data sets, which may
            have them unpacked.
        bundled: The file inside this package, for the set that comes with it.
        note: What a user should know before quoting a score.
    """

    name: str
    task: str
    kind: Kind
    language: str
    classes: tuple[str, ...]
    splits: Mapping[str, int | None]
    licence: str
    homepage: str = ""
    citation: str = ""
    text: str = "text"
    label: str = "label"
    label_separator: str | None = None
    extra_columns: tuple[str, ...] = ()
    extra_splits: Mapping[str, int | None] = field(default_factory=dict)
    unlabelled: tuple[str, ...] = ()
    split_column: str | None = None
    subsets: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)
    converter: str | None = None
    sources: tuple[Source, ...] = ()
    unpacked: tuple[str, ...] = ()
    bundled: str | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or not self.task or not self.splits:
            raise ValueError(f"name, task and splits expected, got {self.name!r}")
        if self.kind not in get_args(Kind) or len(set(self.classes)) < 2:
            raise ValueError(f"a kind and two classes expected of {self.name}")
        if (self.kind == "multilabel") != (self.label_separator is not None):
            raise ValueError(f"a separator for multi-label alone expected: {self.name}")
        if (self.bundled is None) != bool(self.sources and self.converter):
            raise ValueError(f"sources or a bundled file expected of {self.name}")
        if len({source.file for source in self.sources}) < len(self.sources):
            raise ValueError(f"one name per source expected of {self.name}")
        if not set(self.unlabelled) <= set(self.extra_splits):
            raise ValueError(f"only extra splits may lack labels: {self.name}")

    @property
    def folders(self) -> tuple[str, ...]:
        """The names that a folder with this data set may have, best first."""
        return (self.name, *self.subsets)

    def rows(self, folder: str) -> Mapping[str, int | None]:
        """Returns the rows expected per split of the version in a folder so named."""
        return self.subsets.get(folder) or {**self.splits, **self.extra_splits}

    def columns(self, split: str) -> tuple[str, ...]:
        """Returns the columns of a converted split, in order."""
        if split in self.unlabelled:
            return (self.text,)
        return (self.text, self.label, *self.extra_columns)


@cache
def catalogue() -> Mapping[str, Entry]:
    """Returns all named data sets, by name, in alphabetical order."""
    records = json.loads((_HERE / "catalogue.json").read_text(encoding="utf-8"))
    entries = [_entry(record) for record in records]
    by_name = {entry.name: entry for entry in sorted(entries, key=lambda e: e.name)}
    if len(by_name) < len(entries):
        raise ValueError("one entry per name expected in catalogue.json")
    return MappingProxyType(by_name)


def entry_named(name: str, *, where: str = "data.dataset") -> Entry:
    """Returns the data set of that name.

    Args:
        name: A name of the catalogue.
        where: The key or argument that gave the name, for the message.

    Raises:
        ConfigError: There is none; the message has the nearest name and the list.
    """
    entries = catalogue()
    if name in entries:
        return entries[name]
    similar = nearest(name.lower(), entries)
    raise ConfigError(
        f"no data set {name!r}, expected one of {one_of(entries, limit=len(entries))}",
        where=where,
        fix=f"did you mean {similar}?" if similar else "see `textclf data list`",
    )


def bundled_file(entry: Entry) -> Path:
    """Returns the file of a data set that comes with the package."""
    if entry.bundled is None:
        raise ValueError(f"{entry.name} does not come with the package")
    return _HERE / entry.bundled


def _entry(record: dict[str, Any]) -> Entry:
    sources = tuple(
        Source(**{**source, "members": tuple(source.get("members", ()))})
        for source in record.pop("sources", ())
    )
    lists = {key: tuple(v) for key, v in record.items() if isinstance(v, list)}
    return Entry(**{**record, **lists, "sources": sources})
