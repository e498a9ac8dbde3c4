"""`textclf evaluate --compare`: two runs on the same texts."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from textclf.cli.console import Console, width
from textclf.cli.places import sources_of, table_of_file
from textclf.config.load import load_config
from textclf.errors import ConfigError, DataError, one_of
from textclf.run import CONFIG, Run

if TYPE_CHECKING:
    from textclf.assessment import Judged
    from textclf.config.schema import Config

_LISTED = 10


def compare(options: argparse.Namespace) -> None:
    """Tells which of two runs is better, and where they disagree.

    Raises:
        ConfigError: Flags that do not go together.
        DataError: The runs know other labels, or held other texts out.
    """
    for flag in ("run", "slice", "output", "expect_sha256"):
        if getattr(options, flag):
            named = flag.replace("_", "-")
            raise ConfigError(f"got --compare and --{named}", fix="give one of them")
    runs = [Run.open(Path(folder)) for folder in options.compare]
    configs = [load_config(run.folder / CONFIG).config for run in runs]
    if not options.data:
        _check_held_out(runs)
    pairs = zip(runs, configs, strict=True)
    a, b = (_judged(run, config, options) for run, config in pairs)
    if a.dataset.digest() != b.dataset.digest():
        raise DataError(
            "got other texts or labels for the second run than for the first",
            where=str(runs[1].folder),
        )

    from textclf.evaluation.paired import Paired

    paired = Paired.of(
        (str(runs[0].folder), str(runs[1].folder)),
        a.predictions,
        b.predictions,
        a.dataset.targets,
        texts=a.dataset.texts,
        place=a.table.place,
        seed=configs[0].seed,
        most=_LISTED if options.errors is None else options.errors,
    )
    if options.json:
        print(json.dumps(paired.to_json(), ensure_ascii=False))
    else:
        print("\n".join(paired.to_lines(width())))


def _judged(run: Run, config: "Config", options: argparse.Namespace) -> "Judged":
    from textclf.assessment import judge_held_out, judge_table
    from textclf.ensemble.ensemble import answerer_of, open_any

    predictor = answerer_of(open_any(run.bundle))
    if options.data:
        table = table_of_file(config, Path(options.data))
        return judge_table(run, config, table, predictor, learnt=None)
    tables = sources_of(run, config, options.data_dir, Console())
    return judge_held_out(run, config, tables(), predictor)


def _check_held_out(runs: list[Run]) -> None:
    """Refuses runs whose test texts are not the same, row for row.

    Raises:
        ConfigError: A run held no test texts out.
        DataError: They held other texts out, or the texts have other labels.
    """
    from textclf.assessment import held_out

    tests = [held_out(run) for run in runs]
    if tests[0]["sha256"] == tests[1]["sha256"]:
        return
    known = [set(test["labels"]) for test in tests]
    if known[0] != known[1]:
        problem = f"got runs of different labels: {one_of(sorted(known[0] ^ known[1]))}"
    else:
        counts = [f"{test['texts']:,} of {test['source']}" for test in tests]
        problem = f"got runs with different test texts: {' and '.join(counts)}"
    raise DataError(
        problem,
        where=str(runs[1].folder),
        fix="judge both on the same labelled texts by --data FILE",
    )
