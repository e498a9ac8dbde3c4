import csv
import dataclasses
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from textclf.data.catalogue import Entry, Source, catalogue, entry_named
from textclf.data.convert import CONVERTERS
from textclf.data.locate import locate
from textclf.errors import ConfigError

REQUIRED = {
    *(
        "mr",
        "sst1",
        "sst2",
        "sst1_phrases",
        "sst2_phrases",
        "subj",
        "trec",
        "trec_fine",
        "imdb",
        "ag_news",
        "banking77",
    ),
    *("go_emotions", "sms_spam", "twenty_newsgroups", "reuters_r8", "chnsenticorp"),
    *("tweet_emotion", "germeval2018", "polarity_v2", "astd", "sample"),
}


def test_the_catalogue_has_what_was_promised() -> None:
    assert set(catalogue()) >= REQUIRED
    assert list(catalogue()) == sorted(catalogue())


@pytest.mark.parametrize("entry", catalogue().values(), ids=lambda entry: entry.name)
def test_every_entry_says_where_it_comes_from(entry: Entry) -> None:
    assert entry.licence
    assert "\n" not in entry.task
    assert len(set(entry.classes)) == len(entry.classes)
    if entry.bundled is None:
        assert entry.homepage and entry.citation
        assert entry.converter in CONVERTERS
    for source in entry.sources:
        assert source.address.startswith("https://")
        assert source.file == source.file.strip("./")


def test_every_converter_is_used() -> None:
    assert {e.converter for e in catalogue().values()} - {None} == set(CONVERTERS)


def test_a_wrong_name_gets_the_nearest_and_the_list() -> None:
    with pytest.raises(ConfigError) as fault:
        entry_named("SST-2")
    assert "did you mean sst2" in str(fault.value)
    assert all(name in str(fault.value) for name in catalogue())
    with pytest.raises(ConfigError, match="data list"):
        entry_named("\x1b[31mzzzz")


BAD = [
    {"name": "No Name"},
    {"splits": {}},
    {"kind": "regression"},
    {"classes": ("one", "one")},
    {"label_separator": "|"},
    {"sources": ()},
    {"converter": None},
    {"bundled": "sample/reviews.csv"},
    {"unlabelled": ("unsup",)},
]


@pytest.mark.parametrize("change", BAD, ids=str)
def test_an_entry_checks_itself(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="expected|may lack"):
        dataclasses.replace(catalogue()["sst2"], **change)


@pytest.mark.parametrize(
    "change",
    [
        {"file": "../up"},
        {"form": "rar"},
        {"members": ()},
        {"form": "plain"},
        {"checksum": "sha256:12"},
    ],
    ids=str,
)
def test_a_source_checks_itself(change: dict[str, object]) -> None:
    source = Source("a.zip", "zip", "https://example.org/a.zip", ("a.txt",))
    with pytest.raises(ValueError, match="expected"):
        dataclasses.replace(source, **change)


def test_looking_things_up_imports_nothing_heavy() -> None:
    code = (
        "import sys, textclf.data.catalogue as c, textclf.data.locate; c.catalogue();"
        "print([m for m in ('numpy', 'polars', 'keras', 'tensorflow', 'sklearn')"
        " if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


# What is made of another data set's files is tried in test_trees.py.
NAMES = [n for n, e in catalogue().items() if not (e.bundled or e.unpacked)]


@pytest.mark.parametrize("name", NAMES)
def test_rows_and_labels_are_those_of_the_real_data(name: str, shared: Path) -> None:
    found = locate(
        name, environ={"TEXTCLF_DATA": str(shared / "data")}, cache=shared / "none"
    )
    assert found is not None
    entry = found.entry
    labels: set[str] = set()
    for split, path in found.files.items():
        cells = list(_labels(path, entry, split))
        assert len(cells) == found.rows[split], split
        separator = entry.label_separator
        labels.update(*(c.split(separator) if separator else (c,) for c in cells if c))
    assert labels == set(entry.classes)


def _labels(path: Path, entry: Entry, split: str) -> Iterator[str]:
    if path.suffix == ".parquet":
        file = pq.ParquetFile(path)
        assert tuple(file.schema_arrow.names) == entry.columns(split)
        if split in entry.unlabelled:
            yield from [""] * file.metadata.num_rows
        else:
            yield from file.read([entry.label])[entry.label].to_pylist()
        return
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        assert tuple(reader.fieldnames or ()) == entry.columns(split)
        yield from (row[entry.label] for row in reader)


def test_the_smaller_news_set_is_known_to_be_smaller(shared: Path) -> None:
    environ = {"TEXTCLF_DATA": str(shared / "data")}
    found = locate("ag_news", environ=environ, cache=shared / "none")
    assert found is not None
    assert found.folder.name == "ag_news_20k"
    assert found.is_subset
    assert found.rows == {"train": 20_000, "test": 7_600}
    assert found.entry.splits["train"] == 120_000
