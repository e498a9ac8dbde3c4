"""Files whole or not at all: every call that can fail fails once."""

import errno
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.errors import ArtefactError, ConfigError, DataError, ResourceError
from textclf.files import (
    canonical_json,
    check_regular,
    locked,
    remove_orphans,
    sha256_of,
    staged_folder,
    write_json,
    write_text,
    write_whole,
)

CALLS = [
    (tempfile, "mkstemp"),
    (tempfile, "mkdtemp"),
    (os, "fdopen"),
    (os, "open"),
    (os, "fsync"),
    (Path, "chmod"),
    (Path, "replace"),
    (Path, "rename"),
]
RENAMES = ("replace", "rename")


class Faults:
    """Counts the calls that touch the disk, and lets the k-th raise."""

    def __init__(self, patch: pytest.MonkeyPatch, fault: type[BaseException]) -> None:
        self.fault = fault
        self.names: list[str] | None = None
        self.failing: int | None = None
        for owner, name in CALLS:
            patch.setattr(owner, name, self._counted(name, getattr(owner, name)))

    def _counted(self, name: str, call: Callable) -> Callable:
        def counted(*arguments: object, **options: object) -> object:
            if self.names is not None:
                self.names.append(name)
                if len(self.names) - 1 == self.failing:
                    raise self.fault(errno.ENOSPC, "No space left")
            return call(*arguments, **options)

        return counted

    def sweep(
        self, prepare: Callable[[], None], work: Callable[[], None]
    ) -> Iterator[tuple[str, bool]]:
        """Does the work once for each call that it makes, and lets that call fail.

        Yields:
            The call that failed, and whether it came after the final rename.
        """
        told = ResourceError if self.fault is OSError else self.fault
        prepare()
        names = self._calls_of(work, None)
        rename = max(i for i, name in enumerate(names) if name in RENAMES)
        for failing, name in enumerate(names):
            prepare()
            with pytest.raises(told):
                self._calls_of(work, failing)
            yield name, failing > rename

    def _calls_of(self, work: Callable[[], None], failing: int | None) -> list[str]:
        names: list[str] = []
        self.names, self.failing = names, failing
        try:
            work()
        finally:
            self.names = None
        return names


@pytest.fixture(params=[OSError, KeyboardInterrupt])
def faults(request, monkeypatch) -> Faults:
    return Faults(monkeypatch, request.param)


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_fault_at_any_call_leaves_the_old_file(tmp_path, faults):
    path = tmp_path / "a.json"
    failed = set()
    for call in faults.sweep(
        lambda: path.write_text("old"), lambda: write_text(path, "new" * 10_000)
    ):
        failed.add(call)
        _, renamed = call
        assert path.read_text() == ("new" * 10_000 if renamed else "old")
        assert names_in(tmp_path) == ["a.json"]
    assert failed >= {("mkstemp", False), ("fsync", False), ("replace", False)}
    assert ("fsync", True) in failed


def test_a_fault_at_any_call_leaves_no_folder(tmp_path, faults):
    path = tmp_path / "bundle"
    failed = set()

    def work() -> None:
        with staged_folder(path) as stage:
            (stage / "inner").mkdir()
            (stage / "inner" / "b.txt").write_text("b")
            write_text(stage / "a.txt", "a")

    for call in faults.sweep(lambda: shutil.rmtree(path, ignore_errors=True), work):
        failed.add(call)
        _, renamed = call
        assert names_in(tmp_path) == (["bundle"] if renamed else [])
        if renamed:
            assert (path / "inner" / "b.txt").read_text() == "b"
            assert (path / "a.txt").read_text() == "a"
    assert failed >= {("mkdtemp", False), ("fsync", False), ("rename", False)}
    assert ("fsync", True) in failed


