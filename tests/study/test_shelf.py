"""What is shared is made once, by whoever comes first, and whole."""

import threading

import pytest

from textclf.study.recent import Recent
from textclf.study.shelf import Shelf


def test_an_entry_is_made_once_and_read_by_all(tmp_path):
    shelf, made, read = Shelf(tmp_path / "shelf"), [], []

    def make(folder):
        made.append(1)
        (folder / "x").write_text("content")

    def ask():
        text = shelf.kept(
            "k", {"a": 1}, make=make, read=lambda p: (p / "x").read_text()
        )
        read.append(text)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (made, read) == ([1], ["content"] * 8)


def test_other_facts_are_another_entry(tmp_path):
    shelf = Shelf(tmp_path)
    for number in (1, 2):
        shelf.kept(
            "k",
            {"a": number},
            make=lambda folder, n=number: (folder / "x").write_text(str(n)),
            read=lambda place: None,
        )
    assert sorted(p.read_text() for p in tmp_path.glob("k-*/x")) == ["1", "2"]


def test_an_entry_that_could_not_be_made_is_not_there(tmp_path):
    def fail(folder):
        (folder / "half").write_text("x")
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        Shelf(tmp_path).kept("k", {}, make=fail, read=lambda place: None)
    assert not list(tmp_path.glob("k-*"))


def test_recent_things_are_remembered_and_old_ones_made_again():
    made = []

    def make(key):
        made.append(key)
        return key

    recent = Recent(2)
    for key in ("a", "b", "a", "c", "a", "b"):
        assert recent.of(key, lambda k=key: make(k)) == key
    assert made == ["a", "b", "c", "b"]


def test_one_thing_is_remembered_however_heavy():
    recent = Recent(1.0, weight=lambda thing: 5.0)
    first = recent.of("a", object)
    assert recent.of("a", object) is first
