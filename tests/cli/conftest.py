"""Small data of each kind of task, and a run of each made by the command itself."""

import contextlib
import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from textclf.cli.main import main

GOOD = ("lovely", "great", "superb", "delicious")
BAD = ("awful", "dull", "broken", "rude")
THINGS = ("film", "soup", "screen", "hotel", "novel", "waiter", "plot", "lamp")

TASKS = {
    "binary": ("neg", "pos"),
    "multiclass": ("neg", "neutral", "pos"),
    "multilabel": ("bad", "good", "short"),
}
FAST = (
    "training.epochs=6",
    "training.optimizer=lazy_adam",
    "training.learning_rate=0.02",
    "training.batch_size=16",
    "embedding.dim=8",
)


def rows_of(task: str) -> list[tuple[str, str]]:
    """Texts whose label their adjective decides; every text is different."""
    rows = []
    for number, thing in enumerate(THINGS * 6):
        good, bad = GOOD[number % 4], BAD[number // 8 % 4]
        texts = [
            f"a {good} {thing} of kind {number}",
            f"{bad} {thing}, number {number}",
        ]
        if task == "binary":
            rows += [(texts[0], "pos"), (texts[1], "neg")]
        elif task == "multiclass":
            rows += [
                (texts[0], "pos"),
                (texts[1], "neg"),
                (f"{thing} {number}", "neutral"),
            ]
        else:
            rows += [
                (texts[0], "good"),
                (texts[1], "bad|short"),
                (f"{thing} {number}", ""),
            ]
            rows += [(f"the {bad} {thing}, {number}", "bad")]
    return rows


def write_csv(path: Path, rows: list[tuple[str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["text", "label"])
        writer.writerows(rows)
    return path


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The file of a task."""
    folder = tmp_path_factory.mktemp("data")

    def file(task: str) -> Path:
        path = folder / f"{task}.csv"
        return path if path.exists() else write_csv(path, rows_of(task))

    return file


@pytest.fixture(scope="session")
def config(
    tmp_path_factory: pytest.TempPathFactory, data: Callable[[str], Path]
) -> Callable[..., Path]:
    """A configuration file of a task."""
    folder = tmp_path_factory.mktemp("configs")

    def file(task: str, **more: Any) -> Path:
        settings: dict[str, Any] = {
            "name": task,
            "data": {
                "train": str(data(task)),
                "test_fraction": 0.2,
                "dev_fraction": 0.2,
            },
        }
        if task == "multilabel":
            settings["data"]["label_separator"] = "|"
        path = folder / f"{task}.yaml"
        path.write_text(json.dumps(settings | more), encoding="utf-8")
        return path

    return file


@pytest.fixture(scope="session")
def trained(
    tmp_path_factory: pytest.TempPathFactory, config: Callable[..., Path]
) -> Callable[[str], Path]:
    """A finished run of a task."""
    folder = tmp_path_factory.mktemp("runs")

    def run(task: str) -> Path:
        path = folder / task
        if not path.exists():
            words = [word for setting in FAST for word in ("--set", setting)]
            command = ["train", "--config", str(config(task)), "--run-dir", str(path)]
            # A test that asks for the run first must not find its talk in `capsys`.
            quiet = io.StringIO()
            with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
                assert main([*command, *words]) == 0
        return path

    return run


@pytest.fixture(scope="session")
def second(
    tmp_path_factory: pytest.TempPathFactory, config: Callable[..., Path]
) -> Path:
    """Another run of the binary data, of another shape, that learnt for one epoch."""
    run = tmp_path_factory.mktemp("second") / "second"
    more = ("training.epochs=1", "model.kind=average", "model.hidden=[4]")
    words = [word for setting in (*FAST, *more) for word in ("--set", setting)]
    command = ["train", "--config", str(config("binary")), "--run-dir", str(run)]
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        assert main([*command, *words]) == 0
    return run
