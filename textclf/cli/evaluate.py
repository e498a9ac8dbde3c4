"""`textclf evaluate`."""

import argparse
import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textclf.cli.console import Console, width
from textclf.cli.places import expected_bundle, sources_of, table_of_file
from textclf.config.load import load_config
from textclf.errors import ConfigError
from textclf.run import CONFIG, Run, check_free

if TYPE_CHECKING:
    from textclf.assessment import Judged
    from textclf.config.schema import Config
    from textclf.evaluation.mistakes import Mistake
    from textclf.evaluation.slices import Slice


def run(options: argparse.Namespace) -> None:
    """Scores a run on its held-out data or on a file, and prints the report."""
    if (options.errors or 0) < 0:
        raise ConfigError(f"got {options.errors}, expected 0 or more", where="--errors")
    if options.compare:
        from textclf.cli.versus import compare

        compare(options)
        return
    if options.run is None:
        raise ConfigError("got no run", where="evaluate", fix="give --run DIR")
    if options.output:
        check_free(Path(options.output), "--output")
    record = Run.open(Path(options.run))
    config = load_config(record.folder / CONFIG).config
    judged = _judged(record, config, options, Console())
    slices, mistakes = _slices(judged, config, options), _mistakes(judged, options)
    if options.output:
        _write(Path(options.output), judged, slices, mistakes)
    if options.json:
        print(json.dumps(_as_json(judged, slices, mistakes), ensure_ascii=False))
    else:
        print("\n".join(_lines(judged, slices, mistakes)))


def _judged(
    record: Run, config: "Config", options: argparse.Namespace, console: Console
) -> "Judged":
    from textclf.assessment import judge_held_out, judge_table, learnt_of_run
    from textclf.ensemble.ensemble import answerer_of

    tables = sources_of(record, config, options.data_dir, console)
    bundle = expected_bundle(record.bundle, options.expect_sha256)
    if not options.data:
        read = tables()
        return judge_held_out(record, config, read, answerer_of(bundle))
    table = table_of_file(config, Path(options.data))
    learnt = learnt_of_run(config, tables, progress=console)
    judge = partial(judge_table, record, config, table, answerer_of(bundle))
    return judge(learnt=learnt, progress=console)


def _slices(
    judged: "Judged", config: "Config", options: argparse.Namespace
) -> list["Slice"]:
    from textclf.evaluation.metrics import checked_targets
    from textclf.evaluation.slices import slices_of

    names = [name for given in options.slice for name in given.split(",")]
    predictions, targets = judged.predictions, judged.dataset.targets
    k, n = len(predictions.labels), len(predictions)
    truth = checked_targets(targets, n=n, k=k, task=predictions.task)
    groups = [
        group for name in names for group in _groups(name.strip(), judged, config)
    ]
    return slices_of(predictions, truth, groups, seed=config.seed)


def _groups(name: str, judged: "Judged", config: "Config") -> list[Any]:
    """Returns the groups of texts that one name of `--slice` means.

    Raises:
        ConfigError: The name is empty, or no text has the value.
        DataError: There is no such column.
    """
    from textclf.data.beside import column_beside
    from textclf.evaluation.slices import BUILT_IN, built_in_groups, column_groups

    column, equals, value = name.partition("=")
    if not column:
        raise ConfigError("got an empty name", where="--slice")
    if column in BUILT_IN and not equals:
        dataset = judged.dataset
        return built_in_groups(
            column, judged.predictions, dataset.targets, dataset.texts
        )
    data = config.data
    cells = column_beside(
        judged.table,
        column,
        text=data.text,
        encoding=data.encoding,
        encoding_errors=data.encoding_errors,
    )
    groups = column_groups(column, cells, value=value if equals else None)
    if not groups:
        raise ConfigError(
            f"no text has {value!r} in the column {column!r}",
            where=f"--slice {name}",
            fix=f"see all values by --slice {column}",
        )
    return groups


def _mistakes(judged: "Judged", options: argparse.Namespace) -> list["Mistake"]:
    from textclf.evaluation.mistakes import worst_mistakes

    dataset = judged.dataset
    return worst_mistakes(
        judged.predictions,
        dataset.targets,
        dataset.texts,
        judged.table.place,
        most=options.errors or 0,
    )


def _as_json(
    judged: "Judged", slices: list["Slice"], mistakes: list["Mistake"]
) -> Mapping[str, Any]:
    values = judged.report.to_json()
    if slices:
        values["slices"] = [part.to_json() for part in slices]
    if mistakes:
        values["errors"] = [one.to_json() for one in mistakes]
    return values


def _lines(
    judged: "Judged", slices: list["Slice"], mistakes: list["Mistake"]
) -> list[str]:
    from textclf.evaluation.mistakes import mistake_lines
    from textclf.evaluation.slices import slice_lines

    lines, columns = judged.report.to_lines(width()), width()
    if slices:
        lines += ["", *slice_lines(slices, judged.predictions.task, columns)]
    if mistakes:
        lines += ["", *mistake_lines(mistakes, columns)]
    return lines


def _write(
    folder: Path, judged: "Judged", slices: list["Slice"], mistakes: list["Mistake"]
) -> None:
    from textclf.assessment import keep
    from textclf.evaluation.mistakes import mistake_markdown
    from textclf.evaluation.slices import slice_markdown
    from textclf.files import write_json

    folder.mkdir(parents=True, exist_ok=True)
    more = []
    if slices:
        more += slice_markdown(slices, judged.predictions.task) + [""]
        write_json(folder / "slices.json", [part.to_json() for part in slices])
    if mistakes:
        more += mistake_markdown(mistakes) + [""]
        write_json(folder / "errors.json", [one.to_json() for one in mistakes])
    kept = partial(keep, folder, judged.dataset, judged.predictions, judged.report)
    kept(more="\n".join(more), suffix="")