@pytest.mark.parametrize("fault", [ValueError("x"), OSError("x"), SystemExit(143)])
def test_a_fault_of_the_writer_leaves_what_was_there(tmp_path, fault):
    path = tmp_path / "a"
    path.write_text("old")
    expected = ResourceError if isinstance(fault, OSError) else type(fault)
    with pytest.raises(expected), write_whole(path) as stream:
        stream.write(b"half")
        raise fault
    with pytest.raises(expected), staged_folder(tmp_path / "b") as stage:
        (stage / "c").write_text("half")
        raise fault
    assert path.read_text() == "old"
    assert names_in(tmp_path) == ["a"]


def test_dev_full(tmp_path, monkeypatch):
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    path = tmp_path / "a"
    path.write_text("old")

    def on_a_full_disk(prefix: str, dir: Path) -> tuple[int, str]:
        (dir / (prefix + "x")).touch()
        return os.open("/dev/full", os.O_WRONLY), str(dir / (prefix + "x"))

    monkeypatch.setattr(tempfile, "mkstemp", on_a_full_disk)
    with pytest.raises(ResourceError, match="No space left"):
        write_text(path, "new")
    assert path.read_text() == "old"
    assert names_in(tmp_path) == ["a"]


def test_a_limit_on_file_sizes(tmp_path):
    (tmp_path / "a").write_text("old")
    code = f"""
import resource
from pathlib import Path
from textclf.errors import ResourceError
from textclf.files import staged_folder, write_text
folder = Path({str(tmp_path)!r})
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
def stage():
    with staged_folder(folder / "b") as stage:
        (stage / "c").write_text("x" * 1_000_000)
for work in (lambda: write_text(folder / "a", "x" * 1_000_000), stage):
    try:
        work()
    except ResourceError as fault:
        print(fault)
"""
    told = child(code).splitlines()
    assert [line.split(": ")[1] for line in told] == [
        "cannot be written (File too large)"
    ] * 2
    assert names_in(tmp_path) == ["a"]
    assert (tmp_path / "a").read_text() == "old"


def child(code: str) -> str:
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=30, check=True
    )
    return done.stdout


def test_new_files_and_folders_have_the_usual_permissions(tmp_path):
    usual = tmp_path / "usual"
    usual.mkdir()
    (usual / "file").touch()
    write_text(tmp_path / "a", "x")
    with staged_folder(tmp_path / "b"):
        pass
    for ours, theirs in (("a", "usual/file"), ("b", "usual")):
        modes = [stat.S_IMODE((tmp_path / p).stat().st_mode) for p in (ours, theirs)]
        assert modes[0] == modes[1]


def test_a_staged_folder_never_replaces_one(tmp_path):
    (tmp_path / "b").mkdir()
    with (
        pytest.raises(ConfigError, match="exists already"),
        staged_folder(tmp_path / "b"),
    ):
        pass
    assert names_in(tmp_path) == ["b"]


@pytest.mark.parametrize("name", ["x" * 300, "nul\x00byte", "missing/a"])
def test_paths_that_cannot_be_written(tmp_path, name):
    with pytest.raises(ResourceError, match="cannot be written"):
        write_text(tmp_path / name, "x")
    with (
        pytest.raises(ResourceError, match="cannot be written"),
        staged_folder(tmp_path / name),
    ):
        pass
    with (
        pytest.raises(ResourceError, match="cannot be written"),
        locked(tmp_path / name),
    ):
        pass
    assert names_in(tmp_path) == []


def test_text_keeps_its_line_ends(tmp_path):
    write_text(tmp_path / "a", "é\n\r\n\r👍")
    assert (tmp_path / "a").read_bytes() == "é\n\r\n\r👍".encode()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()), inner),
    max_leaves=6,
)


@given(JSON)
def test_json_reads_back_with_surrogates_too(value):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.json"
        write_json(path, value)
        data = path.read_bytes()
    assert json.loads(data.decode("utf-8")) == value
    assert data.endswith(b"\n")


@given(st.dictionaries(st.text(), st.integers()), st.randoms())
def test_canonical_json_knows_no_order(value, random):
    items = [*value.items()]
    random.shuffle(items)
    assert canonical_json(dict(items)) == canonical_json(value)
    assert json.loads(canonical_json(value)) == value


def test_json_has_no_nan(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "a", [float("nan")])
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json(float("inf"))
    assert names_in(tmp_path) == []


