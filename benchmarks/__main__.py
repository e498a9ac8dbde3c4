"""`python -m benchmarks [NAME …] [--quick] [--data DIR]`: measures, writes tables."""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.facts import facts
from benchmarks.records import ROOT, Benchmark, Place, python
from benchmarks.registry import BENCHMARKS, chosen
from benchmarks.results import Results, read, write
from benchmarks.rounds import (
    Measurement,
    alternate,
    broken,
    clock,
    measurer,
    profiled,
    progress,
)
from benchmarks.table import page, section, summary

_HOME = ROOT / "benchmarks"


def options() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    names = ", ".join(f"{b.letter} {b.name}" for b in BENCHMARKS)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"default: all; {names}"
    )
    parser.add_argument("--quick", action="store_true", help="small sizes, few rounds")
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        default=Path(os.environ.get("TEXTCLF_DATA", ROOT.parent / "shared" / "data")),
        help="the data sets; default: TEXTCLF_DATA, else ../shared/data",
    )
    return parser.parse_args()


def main() -> int:
    """Runs what was asked for; returns the exit code."""
    asked = options()
    try:
        wanted = chosen(asked.names)
        place = _place(asked.data.resolve(), asked.quick)
    except (ValueError, FileNotFoundError) as fault:
        progress(f"error: {fault}")
        return 2
    shutil.rmtree(place.runs, ignore_errors=True)
    elapsed, failures = clock(), list[Measurement]()
    for benchmark in wanted:
        results = _run(benchmark, place)
        failures += broken(benchmark, list(results.measurements))
        write(results, _folder(place.quick))
        print(section(benchmark, results), flush=True)
    shutil.rmtree(place.scratch, ignore_errors=True)
    _write_page(place.quick)
    progress(f"all in {elapsed():.0f} s")
    for one in failures:
        progress(f"error: textclf, {one.case}, {one.contestant}: {one.missing}")
    return 1 if failures else 0


def _place(data: Path, quick: bool) -> Place:
    for needed in ("imdb/train.parquet", "imdb/test.parquet", "imdb/unsup.parquet"):
        if not (data / needed).is_file():
            raise FileNotFoundError(
                f"got no {data / needed}; give the folder of the data sets by --data "
                "or TEXTCLF_DATA"
            )
    return Place(data, _HOME / "work" / ("quick" if quick else "full"), quick)


def _folder(quick: bool) -> Path:
    return _HOME / "work" / "quick" / "results" if quick else _HOME / "results"


def _run(benchmark: Benchmark, place: Place) -> Results:
    progress(f"{benchmark.letter}. {benchmark.title}")
    preparing = clock()
    _prepare(benchmark, place)
    prepared, running = preparing(), clock()
    measured = measurer(place)
    found = alternate(benchmark, quick=place.quick, measured=measured, say=progress)
    profiles = profiled(benchmark, quick=place.quick, measured=measured)
    seconds = running()
    progress(f"  {seconds:.0f} s, and {prepared:.0f} s of preparing")
    known = facts(benchmark.packages, fasttext_python=place.fasttext_python)
    name = benchmark.name
    quick = place.quick
    return Results(name, quick, seconds, prepared, known, tuple(found), profiles)


def _prepare(benchmark: Benchmark, place: Place) -> None:
    if not benchmark.prepare:
        return
    options = ["--data", place.data, "--work", place.work]
    options += ["--quick"] if place.quick else []
    command = python("benchmarks.prepare", *options, *benchmark.prepare)
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        command, cwd=ROOT, env=environ, stdout=sys.stderr, stderr=subprocess.PIPE
    )
    if done.returncode:
        sys.stderr.buffer.write(done.stderr)
        raise SystemExit(f"error: preparing {benchmark.name} failed")


def _write_page(quick: bool) -> None:
    """Writes the page of all results there are, those of earlier runs too."""
    folder = _folder(quick)
    files = [(b, folder / f"{b.name}.json") for b in BENCHMARKS]
    found = [(b, read(path)) for b, path in files if path.is_file()]
    command = "make bench QUICK=1" if quick else "make bench"
    path = (folder.parent if quick else _HOME) / "RESULTS.md"
    path.write_text(page(found, command=command, quick=quick), encoding="utf-8")
    print(summary(found))
    progress(f"written: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main())
