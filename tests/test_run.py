"""A run's folder: which one is taken, how it ended, and who may open it."""

import json
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from textclf import files
from textclf.errors import ArtefactError, ConfigError, DataError, ResourceError
from textclf.run import CONFIG, HISTORY, STATE, Run, check_free, next_folder


@pytest.fixture
def run(tmp_path) -> Run:
    return Run.create(tmp_path / "run", config="name: x\n")


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_create_writes_the_configuration_and_a_state(tmp_path):
    run = Run.create(tmp_path / "deep" / "run", config="name: é\n")
    assert names_in(run.folder) == [CONFIG, STATE]
    assert (run.folder / CONFIG).read_text(encoding="utf-8") == "name: é\n"
    state = run.state()
    assert state["status"] == "created"
    assert isinstance(state["process"], int)
    assert state["at"].endswith("+00:00")


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "link").symlink_to("run")
    assert Run.create(tmp_path / "link", config="").state()["status"] == "created"
    assert names_in(tmp_path / "run") == [CONFIG, STATE]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("full", "exists already, expected a new or empty folder; fix: choose"),
        ("file", "exists already"),
        ("dangling", "exists already"),
        ("file/run", "file is no folder"),
        ("x" * 300, "File name too long"),
    ],
)
@pytest.mark.parametrize("act", [check_free, lambda f: Run.create(f, config="")])
def test_refuses_folders_and_changes_nothing(tmp_path, name, problem, act):
    """Row 7 of the fault table."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "kept").write_text("x")
    (tmp_path / "file").write_text("x")
    (tmp_path / "dangling").symlink_to("nowhere")
    with pytest.raises(ConfigError, match=problem) as caught:
        act(tmp_path / name)
    assert str(caught.value).isprintable()
    assert names_in(tmp_path) == ["dangling", "file", "full"]
    assert names_in(tmp_path / "full") == ["kept"]


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("created", "killed"),
        ("running", "killed"),
        ("interrupted", "interrupted"),
        ("failed", "failed"),
        ("complete", ""),
        ("elsewhere", ""),
    ],
)
def test_what_an_unfinished_run_left_may_be_removed(run, status, told):
    run.write_state(status)
    with pytest.raises(ConfigError) as caught:
        check_free(run.folder)
    if told:
        assert f"holds a run that is {told}, expected" in caught.value.problem
        assert f"(rm -r {run.folder}) or choose another --run-dir" in str(caught.value)
    else:
        assert "exists already" in str(caught.value) and "rm -r" not in str(
            caught.value
        )


def test_a_run_that_is_at_work_is_not_to_be_removed(run):
    with files.locked(run.folder / ".lock"), pytest.raises(ConfigError) as caught:
        check_free(run.folder)
    assert "rm -r" not in str(caught.value)


@pytest.mark.parametrize("name", ["nul\x00byte", "\ud800\ud800"])
def test_refuses_names_that_no_folder_can_have(tmp_path, name):
    with pytest.raises(ConfigError, match="cannot be made") as caught:
        Run.create(tmp_path / name, config="")
    assert str(caught.value).isprintable()


def test_refuses_folders_that_may_not_be_written_or_entered():
    """Row 7 of the fault table, as nobody: root may do everything."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for folder, mode in (("closed", 0o000), ("fixed", 0o555), (".", 0o755)):
            (root / folder).mkdir(exist_ok=True)
            (root / folder).chmod(mode)
        code = f"""
import os
from pathlib import Path
from textclf.errors import TextclfError
from textclf.run import Run
if os.getuid() == 0:
    os.setuid(65534)
root = Path({name!r})
acts = [lambda f: Run.create(f, config=""), Run.open]
for act in acts:
    for place in ("closed", "closed/run", "fixed", "fixed/run"):
        try:
            act(root / place)
            print("made it")
        except TextclfError as fault:
            print(fault.exit_code, place, fault.problem)
"""
        told = child(code)
        (root / "closed").chmod(0o755)
        (root / "fixed").chmod(0o755)
        none = "got no run here: state.json cannot be read"
        assert told == [
            "2 closed cannot be made (Permission denied)",
            "2 closed/run cannot be made (Permission denied)",
            "2 fixed no permission to write here",
            "2 fixed/run no permission to write here",
            f"4 closed {none} (Permission denied)",
            f"4 closed/run {none} (Permission denied)",
            f"4 fixed {none} (No such file or directory)",
            f"4 fixed/run {none} (No such file or directory)",
        ]
        assert names_in(root / "closed") == names_in(root / "fixed") == []


