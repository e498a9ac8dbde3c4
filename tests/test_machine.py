"""What the machine has, and the refusal of what it cannot hold."""

import json
import os

import pytest

from textclf import machine
from textclf.errors import ResourceError


def test_available_memory_is_positive_and_not_more_than_there_is():
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert 0 < machine.available_memory() <= total


def test_without_proc_the_whole_memory_counts(monkeypatch):
    monkeypatch.setattr(machine, "_lines", lambda path: [])
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert machine.available_memory() == total
    assert isinstance(machine._processor(), str)


def test_a_container_may_have_less_than_the_machine(monkeypatch, tmp_path):
    (tmp_path / "memory.max").write_text("9000000\n")
    (tmp_path / "memory.current").write_text("4000000\n")
    monkeypatch.setattr(machine, "_CONTROL_GROUP", tmp_path)
    assert machine.available_memory() == 5_000_000
    (tmp_path / "memory.max").write_text("max\n")
    assert machine.available_memory() > 5_000_000


def test_memory_that_cannot_be_had_is_refused_with_the_estimate(monkeypatch):
    monkeypatch.setattr(machine, "available_memory", lambda: 4 * 10**9)
    machine.check_memory(4 * 10**9, what="a model", fix="make it smaller")
    with pytest.raises(ResourceError) as caught:
        machine.check_memory(5 * 10**12, what="a model", fix="make it smaller")
    assert str(caught.value) == (
        "got a model, which needs about 5,000.0 GB of memory, available are 4.0 GB; "
        "fix: make it smaller"
    )


def test_versions_without_importing():
    assert machine.version_of("numpy")
    assert machine.version_of("no-such-package-here") is None


def test_the_environment_is_json_and_names_what_changes_bits():
    facts = machine.environment()
    assert json.loads(json.dumps(facts)) == facts
    assert {"processor", "cores", "onednn", "keras_backend", "versions"} <= set(facts)
    assert facts["versions"]["numpy"] == machine.version_of("numpy")
