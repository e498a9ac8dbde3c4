"""The word vectors that have a name: what they are, where their authors keep them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from textclf.errors import ConfigError, nearest, one_of

_CATALOGUE = Path(__file__).with_name("catalogue.json")


@dataclass(frozen=True)
class Published:
    """Vectors that their authors publish.

    Attributes:
        name: What commands and `embedding.vectors` call them.
        about: Method, texts, spelling, in one line.
        rows: Words, about.
        dim: Numbers a word.
        file: The name of the file, here and in a folder of vectors.
        form: How the download is packed: `zip` and `gz` are unpacked.
        address: The download; None where it cannot be had without a person.
        member: The member of a zip archive.
        size: Of the download, as published; empty if it is not.
        homepage: Where to read more.
        licence: Terms, as stated by the authors.
        note: What a user should know.
    """

    name: str
    about: str
    rows: int
    dim: int
    file: str
    form: Literal["plain", "gz", "zip"]
    address: str | None
    member: str | None
    size: str
    homepage: str
    licence: str
    note: str

    def __post_init__(self) -> None:
        if (self.form == "zip") != (self.member is not None):
            raise ValueError(f"a member expected of zip archives alone, got {self}")
        if Path(self.file).name != self.file:
            raise ValueError(f"a plain file name expected, got {self.file!r}")


@cache
def catalogue() -> Mapping[str, Published]:
    """Returns all vectors that have a name, by name, in the order of the catalogue."""
    entries = [Published(**e) for e in json.loads(_CATALOGUE.read_text("utf-8"))]
    by_name = {entry.name: entry for entry in entries}
    if len(by_name) < len(entries):
        raise ValueError("one entry per name expected in catalogue.json")
    return MappingProxyType(by_name)


def entry_named(name: str, *, where: str) -> Published:
    """Returns the vectors of that name.

    Args:
        name: A name of the catalogue.
        where: The key or argument that gave it, for the message.

    Raises:
        ConfigError: There are none; the message has the nearest name and the list.
    """
    entries = catalogue()
    if name in entries:
        return entries[name]
    similar = nearest(name, entries)
    raise ConfigError(
        f"no vectors {name!r}, expected one of {one_of(entries, limit=len(entries))}",
        where=where,
        fix=f"did you mean {similar}?" if similar else "see `textclf vectors list`",
    )