def test_sha256(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256_of(tmp_path / "a").startswith("ba7816bf8f01cfea414140de5dae2223")


def test_check_regular_gives_the_size(tmp_path):
    (tmp_path / "a").write_bytes(b"12345")
    (tmp_path / "link").symlink_to("a")
    assert check_regular(tmp_path / "a", DataError) == 5
    assert check_regular(tmp_path / "link", DataError, max_bytes=5) == 5
    with pytest.raises(DataError, match="got 5 bytes, allowed are 4"):
        check_regular(tmp_path / "a", DataError, max_bytes=4)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("missing", "No such file"),
        ("folder", "got a folder"),
        ("fifo", "got a pipe, device or socket"),
        ("/dev/zero", "got a pipe, device or socket"),
        ("loop", "symbolic links"),
        ("dangling", "No such file"),
        ("file/below", "Not a directory"),
        ("x" * 5000, "File name too long"),
        ("nul\x00byte", "null"),
    ],
)
def test_check_regular_refuses(tmp_path, name, problem):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "dangling").symlink_to("nowhere")
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(ArtefactError, match=problem) as caught:
        check_regular(tmp_path / name, ArtefactError)
    assert caught.value.where == str(tmp_path / name)
    assert str(caught.value).isprintable()


def test_check_regular_refuses_what_may_not_be_read():
    """Root may read everything, so a child does it as nobody."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        secret = Path(folder) / "secret"
        secret.write_text("x")
        secret.chmod(0)
        code = f"""
import os
from pathlib import Path
from textclf.errors import DataError
from textclf.files import check_regular
if os.getuid() == 0:
    os.setuid(65534)
try:
    check_regular(Path({str(secret)!r}), DataError)
except DataError as fault:
    print(fault.problem)
"""
        assert child(code) == "no permission to read\n"


def test_orphans_go_and_all_else_stays(tmp_path):
    (tmp_path / "kept").write_text("x")
    kept = tmp_path / "kept-folder"
    kept.mkdir()
    (kept / "file").touch()
    for _ in range(2):
        os.close(tempfile.mkstemp(prefix=".textclf-tmp-", dir=tmp_path)[0])
    stage = Path(tempfile.mkdtemp(prefix=".textclf-tmp-", dir=tmp_path))
    (stage / "member").touch()
    (tmp_path / ".textclf-tmp-link").symlink_to(kept)
    assert remove_orphans(tmp_path) == 4
    assert names_in(tmp_path) == ["kept", "kept-folder"]
    assert names_in(kept) == ["file"]


def test_what_a_killed_writer_left_is_an_orphan(tmp_path):
    code = f"""
import os
from pathlib import Path
from textclf.files import staged_folder, write_whole
with staged_folder(Path({str(tmp_path)!r}) / "b") as stage:
    with write_whole(Path({str(tmp_path)!r}) / "a") as stream:
        os._exit(0)
"""
    child(code)
    assert len(names_in(tmp_path)) == 2
    assert remove_orphans(tmp_path) == 2
    assert names_in(tmp_path) == []


def test_a_second_process_is_refused_at_once_and_the_first_unharmed(tmp_path):
    """Row 49 of the fault table."""
    path = tmp_path / ".lock"
    code = f"""
from pathlib import Path
from textclf.errors import ResourceError
from textclf.files import locked
try:
    with locked(Path({str(path)!r})):
        print("got it")
except ResourceError as fault:
    print(fault)
"""
    with locked(path):
        path.write_text("first")
        told = child(code)
        assert "in use by another process" in told
        assert str(tmp_path) in told
        assert path.read_text() == "first"
        with pytest.raises(ResourceError), locked(path):
            pass
    assert child(code) == "got it\n"


@pytest.mark.parametrize("fault", [ZeroDivisionError(), FileNotFoundError()])
def test_a_fault_ends_a_lock_and_keeps_its_name(tmp_path, fault):
    with pytest.raises(type(fault)), locked(tmp_path / "l"):
        raise fault
    with locked(tmp_path / "l"):
        pass
