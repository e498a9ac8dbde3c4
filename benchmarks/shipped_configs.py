"""Trains every configuration in configs/ and writes benchmarks/SHIPPED_CONFIGS.md.

    TEXTCLF_DATA=../shared/data python benchmarks/shipped_configs.py [NAME ...]

Each is one `python -m textclf train` in a process of its own; the wall time is that of
the whole command, with imports, reading, the floor and both reports.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from textclf.machine import environment

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "benchmarks" / "SHIPPED_CONFIGS.md"
CLEAN_CHINESE = "chnsenticorp/test_nodup.csv"


def textclf(*arguments: str) -> dict[str, Any]:
    """Runs a command; returns the JSON object it prints."""
    command = [sys.executable, "-m", "textclf", *arguments, "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def row(name: str, report: dict[str, Any], wall: float | None) -> str:
    """Returns a line of the table: the model beside the two baselines."""
    measure = "micro_f1" if report["task"] == "multilabel" else "accuracy"
    low, high = report[f"{measure}_ci95"]
    floor = report["floor"]
    cells = [
        name,
        f"{report['n']:,}",
        measure.replace("_", " "),
        f"{100 * report[measure]:.1f} [{100 * low:.1f}, {100 * high:.1f}]",
        f"{100 * report['macro_f1']:.1f}",
        f"{100 * floor['linear'][measure]:.1f} ({floor['linear']['features']})",
        f"{100 * floor['majority'][measure]:.1f}",
        "" if wall is None else f"{wall:.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def measured(name: str, folder: Path) -> list[str]:
    """Trains one configuration; returns its lines of the table."""
    config, run = ROOT / "configs" / f"{name}.yaml", folder / name
    started = time.monotonic()
    result = textclf("train", "--config", str(config), "--run-dir", str(run))
    wall = time.monotonic() - started
    lines = [row(name, result["test"], wall)]
    clean = Path(os.environ.get("TEXTCLF_DATA", "")) / CLEAN_CHINESE
    if name == "chnsenticorp" and clean.is_file():
        report = textclf("evaluate", "--run", str(run), "--data", str(clean.resolve()))
        lines.append(row("chnsenticorp, test_nodup", report, None))
    return lines


def main(names: list[str]) -> None:
    """Writes the table, and each line of it to stdout as it comes."""
    shipped = sorted(path.stem for path in (ROOT / "configs").glob("*.yaml"))
    chosen = names or [name for name in shipped if not name.startswith("study_")]
    facts = environment()
    lines = [
        "# What the shipped configurations reach",
        "",
        "`TEXTCLF_DATA=… python benchmarks/shipped_configs.py`, seed 7 of each file, "
        f"{facts['cores']} cores, Python {platform.python_version()}, "
        + ", ".join(f"{k} {v}" for k, v in facts["versions"].items())
        + ". Test data as the configuration names them, predicted once; settings were "
        "chosen on dev data. Wall seconds are those of the whole command.",
        "",
        "| config | texts | measure | textclf, % [95 %] | macro F1 | linear floor | "
        "majority | wall s |",
        "|---|---:|---|---|---:|---|---:|---:|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen:
            for line in measured(name, Path(folder)):
                print(line, flush=True)
                lines.append(line)
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
