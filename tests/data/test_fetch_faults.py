import dataclasses
from pathlib import Path
from typing import Any

import pytest

from tests.data.authors import fetched, leaves_nothing, served, without_published
from textclf.data.catalogue import Entry
from textclf.errors import ArtefactError, ResourceError


def test_without_network_the_way_out_is_shown(server: Any, tmp_path: Path) -> None:
    entry = served("sst2", server)
    server.files.clear()
    with pytest.raises(ResourceError) as fault:
        fetched(entry, server, tmp_path)
    message = str(fault.value)
    for part in (entry.sources[0].address, str(tmp_path), "TEXTCLF_DATA=", "train.csv"):
        assert part in message
    assert leaves_nothing(tmp_path)


def _other_bytes(entry: Entry, server: Any) -> Entry:
    path = f"/{entry.sources[-1].file}"
    server.files[path] = bytes(reversed(server.files[path]))
    return entry


def _damaged_archive(entry: Entry, server: Any) -> Entry:
    return without_published(_other_bytes(entry, server))


def _other_rows(entry: Entry, server: Any) -> Entry:
    return dataclasses.replace(entry, splits={"all": 7})


@pytest.mark.parametrize("spoil", [_other_bytes, _damaged_archive, _other_rows])
def test_another_file_is_refused_and_leaves_nothing(
    server: Any, tmp_path: Path, spoil: Any
) -> None:
    entry = spoil(served("mr", server), server)
    with pytest.raises(ArtefactError):
        fetched(entry, server, tmp_path)
    assert leaves_nothing(tmp_path)


def test_a_fault_in_the_second_file_leaves_nothing(server: Any, tmp_path: Path) -> None:
    entry = served("trec", server)
    del server.files["/test.label"]
    with pytest.raises(ResourceError, match="404"):
        fetched(entry, server, tmp_path)
    assert leaves_nothing(tmp_path)


def test_a_cache_that_cannot_be_made_is_an_error(server: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ResourceError, match="XDG_CACHE_HOME"):
        fetched(served("trec", server), server, tmp_path / "file" / "cache")