def child(code: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return done.stdout.splitlines()


def test_the_way_of_a_run_that_ends_well(run):
    with run.running():
        assert run.state()["status"] == "running"
        with pytest.raises(ArtefactError, match="a run that is running") as early:
            Run.open(run.folder)
        assert early.value.fix == "wait until it is complete"
        run.write_state("complete", seconds=1.5)
    assert Run.open(run.folder) == run
    assert run.state()["seconds"] == 1.5
    assert run.bundle == run.folder / "bundle"


@pytest.mark.parametrize(
    ("fault", "status", "reason"),
    [
        (KeyboardInterrupt(), "interrupted", None),
        (SystemExit(143), "interrupted", None),
        (DataError("got none", where="a.csv:3"), "failed", "a.csv:3: got none"),
        (ValueError("\ud800\x1b[2J"), "failed", r"\ud800\x1b[2J"),
        (MemoryError(), "failed", "MemoryError"),
    ],
)
def test_a_fault_is_written_down_and_goes_on(run, fault, status, reason):
    with pytest.raises(type(fault)) as caught, run.running():
        raise fault
    assert caught.value is fault
    assert run.state()["status"] == status
    assert run.state().get("reason") == reason
    with pytest.raises(ArtefactError) as refused:
        Run.open(run.folder)
    assert f"got a run that is {status}" in str(refused.value)
    way = f"remove it (rm -r {shlex.quote(str(run.folder))}) and train again"
    assert refused.value.fix.startswith(way)
    assert str(refused.value).isprintable()
    if reason:
        assert reason in refused.value.problem


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), ValueError("late")])
def test_nothing_changes_a_complete_run(run, fault):
    with pytest.raises(type(fault)), run.running():
        run.write_state("complete")
        raise fault
    before = (run.folder / STATE).read_bytes()
    with pytest.raises(ArtefactError, match="complete"), run.running():
        pass
    assert (run.folder / STATE).read_bytes() == before
    Run.open(run.folder)


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), ValueError("first")])
def test_a_full_disk_does_not_hide_the_fault(run, fault, monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(type(fault)) as caught, run.running():
        monkeypatch.setattr(files.os, "fsync", full)
        raise fault
    assert caught.value is fault
    assert run.state()["status"] == "running"


def test_an_interrupted_run_may_run_again_and_orphans_go(run):
    with pytest.raises(KeyboardInterrupt), run.running():
        raise KeyboardInterrupt
    (run.folder / ".textclf-tmp-1").touch()
    with run.running():
        assert names_in(run.folder) == [".lock", CONFIG, STATE]


def test_a_second_process_is_refused(run):
    """Row 49 of the fault table."""
    code = f"""
from pathlib import Path
from textclf.errors import ResourceError
from textclf.run import Run
try:
    with Run(Path({str(run.folder)!r})).running():
        print("it ran")
except ResourceError as fault:
    print(fault.exit_code, fault.problem)
"""
    with run.running():
        before = run.state()
        assert child(code) == ["6 in use by another process"]
        with pytest.raises(ResourceError), run.running():
            pass
        assert run.state() == before


def test_open_where_there_is_no_run(tmp_path):
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / STATE).mkdir()
    for name in ("missing", "", "odd", "x" * 300, "nul\x00byte"):
        with pytest.raises(ArtefactError, match="got no run here") as caught:
            Run.open(tmp_path / name)
        assert "fix: give the folder train printed" in str(caught.value)


@pytest.mark.parametrize(
    "state",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"status": 3}',
        b'{"state": "complete"}',
        b'{"status": "complete"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"status": "\\u001b[2J"}',
        b'{"status": "complete "}',
    ],
)
def test_open_refuses_damaged_states(run, state):
    (run.folder / STATE).write_bytes(state)
    with pytest.raises(ArtefactError) as caught:
        Run.open(run.folder)
    assert str(run.folder) in str(caught.value)
    assert str(caught.value).isprintable()


def test_records_read_back(run):
    run.write_json("a.json", {"b": [1, 0.1, "é\ud800"]})
    assert run.read_json("a.json") == {"b": [1, 0.1, "é\ud800"]}
    for name in ("missing.json", "."):
        with pytest.raises(ArtefactError):
            run.read_json(name)


def test_history_is_a_line_an_epoch(run):
    epochs = [{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.25}]
    run.write_history(epochs[:1])
    run.write_history(epochs)
    lines = (run.folder / HISTORY).read_text().splitlines()
    assert [json.loads(line) for line in lines] == epochs
    run.write_history([])
    assert (run.folder / HISTORY).read_text() == ""


def test_next_folder_counts_up(tmp_path):
    taken = []
    for _ in range(3):
        folder = next_folder(tmp_path, "sst2")
        folder.mkdir()
        taken.append(folder.name)
    assert taken == ["sst2", "sst2-2", "sst2-3"]
    assert next_folder(tmp_path / "new", "a") == tmp_path / "new" / "a"


def test_a_run_whose_process_is_gone_says_that_it_was_killed(tmp_path):
    """Fault 43: nobody wrote an end, and nobody holds the lock."""
    run = Run.create(tmp_path / "run", config="")
    with run.running():
        assert run.status() == "running"
        run.write_state("complete")
    run.write_state("running")
    assert run.status() == "killed"
    with pytest.raises(ArtefactError, match="killed"):
        Run.open(run.folder)
