"""A first configuration for a file somebody brings: what `init` writes."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textclf.config.recipes import (
    LONG_TEXTS,
    LONG_TOPICS,
    RECOMMENDED,
    TOPICS,
    WITHOUT_BLANKS,
    Recipe,
    for_several_labels,
)
from textclf.config.schema import LONGEST, DataConfig, TextConfig
from textclf.data.sniff import Sniffed, sniff
from textclf.errors import DataError

_ENDINGS = tuple(
    f"{name}{packed}"
    for name in (".parquet", ".csv", ".tsv", ".jsonl", ".ndjson")
    for packed in ("", ".gz")
)
_ENCODING = DataConfig.model_fields["encoding"].default
_HELD_OUT = 0.1
_LONG = 100  # words of the text in the middle; the reviews of IMDB have 200
_MANY = 7  # labels; with 50 and 77 rarity tells more, with 6 not yet
_UNBALANCED = 10


@dataclass(frozen=True)
class Proposal:
    """Settings that train as they are, and why they were chosen.

    Attributes:
        settings: The sections of a configuration that differ from the defaults.
        notes: Why, for people.
        comments: Why, by dotted key, for the written configuration.
        sniffed: What the training data were found to be.
    """

    settings: Mapping[str, Any]
    notes: tuple[str, ...]
    comments: Mapping[str, str]
    sniffed: Sniffed


def propose(data: Path, *, folder: Path, encoding: str = _ENCODING) -> Proposal:
    """Looks at labelled texts and proposes a configuration.

    Args:
        data: A file, a folder with one sub-folder a class, or a folder with a file
            called train and perhaps dev and test.
        folder: Where the configuration will lie; paths are written relative to it.
        encoding: That of text files.

    Raises:
        DataError: The data cannot be read, or no columns look like texts and labels.
    """
    files = _split_files(data)
    found = sniff(files["train"], encoding=encoding)
    paths = {split: _relative(path, folder) for split, path in files.items()}
    fractions = {
        f"{split}_fraction": _HELD_OUT
        for split in ("dev", "test")
        if split not in files
    }
    recipe, why = _recipe(found)
    settings = {
        **recipe,
        "name": _name(data),
        "data": {
            **paths,
            **fractions,
            "text": found.text,
            "label": found.label,
            "label_separator": found.separator,
            **({} if encoding == _ENCODING else {"encoding": encoding}),
        },
    }
    notes = (*found.notes, f"recipe: {why}")
    return Proposal(settings, notes, _comments(found, recipe["text"], why), found)


def _recipe(found: Sniffed) -> tuple[Recipe, str]:
    """Returns the sections that fit the texts, and why so; nothing is cut off."""
    median, _, longest = found.lengths
    recipe, change = RECOMMENDED, dict[str, Any]()
    many = len(found.labels) >= _MANY
    if found.unit == "character":
        change, why = dict(WITHOUT_BLANKS), "up to three characters in a row"
    elif median > _LONG and many:
        recipe = LONG_TOPICS
        why = (
            "that for long texts of many labels: words, pairs of words and characters "
            "inside words, rare ones learn faster, nothing counted before"
        )
    elif median > _LONG:
        recipe = LONG_TEXTS
        why = (
            "up to four words in a row and no characters, as half of the texts have "
            f"more than {_LONG} words"
        )
    elif many:
        recipe = TOPICS
        why = (
            "that for topics, as there are many labels: words, pairs of words and "
            "characters inside words, rare ones learn faster"
        )
    else:
        why = "the recommended one, words, pairs of words and characters inside words"
    if longest > TextConfig().max_length:
        change["max_length"] = LONGEST
    text = {**recipe["text"], **change}
    return {**recipe, "text": text, "training": _training(found, recipe)}, why


def _training(found: Sniffed, recipe: Recipe) -> dict[str, Any]:
    """Returns the section, with what has to improve fitting the labels."""
    training = dict(recipe["training"])
    if found.separator is not None:
        return for_several_labels(training)
    counts = [count for _, count in found.labels]
    if max(counts) > _UNBALANCED * min(counts):
        training["monitor"] = "dev_macro_f1"
    return training


def _comments(found: Sniffed, text: Mapping[str, Any], why: str) -> dict[str, str]:
    comments = {"text": f"Recipe: {why}."}
    if "max_length" in text:
        comments["text.max_length"] = (
            f"Texts are whole; 95 % of them have at most {found.lengths[1]:,} units: "
            "enough for kinds that read them in order, which take long otherwise."
        )
    return comments


def _split_files(data: Path) -> dict[str, Path]:
    """Returns the file of each split; a single file or class folder is `train`."""
    if not data.is_dir():
        return {"train": data}
    files = {}
    for split in ("train", "dev", "test"):
        there = [data / f"{split}{end}" for end in _ENDINGS]
        there = [path for path in there if path.is_file()]
        if len(there) > 1:
            raise DataError(
                f"got {there[0].name} and {there[1].name}, expected one of them",
                where=str(data),
                fix="give the one to use as DATA",
            )
        if there:
            files[split] = there[0]
    return files if "train" in files else {"train": data}


def _relative(path: Path, folder: Path) -> str:
    """Returns the path as seen from a folder, its links kept where that leads to it.

    Behind a folder that is a link itself, ".." is not what its name says.
    """
    meant = path.resolve()
    ways = (
        os.path.relpath(there, here)
        for there, here in ((path, folder), (path, folder.resolve()))
    )
    leading = (way for way in ways if (folder / way).resolve() == meant)
    way = next(leading, None) or os.path.relpath(meant, folder.resolve())
    return Path(way).as_posix()


def _name(data: Path) -> str:
    named = data if data.name not in ("", "..") else data.resolve()
    stem = named.name.split(".")[0]
    cleaned = re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("-._")
    return cleaned[:80] or "textclf"
