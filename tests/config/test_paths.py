"""Where a path of a configuration leads."""

from pathlib import Path

import pytest

from textclf.config.paths import path_notes, resolve_path, with_absolute_paths
from textclf.config.schema import Config, DataConfig


@pytest.fixture
def folders(tmp_path, monkeypatch) -> tuple[Path, Path]:
    beside, working = tmp_path / "configs", tmp_path / "work"
    beside.mkdir()
    working.mkdir()
    monkeypatch.chdir(working)
    return beside, working


@pytest.mark.parametrize(
    ("there", "base", "found"),
    [
        (("beside", "working"), "config", True),
        (("beside",), "config", True),
        (("working",), "working", True),
        ((), "config", False),
    ],
)
def test_the_place_of_the_config_wins_over_the_working_directory(
    folders, there, base, found
):
    beside, working = folders
    for folder in (beside, working):
        name = "beside" if folder == beside else "working"
        if name in there:
            (folder / "a.csv").write_text("x")
    resolved = resolve_path("a.csv", beside)
    winner, loser = (beside, working) if base == "config" else (working, beside)
    assert resolved.path == winner / "a.csv"
    assert resolved.other == loser / "a.csv"
    assert (resolved.base, resolved.found) == (base, found)


def test_folders_count_as_found(folders):
    beside, _ = folders
    (beside / "classes").mkdir()
    assert resolve_path("classes", beside).found


def test_absolute_paths_and_home_stay_what_they_are(folders, monkeypatch):
    beside, working = folders
    monkeypatch.setenv("HOME", str(working))
    assert resolve_path("/x/a.csv", beside).path == Path("/x/a.csv")
    assert resolve_path("~/a.csv", beside).path == working / "a.csv"
    assert resolve_path("~nobody-here/a", beside).path == beside / "~nobody-here/a"


def test_a_relative_config_folder_gives_absolute_paths(folders):
    _, working = folders
    (working / "sub").mkdir()
    assert resolve_path("a.csv", Path("sub")).path == working / "sub/a.csv"
    assert resolve_path("a.csv", None).path == working / "a.csv"


@pytest.mark.parametrize("value", ["", "\x00", "x" * 5000, "a/" * 3000])
def test_impossible_paths_are_left_to_the_readers(folders, value):
    assert resolve_path(value, folders[0]).path.is_absolute()


def test_a_file_that_is_nowhere_names_both_places_once(folders):
    beside, working = folders
    config = Config(data=DataConfig(train="a.csv", dev="/abs.csv"))
    (note,) = path_notes(config, beside)
    assert f"neither {beside / 'a.csv'} nor {working / 'a.csv'}" in note
    (note,) = path_notes(config, working)
    assert note.endswith(f"a.csv is not there: no file or folder {working / 'a.csv'}")
    (note,) = path_notes(config, None)
    assert note.endswith(f"a.csv is not there: no file or folder {working / 'a.csv'}")


def test_a_cache_need_not_be_there(folders):
    beside, working = folders
    config = Config(data=DataConfig(train="/abs.csv", cache="cache"))
    assert path_notes(config, beside) == ()
    made = with_absolute_paths(config, beside)
    assert made.data.cache == str(beside / "cache")
    (working / "cache").mkdir()
    assert with_absolute_paths(config, beside).data.cache == str(working / "cache")
    (note,) = path_notes(config, beside)
    assert "in the working directory" in note
