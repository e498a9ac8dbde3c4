"""The store: nothing that was told is lost, torn ends are cut, the last one counts."""

import errno
import json
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.study.frames import record
from textclf.errors import ArtefactError, ResourceError
from textclf.study.packing import pack, unpack
from textclf.study.records import Record
from textclf.study.store import FILE, Store

CELL = {"dim": "2"}


def filled(folder, count=3):
    store = Store.open(folder)
    for seed in range(count):
        store.append(record(CELL, seed, 0.5 + seed / 100))
    return store


def test_what_was_appended_is_read_again(tmp_path):
    written = list(filled(tmp_path))
    assert list(Store.open(tmp_path)) == written


def test_a_missing_store_is_empty(tmp_path):
    assert len(Store.open(tmp_path)) == 0


def test_a_line_cut_anywhere_is_dropped_and_the_next_record_is_whole(tmp_path):
    filled(tmp_path)
    path = tmp_path / FILE
    content = path.read_bytes()
    start = content[:-1].rindex(b"\n") + 1
    for end in range(start, len(content), 97):
        path.write_bytes(content[:end])
        store = Store.open(tmp_path)
        assert len(store) == 2
        store.append(record(CELL, 9, 0.9))
        assert [r.trial.seed for r in Store.open(tmp_path)] == [0, 1, 9]


def test_the_last_record_of_a_trial_counts(tmp_path):
    store = filled(tmp_path)
    store.append(record(CELL, 1, 0.99))
    again = Store.open(tmp_path)
    assert len(again) == 3
    assert again.of(record(CELL, 1, None).trial).scores["accuracy"] == 0.99


def test_a_forgotten_trial_is_wanted_again(tmp_path):
    store = filled(tmp_path)
    trial = record(CELL, 1, None).trial
    store.forget(trial)
    assert trial not in store
    assert trial not in Store.open(tmp_path)
    assert len((tmp_path / FILE).read_text().splitlines()) == 4


@pytest.mark.parametrize(
    "line",
    [
        "{no json}",
        "[1]",
        '{"status": "done"}',
        '{"a": 1}',
        '{"status": "done", "curve": [], "trial": {"kind": "trial", "cell": []}}',
    ],
)
def test_a_whole_line_that_is_no_record_is_named(tmp_path, line):
    filled(tmp_path, 1)
    with (tmp_path / FILE).open("a") as stream:
        stream.write(line + "\n")
    with pytest.raises(ArtefactError, match=r"trials.jsonl:2"):
        Store.open(tmp_path)


def test_a_full_disk_loses_nothing(tmp_path, monkeypatch):
    store = filled(tmp_path)
    before = (tmp_path / FILE).read_bytes()

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ResourceError, match="No space left"):
        store.append(record(CELL, 7, 0.7))
    monkeypatch.undo()
    store.append(record(CELL, 8, 0.8))
    assert (tmp_path / FILE).read_bytes().startswith(before)
    assert [r.trial.seed for r in Store.open(tmp_path)] == [0, 1, 2, 8]


def test_records_go_through_json_and_compare_without_times():
    one = record(CELL, 1, 0.5)
    again = Record.from_json(json.loads(json.dumps(one.to_json())))
    assert again == one
    slow = Record.from_json(one.to_json() | {"wall_seconds": 99.0})
    assert slow.differences(one) == []
    assert record(CELL, 1, 0.6).differences(one) != []
    with pytest.raises(ValueError, match="status"):
        Record.from_json(one.to_json() | {"status": "fine"})


@given(arrays(np.int64, st.integers(0, 20), elements=st.integers(-(2**31), 2**31 - 1)))
def test_whole_numbers_survive_packing(values):
    packed = json.loads(json.dumps(pack(values)))
    assert unpack(packed).tolist() == values.tolist()


def test_packing_keeps_shapes_and_refuses_other_types():
    table = np.arange(6, dtype=np.int8).reshape(3, 2)
    assert unpack(pack(table)).tolist() == table.tolist()
    with pytest.raises(ValueError, match="dtype"):
        unpack(pack(table) | {"dtype": "|O"})
