"""Sources: paths found beside the configuration first, then where one works."""

from pathlib import Path

import pytest

from tests.listening import Listener
from textclf.config.schema import DataConfig
from textclf.data.sources import Sources, find_path, read_sources
from textclf.data.tables import read_table
from textclf.errors import ConfigError, DataError


def planted(path: Path, label: str = "a") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"body,kind\ntext,{label}\n")
    return path


def test_the_first_folder_wins_and_is_told(tmp_path: Path) -> None:
    first = planted(tmp_path / "config" / "a.csv", "first")
    planted(tmp_path / "work" / "a.csv", "second")
    other = planted(tmp_path / "work" / "b.csv", "other")
    config = DataConfig(train="a.csv", test="b.csv", text="body", label="kind")
    listener = Listener()
    folders = [tmp_path / "config", tmp_path / "work"]
    sources = read_sources(config, folders=folders, progress=listener)
    assert sources.train.labels == ["first"]
    assert sources.dev is None
    assert sources.test is not None
    assert sources.test.labels == ["other"]
    assert listener.said == [f"train: reading {first}", f"test: reading {other}"]


def test_absolute_paths_and_homes_are_taken_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = planted(tmp_path / "a.csv")
    elsewhere = [tmp_path / "none"]
    assert find_path(str(path), key="data.train", folders=elsewhere) == path
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_path("~/a.csv", key="data.train", folders=elsewhere) == path


@pytest.mark.parametrize("name", ["no.csv", "nul\0.csv", "x" * 5000])
def test_what_is_not_found_names_the_key_and_all_places(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(DataError, match=r"^data\.dev: no such file.*/a/.*/b/"):
        find_path(name, key="data.dev", folders=[tmp_path / "a", tmp_path / "b"])


def test_encoding_reaches_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("text,label\né,a\n".encode("latin-1"))
    config = DataConfig(train=str(path), encoding="latin-1")
    assert read_sources(config, folders=[]).train.texts == ["é"]
    config = DataConfig(train=str(path), encoding_errors="replace")
    assert read_sources(config, folders=[]).train.replaced == 1


def test_sources_need_paths_and_labels(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"data\.train"):
        read_sources(DataConfig(dataset="sst2"), folders=[])
    table = read_table(planted(tmp_path / "a.csv"), text="body", label=None)
    with pytest.raises(ValueError, match="labels expected"):
        Sources(table)
