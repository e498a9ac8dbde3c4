"""The cache: an entry is used whole and undamaged, or it is made anew."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.listening import Listener
from textclf.data.cache import MANIFEST, Cache
from textclf.errors import ConfigError, ResourceError
from textclf.files import locked

FACTS = {"of": "one"}


def kept(folder: Path, facts: dict[str, Any] = FACTS, content: str = "abc") -> str:
    """Makes or reads an entry; says `made` where it was made."""
    listener = Listener()

    def make(stage: Path) -> None:
        (stage / "inner").mkdir()
        (stage / "inner" / "text").write_text(content)
        (stage / "size").write_text(str(len(content)))

    def read(place: Path) -> str:
        return (place / "inner" / "text").read_text()

    read_back = Cache.open(folder).kept(
        "entry", facts, make=make, read=read, progress=listener
    )
    assert read_back == content
    assert str(folder / "entry") in listener.said[-1]
    return "made" if "writing" in listener.said[-1] else "found"


def test_an_entry_is_made_once_for_the_same_facts(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "cache"
    assert kept(folder) == "made"
    assert kept(folder) == "found"
    assert kept(folder, {"of": "two"}, "other") == "made"
    assert kept(folder, {"of": "two"}, "other") == "found"
    assert kept(folder) == "made"


@pytest.mark.parametrize("member", ["inner/text", "size", MANIFEST])
@pytest.mark.parametrize("damage", ["gone", "empty", "shorter", "flipped", "longer"])
def test_a_damaged_entry_is_never_used(  # row 51
    tmp_path: Path, member: str, damage: str
) -> None:
    kept(tmp_path)
    path = tmp_path / "entry" / member
    old = path.read_bytes()
    flipped = bytes([old[0] ^ 1]) + old[1:]
    new = {"empty": b"", "shorter": old[:-2], "flipped": flipped, "longer": old + b"x"}
    path.unlink()
    if damage != "gone":
        path.write_bytes(new[damage])
    assert kept(tmp_path) == "made"
    assert kept(tmp_path) == "found"


def test_an_entry_with_more_in_it_is_not_ours(tmp_path: Path) -> None:  # row 52
    kept(tmp_path)
    (tmp_path / "entry" / "more").write_text("x")
    assert kept(tmp_path) == "made"
    assert not (tmp_path / "entry" / "more").exists()


@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "No space"), ValueError("x")])
def test_what_fails_leaves_nothing(tmp_path: Path, fault: Exception) -> None:  # row 45
    def make(stage: Path) -> None:
        (stage / "half").write_text("half")
        raise fault

    full = isinstance(fault, OSError)
    with pytest.raises(ResourceError if full else ValueError) as caught:
        Cache.open(tmp_path).kept("entry", FACTS, make=make, read=str)
    if full:
        told = str(caught.value)
        assert str(tmp_path) in told and "No space" in told and "data.cache" in told
    assert not any("entry" in e.name or "tmp" in e.name for e in tmp_path.iterdir())
    assert kept(tmp_path) == "made"


def test_a_killed_process_leaves_nothing_that_is_used(tmp_path: Path) -> None:  # 39
    code = """
import os, signal, sys
from pathlib import Path
from tests.listening import Listener
from textclf.data.cache import Cache

def make(stage):
    (stage / "half").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)

Cache.open(Path(sys.argv[1])).kept("entry", {"of": "one"}, make=make, read=str)
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert len(list(tmp_path.glob(".textclf-tmp-*"))) == 1
    assert kept(tmp_path) == "made"
    assert not list(tmp_path.glob(".textclf-tmp-*"))


def test_one_process_at_a_time(tmp_path: Path) -> None:  # row 49
    kept(tmp_path)
    with (
        locked(tmp_path / ".textclf-lock"),
        pytest.raises(ResourceError, match=r"another process.*wait"),
    ):
        kept(tmp_path)
    assert kept(tmp_path) == "found"


@pytest.mark.parametrize("name", ["thesis.txt", "manifest.json", ".profile"])
def test_a_folder_of_others_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("{}")
    with pytest.raises(ConfigError, match=r"data\.cache.*other things.*new folder"):
        kept(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_cache_of_another_format_is_left_alone(tmp_path: Path) -> None:  # row 53
    kept(tmp_path)
    mark = tmp_path / "textclf-cache.json"
    mark.write_text(mark.read_text().replace("1", "2"))
    with pytest.raises(ConfigError, match="this version"):
        kept(tmp_path)
    assert (tmp_path / "entry" / "size").exists()


def test_a_cache_that_was_only_begun_is_taken_up(tmp_path: Path) -> None:
    (tmp_path / ".textclf-tmp-abc").write_text("half a mark")
    assert kept(tmp_path) == "made"
    assert not (tmp_path / ".textclf-tmp-abc").exists()


def test_a_place_that_cannot_be_a_folder_is_told(tmp_path: Path) -> None:  # row 7
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigError, match=r"data\.cache.*got a file"):
        Cache.open(tmp_path / "file")
    for path in (tmp_path / "file" / "inner", Path("nul\0")):
        with pytest.raises(ResourceError, match=r"data\.cache.*can be written"):
            Cache.open(path)
    if os.geteuid():
        (tmp_path / "shut").mkdir(mode=0o500)
        with pytest.raises(ResourceError):
            kept(tmp_path / "shut")
