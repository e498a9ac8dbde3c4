"""Tables in the cache: the same as in memory, and no older than their file."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from tests.listening import Listener
from textclf.config.schema import DataConfig
from textclf.data.copies import keys_of
from textclf.data.dataset import load_splits
from textclf.data.sources import read_sources
from textclf.data.stored import StoredTexts
from textclf.data.stored_table import table_of
from textclf.data.tables import Table, read_table
from textclf.errors import DataError

ROWS = [(f"text {at % 50}\n" + "é😀" * (at % 3), "ab c"[at % 4]) for at in range(5000)]
ROWS = [(text, label.replace(" ", "|")) for text, label in ROWS]
ENDINGS = [".csv", ".tsv", ".jsonl", ".csv.gz", ".parquet", ""]


def planted(folder: Path, ending: str) -> Path:
    path = folder / f"data{ending}"
    frame = pl.DataFrame(ROWS, schema=["text", "label"], orient="row")
    if ending == ".parquet":
        frame.write_parquet(path)
    elif ending == ".jsonl":
        frame.write_ndjson(path)
    elif ending == "":
        for at, (text, label) in enumerate(ROWS[:40]):
            (path / label).mkdir(parents=True, exist_ok=True)
            (path / label / f"{at}.txt").write_text(text)
    else:
        frame.write_csv(
            path.with_suffix(""), separator="," if "csv" in ending else "\t"
        )
        path.with_suffix("").rename(path)
    if ending == ".csv.gz":
        import gzip

        path.write_bytes(gzip.compress(path.read_bytes()))
    return path


def cached(path: Path, cache: Path, **reading: Any) -> tuple[Table, str]:
    """Returns the table, and the word that tells whether the cache was there."""
    listener = Listener()
    reading = {"text": "text", "label": "label"} | reading
    table = table_of(path, cache=str(cache), progress=listener, **reading)
    return table, listener.said[-1].split()[0]


@pytest.mark.parametrize("ending", ENDINGS)
def test_it_is_the_table_that_is_read_without_a_cache(
    tmp_path: Path, ending: str
) -> None:
    path = planted(tmp_path, ending)
    plain = read_table(path, text="text", label="label")
    for word in ("writing", "read"):
        table, said = cached(path, tmp_path / "cache")
        assert said == word
        assert isinstance(table.texts, StoredTexts)
        rows = np.arange(len(plain))[::-7]
        for one, other in ((table, plain), (table.take(rows), plain.take(rows))):
            assert list(one.texts) == other.texts
            assert one.labels == other.labels
            assert one.lines.tolist() == other.lines.tolist()
            assert one.place(3) == other.place(3)
            assert list(one.members) == list(other.members)
            assert one.keys is not None
            assert (one.keys == keys_of(other.texts)).all()
        assert (table.source, table.replaced) == (plain.source, plain.replaced)
    assert len(list((tmp_path / "cache").glob("table-*"))) == 1


@pytest.mark.parametrize("ending", [".csv", ""])
def test_a_changed_file_is_read_anew(tmp_path: Path, ending: str) -> None:
    path = planted(tmp_path, ending)
    cached(path, tmp_path / "cache")
    file = path if ending else path / "a" / "0.txt"
    old = file.stat()
    file.write_bytes(file.read_bytes().replace(b"text 0", b"TEXT 0", 1))
    if ending:  # size and time are as before: the content is not
        os.utime(file, ns=(old.st_atime_ns, old.st_mtime_ns))
    table, said = cached(path, tmp_path / "cache")
    assert said == "writing"
    assert table.texts[0].startswith("TEXT 0")
    assert len(list((tmp_path / "cache").glob("table-*"))) == 1


def test_a_file_that_was_only_touched_is_not(tmp_path: Path) -> None:
    path = planted(tmp_path, ".csv")
    cached(path, tmp_path / "cache")
    os.utime(path, ns=(1, 1))
    assert cached(path, tmp_path / "cache")[1] == "read"


def test_other_readings_are_other_entries(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"text,label,other\none \xe9,a,x\ntwo,b,y\n")
    latin: dict[str, Any] = {"encoding": "latin-1"}
    lossy: dict[str, Any] = {"encoding_errors": "replace"}
    for word in ("writing", "read"):
        table, said = cached(path, tmp_path / "cache", **latin)
        assert (list(table.texts), said) == (["one é", "two"], word)
        table, said = cached(path, tmp_path / "cache", **lossy)
        assert (list(table.texts), said) == (["one \ufffd", "two"], word)
        assert table.replaced == 1
        table, said = cached(path, tmp_path / "cache", **latin, label="other")
        assert (table.labels, said) == (["x", "y"], word)
    with pytest.raises(DataError, match="0xe9"):
        cached(path, tmp_path / "cache")
    assert len(list((tmp_path / "cache").glob("table-*"))) == 3


@pytest.mark.parametrize("separator", [None, "|"])
def test_splits_are_the_same_with_and_without(
    tmp_path: Path, separator: str | None
) -> None:
    path = planted(tmp_path, ".csv")
    given: dict[str, Any] = {"label_separator": separator, "test_fraction": 0.2}

    def splits(**more: Any) -> Any:
        config = DataConfig(train=str(path), **given, **more)
        return load_splits(config, read_sources(config, folders=[]), seed=3)

    plain = splits()
    for _ in range(2):
        stored = splits(cache=str(tmp_path / "cache"))
        for part in ("train", "dev", "test"):
            one, other = getattr(stored, part), getattr(plain, part)
            assert one.digest() == other.digest()
            assert list(one.texts) == other.texts
            assert (one.targets == other.targets).all()
        assert stored.notes == plain.notes
        assert stored.sources == plain.sources


def test_faults_of_the_file_are_told_and_nothing_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,label\n" + "a,b\n" * 9000 + "a,b,c\n")
    with pytest.raises(DataError, match=r"a\.csv:9002"):
        cached(path, tmp_path / "cache")
    path.write_text("text,label\n")
    with pytest.raises(DataError, match="no rows"):
        cached(path, tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("*table*"))


def test_a_full_disk_ends_with_advice_and_leaves_nothing(tmp_path: Path) -> None:  # 45
    path, cache = planted(tmp_path, ".csv"), tmp_path / "cache"
    config = tmp_path / "c.yaml"
    config.write_text(f"data: {{train: {path}, cache: {cache}}}\n")
    code = """
import resource, sys
from textclf.cli.main import entry
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
sys.argv = ["textclf", "train", "--config", sys.argv[1], "--run-dir", sys.argv[2]]
entry()
"""
    words = [sys.executable, "-c", code, str(config), str(tmp_path / "run")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert done.returncode == 6
    assert "free some space" in done.stderr and "Traceback" not in done.stderr
    assert not list(cache.glob("*table*")) and not list(cache.glob(".textclf-tmp*"))
    assert not (tmp_path / "run").exists()
