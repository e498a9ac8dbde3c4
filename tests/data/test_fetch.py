import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.data.authors import fetched, served, without_published
from tests.data.published import PUBLISHED
from textclf.data.catalogue import Source, catalogue
from textclf.data.fetch import fetch
from textclf.data.locate import locate


def test_every_data_set_of_the_catalogue_is_tried() -> None:
    assert set(PUBLISHED) == {n for n, e in catalogue().items() if e.sources}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_data_set_is_fetched_and_converted(
    server: Any, tmp_path: Path, name: str
) -> None:
    entry = served(name, server)
    found = fetched(entry, server, tmp_path)
    assert (found.origin, found.folder) == ("cache", tmp_path / name)
    expected = PUBLISHED[name][1]
    assert set(found.files) == set(expected)
    for split, path in found.files.items():
        table = pl.read_parquet(path)
        assert tuple(table.columns) == entry.columns(split)
        assert table.rows() == expected[split]
    again = locate(name, environ={}, cache=tmp_path)
    assert again is not None and dict(again.files) == dict(found.files)


def test_the_second_time_nobody_is_asked(server: Any, tmp_path: Path) -> None:
    entry = served("trec", server)
    first = fetched(entry, server, tmp_path)
    asked = list(server.asked)
    assert fetched(entry, server, tmp_path) == first
    assert server.asked == asked == ["/train.label", "/test.label"]


def test_where_it_came_from_is_kept(server: Any, tmp_path: Path) -> None:
    entry = served("sms_spam", server)
    folder = fetched(entry, server, tmp_path).folder
    origin = json.loads((folder / "origin.json").read_text(encoding="utf-8"))
    source = entry.sources[0]
    assert origin["sources"] == [
        {
            "address": source.address,
            "sha256": (source.checksum or "").removeprefix("sha256:"),
        }
    ]
    assert origin["rows"] == {"all": 2}
    assert sorted(p.name for p in folder.iterdir()) == ["all.parquet", "origin.json"]


def test_the_sample_needs_no_network(tmp_path: Path) -> None:
    found = fetch(catalogue()["sample"], cache=tmp_path / "never", environ={})
    assert found.origin == "bundled"
    assert not (tmp_path / "never").exists()


def test_an_incomplete_copy_is_replaced(server: Any, tmp_path: Path) -> None:
    entry = served("trec", server)
    (fetched(entry, server, tmp_path).folder / "test.parquet").unlink()
    found = fetched(entry, server, tmp_path)
    assert set(found.files) == {"train", "test"}
    assert sorted(p.name for p in tmp_path.iterdir()) == [".work", "trec"]


def test_a_bare_source_needs_no_checksum(server: Any, tmp_path: Path) -> None:
    entry = without_published(served("subj", server))
    assert isinstance(entry.sources[0], Source)
    assert fetched(entry, server, tmp_path).files
