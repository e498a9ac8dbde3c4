"""A first configuration for a file somebody brings: what `init` writes."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textclf.config.recipes import LONG_TEXTS, RECOMMENDED, WITHOUT_BLANKS
from textclf.config.schema import LONGEST, TextConfig
from textclf.data.sniff import Sniffed, sniff
from textclf.errors import DataError

_ENDINGS = tuple(
    f"{name}{packed}"
    for name in (".parquet", ".csv", ".tsv", ".jsonl", ".ndjson")
    for packed in ("", ".gz")
)
_HELD_OUT = 0.1
_LONG = 100  # words of the text in the middle; the reviews of IMDB have 200
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


def propose(data: Path, *, folder: Path) -> Proposal:
    """Looks at labelled texts and proposes a configuration.

    Args:
        data: A file, a folder with one sub-folder a class, or a folder with a file
            called train and perhaps dev and test.
        folder: Where the configuration will lie; paths are written relative to it.

    Raises:
        DataError: The data cannot be read, or no columns look like texts and labels.
    """
    files = _split_files(data)
    found = sniff(files["train"])
    paths = {split: _relative(path, folder) for split, path in files.items()}
    fractions = {
        f"{split}_fraction": _HELD_OUT
        for split in ("dev", "test")
        if split not in files
    }
    text, why = _text(found)
    settings = {
        **RECOMMENDED,
        "name": _name(data),
        "data": {
            **paths,
            **fractions,
            "text": found.text,
            "label": found.label,
            "label_separator": found.separator,
        },
        "text": text,
        "training": _training(found),
    }
    notes = (*found.notes, f"recipe: {why}")
    return Proposal(settings, notes, _comments(found, text, why), found)


def _text(found: Sniffed) -> tuple[dict[str, Any], str]:
    """Returns how texts are cut, and why so; nothing is cut off."""
    median, _, longest = found.lengths
    if found.unit == "character":
        change, why = WITHOUT_BLANKS, "up to three characters in a row"
    elif median > _LONG:
        change = LONG_TEXTS
        why = (
            "up to four words in a row and no characters, as half of the texts have "
            f"more than {_LONG} words"
        )
    else:
        change = {}
        why = "the recommended one, words, pairs of words and characters inside words"
    whole = {"max_length": LONGEST} if longest > TextConfig().max_length else {}
    return {**RECOMMENDED["text"], **change, **whole}, why


def _training(found: Sniffed) -> dict[str, Any]:
    settings = dict(RECOMMENDED["training"])
    counts = [count for _, count in found.labels]
    if found.separator is not None or max(counts) > _UNBALANCED * min(counts):
        settings["monitor"] = "dev_macro_f1"
    return settings


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
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


def _name(data: Path) -> str:
    stem = data.resolve().name.split(".")[0]
    cleaned = re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("-._")
    return cleaned[:80] or "textclf"
