"""Small runs, trained by the command, with labels and texts that nobody is glad of."""

import contextlib
import functools
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from textclf.cli.main import main
from textclf.data.sources import Sources
from textclf.data.tables import read_table
from textclf.report.material import Material, gather
from textclf.run import Run

HOSTILE = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "a/b|c`*_[x](http://example.org)",
    "=cmd\u202eRTL",
)
MARK = "<b onclick=alert(1)>bold</b>"
FAST = ("training.epochs=2", "training.batch_size=16", "training.learning_rate=0.02")


def rows(number: int) -> list[dict[str, str]]:
    """Texts that their label's own words tell apart."""
    own = ("red warm", "blue cold", "green wet", "grey dry")
    return [
        {
            "text": f"{own[n % 4]} thing number {n} {MARK} \u200b\x1b[31m",
            "label": HOSTILE[n % 4],
        }
        for n in range(number)
    ]


@pytest.fixture(scope="session")
def run_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Run]:
    """Trains a model of a kind once: `run_of("cnn")`, `run_of("cnn", test=0.0)`."""
    parent = tmp_path_factory.mktemp("runs")

    @functools.cache
    def of(kind: str, *, test: float = 0.25) -> Run:
        folder = parent / f"{kind}{test}"
        data = parent / f"{kind}{test}.jsonl"
        lines = (json.dumps(row) for row in rows(96))
        data.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        config = parent / f"{kind}{test}.yaml"
        settings = {
            "name": "hostile",
            "data": {"train": str(data), "dev_fraction": 0.2, "test_fraction": test},
            "text": {"unit": "character" if kind == "charcnn" else "word"},
            "model": {"kind": kind},
        }
        config.write_text(json.dumps(settings), "utf-8")
        words = [word for setting in FAST for word in ("--set", setting)]
        command = ["train", "--config", str(config), "--run-dir", str(folder), *words]
        quiet = io.StringIO()
        with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
            assert main(command) == 0
        return Run.open(folder)

    return of


@pytest.fixture(scope="session")
def sets_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Trains a model of label sets, with n-grams of words and of characters."""
    parent = tmp_path_factory.mktemp("sets")
    data, config = parent / "sets.jsonl", parent / "sets.yaml"
    own, labels = (
        ("red warm", "blue cold", "grey dry"),
        ("plain", "odd|plain", "rare|odd"),
    )
    data.write_text(
        "".join(
            json.dumps(
                {"text": f"{own[n % 3]} thing number {n}", "label": labels[kind]}
            )
            + "\n"
            for n in range(96)
            for kind in [0 if n % 4 else n // 4 % 3]
        ),
        "utf-8",
    )
    settings = {
        "name": "sets",
        "data": {
            "train": str(data),
            "label_separator": "|",
            "dev_fraction": 0.2,
            "test_fraction": 0.3,
        },
        "text": {"ngrams": 2, "char_ngrams": [2, 4]},
        "model": {"kind": "ngram"},
    }
    config.write_text(json.dumps(settings), "utf-8")
    words = [word for setting in FAST for word in ("--set", setting)]
    command = ["train", "--config", str(config), "--run-dir", str(parent / "sets")]
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        assert main([*command, *words]) == 0
    return Run.open(parent / "sets")


def material_of(run: Run, data: Path | None = None) -> Material:
    """What a document about a run is made of; `data` in place of its own file."""
    file = data or run.folder.parent / f"{run.folder.name}.jsonl"

    def tables() -> Sources:
        return Sources(read_table(file, text="text", label="label"), None, None)

    return gather(run, tables)
