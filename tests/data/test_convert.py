import csv
import dataclasses
import io
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from textclf.data.catalogue import Entry, Source, catalogue
from textclf.data.convert import convert, read_splits
from textclf.data.raw_forms import Row
from textclf.errors import ArtefactError


def _plain(name: str, files: dict[str, bytes], folder: Path, rows: int) -> Entry:
    """The entry as if `files` were all it has, each a split of that many rows."""
    for file, content in files.items():
        (folder / file).write_bytes(content)
    sources = tuple(Source(file, "plain", "https://example.org/") for file in files)
    splits = {Path(file).stem: rows for file in files}
    return dataclasses.replace(catalogue()[name], sources=sources, splits=splits)


def _refuses(entry: Entry, folder: Path, match: str) -> None:
    with pytest.raises(ArtefactError, match=match) as fault:
        read_splits(entry, folder)
    assert f"{entry.name}: " in str(fault.value)
    assert "TEXTCLF_DATA" in str(fault.value)


def test_a_split_becomes_one_parquet_file(tmp_path: Path) -> None:
    content = b'"3","A ""quoted"" title","and\nmore"\n"4","b","c \\ d"\n'
    entry = _plain("ag_news", {"train.csv": content}, tmp_path, 2)
    (tmp_path / "out").mkdir()
    assert convert(entry, tmp_path, tmp_path / "out") == {"train": 2}
    table = pl.read_parquet(tmp_path / "out" / "train.parquet")
    assert table.to_dict(as_series=False) == {
        "text": ['A "quoted" title and\nmore', "b c \\ d"],
        "label": ["Business", "Sci/Tech"],
    }
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["train.parquet"]


def test_lines_end_at_line_feeds_alone(tmp_path: Path) -> None:
    text = "one\x85two\u2028three\x0bfour"
    content = f"ham\t {text} \r\nspam\tx".encode()
    entry = _plain("sms_spam", {"all.txt": content}, tmp_path, 2)
    assert read_splits(entry, tmp_path)["all"] == [(f" {text} ", "ham"), ("x", "spam")]


def test_words_that_look_like_nothing_survive(tmp_path: Path) -> None:
    content = b"ham\tnull\nham\tNA\nham\t\nham\t01\n"
    entry = _plain("sms_spam", {"all.txt": content}, tmp_path, 4)
    (tmp_path / "out").mkdir()
    convert(entry, tmp_path, tmp_path / "out")
    table = pl.read_parquet(tmp_path / "out" / "all.parquet")
    assert table["text"].to_list() == ["null", "NA", "", "01"]


DAMAGED = [
    ("ag_news", {"train.csv": b'"0","a","b"\n'}, "another form"),
    ("ag_news", {"train.csv": b'"5","a","b"\n'}, "another form"),
    ("ag_news", {"train.csv": b'"1","a"\n'}, "another form"),
    ("ag_news", {"train.csv": b'"1","a","b\n'}, "another form"),
    (
        "banking77",
        {"train.csv": b"text,category\nx,lost_cat\n"},
        "got labels 'lost_cat'",
    ),
    ("germeval2018", {"train.txt": b"text\tOTHER\n"}, "another form"),
    ("go_emotions", {"train.tsv": b"text\t28\tid\n"}, "another form"),
    ("go_emotions", {"train.tsv": b"text\t-1\tid\n"}, "another form"),
    ("reuters_r8", {"train.txt": b"no tab\n"}, "another form"),
    ("reuters_r8", {"train.txt": b"<html>\tgone\n"}, "got labels '<html>'"),
    ("sms_spam", {"all.txt": b"\xff\ttext\n"}, "another form"),
    ("trec", {"train.label": b"\n"}, "got labels '' in train"),
    ("astd", {"t.txt": b"x\tPOS\n", "train.txt": b"-1\n"}, "another form"),
    ("astd", {"t.txt": b"x\tPOS\n", "train.txt": b"1\n"}, "another form"),
    ("tweet_emotion", {"a_text.txt": b"x\ny\n", "a_labels.txt": b"1\n"}, "another"),
    ("tweet_emotion", {"a_text.txt": b"x\n"}, "another form"),
]


@pytest.mark.parametrize(("name", "files", "match"), DAMAGED)
def test_another_form_is_refused(
    tmp_path: Path, name: str, files: dict[str, bytes], match: str
) -> None:
    entry = _plain(name, files, tmp_path, 1)
    first = min({"train", "all"} & set(entry.splits), default="a")
    _refuses(dataclasses.replace(entry, splits={first: 1}), tmp_path, match)


def test_another_number_of_rows_is_refused(tmp_path: Path) -> None:
    entry = _plain("reuters_r8", {"train.txt": b"earn\ta\n"}, tmp_path, 2)
    _refuses(entry, tmp_path, "got 1 rows in train, expected 2")


def test_the_clean_test_split_has_no_text_of_the_others(tmp_path: Path) -> None:
    head = "label\ttext_a\n"
    lines = {
        "train": "1\ta\n0\tb\n",
        "dev": "1\tc\n",
        "test": "1\ta\n0\td\n0\td\n1\te\n",
    }
    with tarfile.open(tmp_path / "chnsenticorp.tar.gz", "w:gz") as archive:
        for split, text in lines.items():
            info = tarfile.TarInfo(f"chnsenticorp/{split}.tsv")
            info.size = len(head + text)
            archive.addfile(info, io.BytesIO((head + text).encode()))
    entry = dataclasses.replace(
        catalogue()["chnsenticorp"],
        splits={"train": 2, "dev": 1, "test": 4},
        extra_splits={"test_nodup": 2},
    )
    splits = read_splits(entry, tmp_path)
    assert splits["test_nodup"] == [("d", "negative"), ("e", "positive")]


def _real(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [(row["text"], row["label"]) for row in csv.DictReader(stream)]


def test_the_published_sentences_give_the_known_table(
    shared: Path, tmp_path: Path
) -> None:
    raw = shared / "data" / "mr" / "raw"
    with tarfile.open(tmp_path / "rt-polaritydata.tar.gz", "w:gz") as archive:
        for name in ("rt-polarity.neg", "rt-polarity.pos"):
            archive.add(raw / name, arcname=f"rt-polaritydata/{name}")
    splits = read_splits(catalogue()["mr"], tmp_path)
    assert splits["all"] == _real(shared / "data" / "mr" / "all.csv")


@pytest.mark.parametrize("name", ["sst1", "sst2"])
def test_the_published_trees_give_the_known_tables(
    shared: Path, tmp_path: Path, name: str
) -> None:
    with zipfile.ZipFile(tmp_path / "trees.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for split in ("train", "dev", "test"):
            trees = shared / "data" / "sst_trees" / f"{split}.trees.txt"
            archive.write(trees, arcname=f"trees/{split}.txt")
    splits = read_splits(catalogue()[name], tmp_path)
    for split, rows in splits.items():
        # The known tables are in another order.
        assert Counter(rows) == Counter(_real(shared / "data" / name / f"{split}.csv"))
