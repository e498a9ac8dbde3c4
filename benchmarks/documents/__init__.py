"""g: a corpus that need not fit into memory."""

import json

from benchmarks.goals import figure
from benchmarks.prepare.sizes import document_count
from benchmarks.records import (
    ROOT,
    Benchmark,
    Case,
    Column,
    Contestant,
    Figures,
    Goal,
    Place,
    python,
)

_OURS = "textclf"
_CONFIG = ROOT / "benchmarks" / "documents.yaml"


def _command(place: Place, case: Case) -> list[str]:
    settings = {
        "data.train": place.work / "documents.parquet",
        "data.cache": place.scratch / "cache",
    }
    overrides = [x for k, v in settings.items() for x in ("--set", f"{k}={v}")]
    run = place.fresh_run("documents")
    options = ("--config", _CONFIG, "--run-dir", run, "--json", *overrides)
    return python("textclf", "train", *options)


def _read(output: str) -> Figures:
    summary = json.loads(output)
    return {"accuracy": summary["dev"]["accuracy"]}


def _cases(quick: bool) -> tuple[Case, ...]:
    count = document_count(quick)
    return (Case(f"{count:,} documents", {"texts": count}),)


def _goals(quick: bool) -> tuple[Goal, ...]:
    peak = figure(_cases(quick)[0].name, _OURS, "peak_mb")
    return (Goal("peak memory < 3 GB", peak, most=3000.0, unit="MB"),)


BENCHMARK = Benchmark(
    letter="g",
    name="documents",
    profiled=None,
    title="Larger than memory",
    text="A made-up corpus of short labelled documents in one Parquet file: about 33 "
    "words of Zipf's frequencies each, every tenth of them from a list of the class "
    "(5,000,000 documents are 1.08 GB of text). `textclf train` with `data.cache`, "
    "one epoch, the whole command; nobody is compared, so one round. Its peak is the "
    "largest resident set, pages of the memory-mapped cache included.",
    contestants=(
        Contestant(
            _OURS,
            "`benchmarks/documents.yaml`: words, averaged embeddings of 16, lazy Adam, "
            "batch 1,024, one epoch.",
            _command,
            _read,
            ours=True,
        ),
    ),
    cases=_cases,
    columns=(
        Column("wall_s", "wall s"),
        Column("cpu_s", "CPU s"),
        Column("peak_mb", "peak GB", scale=1e-3, digits=2),
        Column("texts_per_s", "documents/s", digits=0),
        Column("accuracy", "dev accuracy, %", scale=100.0),
    ),
    goals=_goals,
    ratio=None,
    prepare=("documents",),
    packages=("textclf", "polars", "pyarrow", "keras", "tensorflow"),
    rounds=1,
)
