"""From the files as their authors publish them to one Parquet file per split."""

import csv
import itertools
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from textclf.data import raw_forms
from textclf.data.catalogue import Entry
from textclf.data.raw_forms import Row
from textclf.data.unpack import CAPS, Caps, Member, read_members
from textclf.errors import ArtefactError, one_of, printable
from textclf.progress import SILENT, Progress

Converter = Callable[[Iterator[Member], tuple[str, ...]], dict[str, list[Row]]]

CONVERTERS: Mapping[str, Converter] = MappingProxyType(
    {
        "ag_news": raw_forms.ag_news,
        "astd": raw_forms.astd,
        "banking77": raw_forms.banking77,
        "chnsenticorp": raw_forms.chnsenticorp,
        "germeval2018": raw_forms.germeval2018,
        "go_emotions": raw_forms.go_emotions,
        "imdb": raw_forms.imdb,
        "mr": raw_forms.mr,
        "polarity_v2": raw_forms.polarity_v2,
        "reuters_r8": raw_forms.reuters_r8,
        "sms_spam": raw_forms.sms_spam,
        "sst1": raw_forms.sst1,
        "sst1_phrases": raw_forms.sst1_phrases,
        "sst2": raw_forms.sst2,
        "sst2_phrases": raw_forms.sst2_phrases,
        "subj": raw_forms.subj,
        "trec": raw_forms.trec,
        "trec_fine": raw_forms.trec_fine,
        "tweet_emotion": raw_forms.tweet_emotion,
        "twenty_newsgroups": raw_forms.twenty_newsgroups,
    }
)
"""The converter of each name that the catalogue uses."""


def convert(
    entry: Entry,
    downloads: Path,
    folder: Path,
    *,
    caps: Caps = CAPS,
    progress: Progress = SILENT,
) -> dict[str, int]:
    """Writes each split of a data set as `folder/split.parquet`.

    Args:
        entry: The data set.
        downloads: The folder with the files of its sources.
        folder: An existing, empty folder.
        caps: What each archive may unpack to.
        progress: Hears how far it is.

    Returns:
        The number of rows of each split.

    Raises:
        ArtefactError: A file is not in the form that it had when it was catalogued, or
            rows or labels are not those of the catalogue.
    """
    splits = read_splits(entry, downloads, caps=caps, progress=progress)
    for split, rows in splits.items():
        _write(rows, folder / f"{split}.parquet", columns=entry.columns(split))
    return {split: len(rows) for split, rows in splits.items()}


def read_splits(
    entry: Entry, downloads: Path, *, caps: Caps = CAPS, progress: Progress = SILENT
) -> dict[str, list[Row]]:
    """Returns the rows of each split, in the order of `entry.columns(split)`.

    Raises:
        ArtefactError: As `convert`.
    """
    members = itertools.chain.from_iterable(
        read_members(
            downloads / source.file, form=source.form, wanted=source.members, caps=caps
        )
        for source in entry.sources
    )
    try:
        with progress.task(f"convert {entry.name}") as task:
            splits = CONVERTERS[entry.converter or ""](
                _counted(members, task.advance), entry.classes
            )
    except (ValueError, LookupError, StopIteration, csv.Error) as fault:
        reason = printable(f"{type(fault).__name__}: {fault}", limit=200)
        raise _changed(entry, f"got files in another form ({reason})") from fault
    _check(entry, splits)
    return splits


def _counted(
    members: Iterator[Member], advance: Callable[[], None]
) -> Iterator[Member]:
    for member in members:
        advance()
        yield member


def _check(entry: Entry, splits: Mapping[str, list[Row]]) -> None:
    expected = {**entry.splits, **entry.extra_splits}
    for split, rows in expected.items():
        got = len(splits.get(split, ()))
        if rows is not None and got != rows:
            raise _changed(entry, f"got {got:,} rows in {split}, expected {rows:,}")
    for split in expected.keys() - set(entry.unlabelled):
        unknown = _labels(splits[split], entry.label_separator) - set(entry.classes)
        if unknown:
            raise _changed(
                entry,
                f"got labels {one_of(map(repr, sorted(unknown)), limit=5)} in {split}",
            )


def _labels(rows: list[Row], separator: str | None) -> set[str]:
    cells = {str(row[1]) for row in rows}
    if separator is None:
        return cells
    return {label for cell in cells if cell for label in cell.split(separator)}


def _changed(entry: Entry, problem: str) -> ArtefactError:
    return ArtefactError(
        f"{problem}: not what the catalogue describes",
        where=entry.name,
        fix="its source seems to have changed; set TEXTCLF_DATA to another copy",
    )


def _write(rows: list[Row], path: Path, *, columns: tuple[str, ...]) -> None:
    import polars as pl

    frame = pl.DataFrame(
        {name: [row[i] for row in rows] for i, name in enumerate(columns)}
    )
    frame.write_parquet(path, compression="zstd")
