"""A study as a whole: it goes on where it stood, whatever happened to it."""

import contextlib
import csv
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from textclf.errors import ArtefactError, ConfigError, DataError, ResourceError
from textclf.files import locked
from textclf.progress import SILENT
from textclf.study import pool, search
from textclf.study.folder import LOCK, StudyFolder
from textclf.study.lead import outdated
from textclf.study.pool import Facts, Pool
from textclf.study.saved import records_of, results_of
from textclf.study.store import FILE, Store
from textclf.study.study import Study

ROWS = 160
FAULTY = """
import errno, sys, time
import textclf.study.worker as worker

def begin(start=worker._start):
    start()
    from textclf.study import trial

    def run(self, one, config, whole=trial.Bench.run):
        if "odd" in str(one.cell):
            raise ValueError("nonsense 17")
        if "full" in str(one.cell):
            raise OSError(errno.ENOSPC, "No space left on device")
        if "large" in str(one.cell) and one.kind == "trial":
            kept = bytearray(b"x" * 1_700_000_000)
            time.sleep(60)
        return whole(self, one, config)

    trial.Bench.run = run

worker._start = begin
worker.main()
"""
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


class Hearing:
    """Keeps what is said and warned of."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.warnings: list[str] = []

    @contextlib.contextmanager
    def task(self, name: str, total: float | None = None) -> Iterator["Hearing"]:
        yield self

    def advance(self, steps: float = 1.0, note: str = "") -> None:
        self.said.append(note)

    def say(self, message: str) -> None:
        self.said.append(message)

    def warn(self, message: str) -> None:
        self.warnings.append(message)


def spec(folder: Path, **changes: Any) -> dict[str, Any]:
    """Two cells, three seeds: six trials of a fraction of a second."""
    plain = {
        "study": "small",
        "fixed": {
            "data": {"train": str(folder / "reviews.csv"), "test_fraction": 0.2},
            "embedding": {"dim": 4},
            "regularisation": {"dropout": 0.0},
            "training": {"epochs": 2, "learning_rate": 0.05, "batch_size": 16},
        },
        "scientific": {
            "dropout": {"none": {}, "word": {"regularisation.word_dropout": 0.3}}
        },
        "split": {"folds": 4},
        "replication": {"min": 3},
        "winner": {"seeds": 1},
    }
    return plain | changes


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with some of the bundled reviews."""
    import textclf

    folder = tmp_path_factory.mktemp("data")
    source = Path(textclf.__file__).parent / "data" / "sample" / "reviews.csv"
    with source.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    step = len(rows) // ROWS
    with (folder / "reviews.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([rows[0], *rows[1::step]])
    return folder


@pytest.fixture(scope="module")
def whole(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same study, run without any interruption."""
    folder = tmp_path_factory.mktemp("whole") / "study"
    Study(spec(data)).run(folder)
    return folder


def different(one: Path, other: Path) -> list[tuple[object, ...]]:
    """What two studies found differently, but for the time it took: nothing."""
    mine, theirs = (
        {str(r.trial) + r.trial.kind: r for r in records_of(folder)}
        for folder in (one, other)
    )
    alone = [(key, key in mine) for key in sorted(mine.keys() ^ theirs.keys())]
    unequal = [
        (key, *difference)
        for key in sorted(mine.keys() & theirs.keys())
        for difference in mine[key].differences(theirs[key])
    ]
    return [*alone, *unequal]


def test_a_study_trains_every_cell_with_every_seed(whole):
    results = results_of(whole)
    counts = results.frame.groupby("cell")["seed"].apply(list).to_dict()
    assert counts == {"dropout=none": [0, 1, 2], "dropout=word": [0, 1, 2]}
    assert (results.frame["status"] == "done").all()
    assert results.winner["test_n"] == 1
    assert results.winner["cell"] in counts


def test_a_record_holds_what_was_promised(whole):
    record = next(iter(Store.open(whole)))
    assert record.parameters > 0
    assert record.peak_mb > 50
    assert record.cpu_seconds > 0
    assert 0 < record.latency_ms["p50"] <= record.latency_ms["p95"]
    assert (whole / record.log).is_file()
    assert len(record.curve) == 2
    assert set(record.answers) == {"ids", "targets", "predicted"}


def test_to_run_it_again_trains_nothing(whole):
    before = (whole / FILE).read_bytes()
    Study.open(whole).run(whole)
    assert (whole / FILE).read_bytes() == before


def test_more_seeds_keep_what_is_done(data, whole, tmp_path):
    folder = tmp_path / "study"
    Study(spec(data, replication={"min": 2}, winner={"seeds": 0})).run(folder)
    before = (folder / FILE).read_bytes()
    Study(spec(data)).run(folder)
    assert (folder / FILE).read_bytes().startswith(before)
    assert different(folder, whole) == []


def test_another_design_in_the_folder_is_refused_with_the_difference(data, whole):
    changed = spec(data, split={"folds": 5})
    with pytest.raises(ConfigError, match="split.folds was 4, is 5"):
        Study(changed).run(whole)


def test_trials_of_other_code_are_counted_until_they_are_trained_again(whole):
    records = list(Store.open(whole))
    old = [replace(record, code="old") for record in records]
    assert outdated(records) == 0
    assert outdated(old) == outdated(old + records[:1]) + 1 == len(records)


def test_other_data_are_refused(data, tmp_path):
    copy = tmp_path / "reviews.csv"
    lines = (data / "reviews.csv").read_text("utf-8").splitlines(keepends=True)
    copy.write_text("".join(lines), "utf-8")
    folder = tmp_path / "study"
    study = spec(tmp_path, replication={"min": 1}, winner={"seeds": 0})
    Study(study).run(folder)
    copy.write_text("".join(lines[:-3]), "utf-8")
    with pytest.raises(DataError, match="other texts or labels"):
        Study(study).run(folder)


class Tampering(Hearing):
    """Shortens a file when trials begin."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    @contextlib.contextmanager
    def task(self, name: str, total: float | None = None) -> Iterator["Hearing"]:
        if name == "trials":
            lines = self.path.read_text("utf-8").splitlines(keepends=True)
            self.path.write_text("".join(lines[:-3]), "utf-8")
        yield self


def test_data_that_change_meanwhile_end_the_study_and_fail_no_trial(data, tmp_path):
    copy = tmp_path / "reviews.csv"
    copy.write_bytes((data / "reviews.csv").read_bytes())
    folder = tmp_path / "study"
    with pytest.raises(DataError, match="other texts or labels.*put the data back"):
        Study(spec(tmp_path)).run(folder, progress=Tampering(copy))
    assert all(record.done for record in Store.open(folder))


def test_two_processes_do_not_run_one_study(data, whole):
    with locked(whole / LOCK), pytest.raises(ResourceError, match="another process"):
        Study(spec(data)).run(whole)


def test_a_killed_worker_costs_its_trial_a_second_try(data, whole, tmp_path):
    folder, killed = tmp_path / "study", []

    def kill() -> None:
        while not (folder / FILE).exists():
            time.sleep(0.05)
        for child in psutil.Process().children():
            if "textclf.study.worker" in " ".join(child.cmdline()):
                child.kill()
                killed.append(child.pid)

    thread = threading.Thread(target=kill)
    thread.start()
    Study(spec(data)).run(folder)
    thread.join()
    assert killed
    assert different(folder, whole) == []


def run_and_kill(path: Path, folder: Path, *, after: int) -> bool:
    """Runs the command and kills it, workers and all, after so many records."""
    command = ["study", "run", "--config", str(path), "--run-dir", str(folder)]
    process = subprocess.Popen(
        [sys.executable, "-m", "textclf", *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    store = folder / FILE
    while process.poll() is None:
        if store.exists() and store.read_bytes().count(b"\n") >= after:
            process.send_signal(signal.SIGKILL)
        time.sleep(0.02)
    return process.returncode == -signal.SIGKILL


def test_a_killed_study_goes_on_and_ends_the_same(data, whole, tmp_path):
    path, folder = tmp_path / "s.yaml", tmp_path / "study"
    path.write_text(json.dumps(spec(data)))
    assert run_and_kill(path, folder, after=2)
    wait_for_orphans(folder)
    assert 2 <= len(Store.open(folder)) < 8
    Study(path).run(folder)
    assert different(folder, whole) == []


def wait_for_orphans(folder: Path) -> None:
    """Workers end when the process that led them is gone."""
    for _ in range(200):
        orphans = [
            process
            for process in psutil.process_iter(["cmdline", "ppid"])
            if "textclf.study.worker" in " ".join(process.info["cmdline"] or [])
            and process.info["ppid"] in (0, 1)
        ]
        if not orphans:
            return
        time.sleep(0.05)
    raise AssertionError("a worker outlived its study")


@pytest.fixture
def faulty(monkeypatch, tmp_path):
    """Workers whose trials fail by the name of their cell."""
    script = tmp_path / "faulty.py"
    script.write_text(FAULTY)
    monkeypatch.setattr(pool, "_COMMAND", (sys.executable, str(script)))


@pytest.mark.usefixtures("faulty")
def test_a_trial_that_fails_is_told_and_the_others_are_trained(data, tmp_path):
    """Every way to fail at once; `odd` fails while it is tuned, too."""
    heard = Hearing()
    factor = {
        "none": {},
        "hot": {"training.learning_rate": 1e9, "training.optimizer": "sgd"},
        "odd": {"embedding.dim": 3},
        "large": {"embedding.dim": 5},
    }
    study = spec(
        data,
        scientific={"kind": factor},
        nuisance={"settings": {"training.batch_size": [16, 32]}},
        replication={"min": 1},
        limits={"memory_mb": 1500},
        winner={"seeds": 1},
    )
    found = Study(study).run(tmp_path / "study", progress=heard)
    frame = found.frame.set_index("kind")
    assert frame["status"].to_dict() == {
        "none": "done",
        "hot": "diverged",
        "odd": "raised",
        "large": "memory",
    }
    assert "nonsense" in frame["error"]["odd"]
    assert "limits.memory_mb" in frame["error"]["large"]
    assert any("kind=odd: no point" in line for line in heard.warnings)
    assert found.results.winner["cell"] == "kind=none"
    assert any(
        re.match(r"4 of 4, failed 3, best 0\.\d+ kind=none$", n) for n in heard.said
    )


@pytest.mark.usefixtures("faulty")
def test_three_cells_that_fail_alike_stop_the_study(data, tmp_path):
    factor = {f"odd{n}": {"embedding.dim": n} for n in (2, 3, 4, 5, 6)}
    study = spec(data, scientific={"kind": factor}, replication={"min": 2})
    folder = tmp_path / "study"
    with pytest.raises(ConfigError, match="different cells failed alike"):
        Study(study).run(folder)
    assert 3 <= len(Store.open(folder)) <= 5
    failed = len(records_of(folder))
    assert Study(study).forget(folder) == failed
    assert not records_of(folder)


@pytest.mark.usefixtures("faulty")
def test_a_full_disk_of_a_worker_is_no_fault_of_its_trial(data, tmp_path):
    folder = tmp_path / "study"
    factor = {"none": {}, "full": {"regularisation.word_dropout": 0.3}}
    study = spec(data, scientific={"dropout": factor}, replication={"min": 1})
    with pytest.raises(ResourceError, match=r"No space left.*free some space"):
        Study(study).run(folder)
    assert all(record.done for record in Store.open(folder))


def test_a_cell_that_cannot_be_built_is_refused_before_the_first_trial(data, tmp_path):
    factor = {"none": {}, "odd": {"training.class_weight": {"nonsense": 2.0}}}
    folder = tmp_path / "study"
    with pytest.raises(ConfigError, match=r"cell kind=odd: .*nonsense"):
        Study(spec(data, scientific={"kind": factor})).run(folder)
    assert not (folder / FILE).exists()


def test_a_worker_that_cannot_begin_says_why(data, tmp_path, monkeypatch):
    script = tmp_path / "broken.py"
    script.write_text("raise SystemExit('no such library')")
    monkeypatch.setattr(pool, "_COMMAND", (sys.executable, str(script)))
    folder = tmp_path / "study"
    log = re.escape(str(folder / "logs" / "worker.log"))
    with pytest.raises(ResourceError, match=rf"ended with 1.*see {log}"):
        Study(spec(data)).run(folder)
    assert "no such library" in (folder / "logs" / "worker.log").read_text()


def test_a_worker_that_is_being_ended_gets_no_job(tmp_path):
    facts = Facts(tmp_path, (), None, {}, 7, 1000, 1.0)
    process: Any = None
    ending = pool._Worker(process, 0.0, ended="timeout")
    own = Pool(facts, 2, {1: ending, 2: pool._Worker(process, 0.0)})
    assert own.free == 1


def test_a_trial_that_takes_too_long_is_ended(data, tmp_path):
    study = spec(
        data,
        scientific={"training.epochs": [1, 100_000]},
        replication={"min": 1},
        winner={"seeds": 0},
        limits={"trial_minutes": 0.08},
    )
    study["fixed"] = study["fixed"] | {
        "training": study["fixed"]["training"] | {"patience": None}
    }
    status = Study(study).run(tmp_path / "study").frame.set_index("cell")["status"]
    assert status["epochs=100000"] == "timeout"


def test_a_budget_ends_a_study_that_can_go_on(data, whole, tmp_path):
    folder, heard = tmp_path / "study", Hearing()
    results = Study(spec(data)).run(folder, budget="0s", progress=heard)
    assert len(results.frame) == 0
    assert any("budget" in line for line in heard.said)
    Study(spec(data)).run(folder)
    assert different(folder, whole) == []


def test_nuisance_settings_are_chosen_apart_from_the_seeds_compared(data, tmp_path):
    nuisance = {"settings": {"training.learning_rate": [0.0001, 0.05]}, "trials": 2}
    study = spec(data, nuisance=nuisance, replication={"min": 2})
    folder = tmp_path / "study"
    results = Study(study).run(folder).results
    tuning = [r for r in records_of(folder) if r.trial.kind == "tuning"]
    assert len(tuning) == 4
    assert min(r.trial.seed for r in tuning) >= 1_000_000
    assert set(results.nuisance) == {"dropout=none", "dropout=word"}
    for cell, told in results.nuisance.items():
        own = [r for r in tuning if str(r.trial.cell) == cell]
        best = min(own, key=lambda r: r.scores["dev_loss"])
        assert (
            told["training.learning_rate"]
            == best.trial.nuisance["training.learning_rate"]
        )


def test_a_search_finds_cells_and_remembers_them(data, tmp_path):
    pytest.importorskip("optuna")
    study = spec(
        data,
        scientific={"embedding.dim": {"log": [2, 16]}, "text.ngrams": [1, 2]},
        sampler={"kind": "tpe", "cells": 3},
        replication={"min": 1},
        winner={"seeds": 0},
    )
    folder = tmp_path / "study"
    results = Study(study).run(folder)
    assert results.frame["cell"].nunique() == 3
    before = (folder / FILE).read_bytes()
    Study(study).run(folder)
    assert (folder / FILE).read_bytes() == before


@pytest.mark.parametrize(("kind", "told"), [("tpe", "Optuna"), ("gp", "PyTorch")])
def test_a_search_without_its_packages_begins_nothing(
    data, tmp_path, monkeypatch, kind, told
):
    there = {"PyTorch": {"optuna"}, "Optuna": set()}[told]
    monkeypatch.setattr(search, "find_spec", lambda name: name in there or None)
    study = spec(data, sampler={"kind": kind, "cells": 2})
    with pytest.raises(ConfigError, match=f"sampler {kind} needs {told}"):
        Study(study).run(tmp_path / "study")
    assert not (tmp_path / "study").exists()


def test_seeds_stop_when_intervals_are_narrow(data, tmp_path):
    stop = {"min": 2, "max": 4, "stop_when": {"half_width": 1000.0}}
    study = spec(data, replication=stop, winner={"seeds": 0})
    results = Study(study).run(tmp_path / "study")
    assert results.frame["seed"].max() == 1


def test_the_stop_rule_sees_no_seed_that_came_too_early(data, whole, monkeypatch):
    """A study that was interrupted may have trials of the round to come."""
    stop = {"min": 2, "max": 4, "stop_when": {"half_width": 1.0}}
    seen = []

    def precise(results, half_width):
        seen.append(set(results.frame["seed"]))
        return True

    monkeypatch.setattr("textclf.study.lead.is_precise", precise)
    lead = Study(spec(data, replication=stop))._lead(whole, None, SILENT)
    assert lead._is_precise(2)
    assert seen == [{0, 1}]


@pytest.mark.parametrize("wrong", ["soon", "nanm", "-5m", "5", "5 m", "1e3s"])
def test_a_budget_that_is_no_time_is_refused(data, tmp_path, wrong):
    with pytest.raises(ConfigError, match="--budget: got .*, expected a time"):
        Study(spec(data)).run(tmp_path / "study", budget=wrong)


@pytest.mark.parametrize("wrong", [0, -3, 1000])
def test_a_plan_refuses_as_many_workers_as_a_run(data, wrong):
    with pytest.raises(ConfigError, match="--workers"):
        Study(spec(data)).plan(workers=wrong)


def test_a_plan_tells_size_and_cost(data):
    plan = Study(spec(data)).plan(workers=1)
    assert (plan.cells, plan.trials, plan.after) == (2, (6, 6), 2)
    assert 0 < plan.minutes[0] < 5
    assert plan.memory_mb > 100


def test_forgotten_trials_are_trained_again(data, whole, tmp_path):
    folder = tmp_path / "study"
    study = Study(spec(data))
    study.run(folder)
    assert study.forget(folder, "dropout=word") >= 3
    assert "dropout=word" not in set(results_of(folder).frame["cell"])
    study.run(folder)
    assert different(folder, whole) == []


def test_the_folder_of_something_else_is_no_study(tmp_path):
    (tmp_path / "x").write_text("x")
    with pytest.raises(ArtefactError, match="no study here"):
        StudyFolder(tmp_path).facts()
    with pytest.raises(ConfigError, match="other things in it"):
        StudyFolder(tmp_path).check({})
    (tmp_path / "study.json").write_text('{"spec": {}}')
    with pytest.raises(ArtefactError, match="got no study"):
        StudyFolder(tmp_path).facts()


def test_a_study_that_was_killed_while_it_began_can_begin_again(tmp_path):
    (tmp_path / LOCK).touch()
    (tmp_path / ".textclf-tmp-x").write_text("half of")
    StudyFolder(tmp_path).check({})


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_fifty_random_kills_change_nothing(data, tmp_path):
    """Kills who leads or trains, while it starts and while it works; it goes on."""
    path, folder = tmp_path / "s.yaml", tmp_path / "study"
    path.write_text(json.dumps(spec(data, replication={"min": 60})))
    kills = Kills(path, folder)
    for number in range(50):
        kills.one(starting=number % 5 == 0)
    kills.end()
    interrupted = len(Store.open(folder))
    Study(path).run(folder)
    Study(path).run(tmp_path / "calm")
    print(f"killed: {kills.victims}, {interrupted} of 122 trials done by then")
    assert kills.victims["leader"] >= 10
    assert kills.victims["worker"] >= 10
    assert 20 < interrupted < 122
    assert len(records_of(folder)) == 122
    assert different(folder, tmp_path / "calm") == []


class Kills:
    """A study that is begun whenever it does not run, and killed at random moments."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.folder, self.victims = folder, Counter[str]()
        self._command = [sys.executable, "-m", "textclf", "study", "run"]
        self._command += ["--config", str(path), "--run-dir", str(folder)]
        self._chance = random.Random(5)
        self._process: subprocess.Popen[bytes] | None = None

    def one(self, *, starting: bool) -> None:
        """Kills once: within a second, or some trials and a moment later."""
        leader = self._running()
        if not starting:
            wanted = self._done() + self._chance.randrange(1, 3)
            while self._done() < wanted and leader.poll() is None:
                time.sleep(0.02)
        time.sleep(self._chance.uniform(0.0, 1.0 if starting else 0.3))
        workers = [child.pid for child in psutil.Process(leader.pid).children()]
        target = self._chance.choice([leader.pid, *workers])
        with contextlib.suppress(ProcessLookupError):
            os.kill(target, signal.SIGKILL)
        self.victims["leader" if target == leader.pid else "worker"] += 1
        if target == leader.pid:
            self.end()

    def end(self) -> None:
        """Ends whatever runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            wait_for_orphans(self.folder)

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            self._process = subprocess.Popen(self._command, stderr=subprocess.DEVNULL)
        assert self._process.poll() is None, "the study ended by itself"
        return self._process

    def _done(self) -> int:
        store = self.folder / FILE
        return store.read_bytes().count(b"\n") if store.exists() else 0
