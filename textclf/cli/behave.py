"""`textclf behave`."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textclf.cli.console import Console, width
from textclf.cli.places import bundle_folder, places, text_column
from textclf.errors import ConfigError, DataError, one_of
from textclf.files import write_json, write_text
from textclf.run import CONFIG, STATE, Run

if TYPE_CHECKING:
    from textclf.behave.reading import Suite
    from textclf.behave.results import SuiteResult

_FORMS = (".html", ".json", ".md")
_MOST_EXAMPLES = 100


def run(options: argparse.Namespace) -> None:
    """Runs a suite of behavioural tests and prints what a model cannot do."""
    from textclf.behave.reading import open_suite

    suite, labels = open_suite(options.suite), labels_given(options.label)
    if not 0 <= options.examples <= _MOST_EXAMPLES:
        problem = f"got {options.examples}, expected 0 to {_MOST_EXAMPLES}"
        raise ConfigError(problem, where="--examples")
    folder = bundle_folder(Path(options.run))
    if options.output:
        _check_output(Path(options.output), Path(options.run))
    result = _result(suite, folder, labels, options)
    if options.output:
        _write(result, Path(options.output), options.examples)
    if options.json:
        print(json.dumps(result.to_json(), ensure_ascii=False))
    else:
        print("\n".join(result.to_lines(width(), examples=options.examples)))
    if options.strict and not result.passed:
        failed = [test.name for test in result.failed]
        told = f"{len(failed)} of {len(result.tests)} tests fail: {one_of(failed)}"
        raise DataError(told, where=result.suite)


def _result(
    suite: "Suite", folder: Path, labels: dict[str, str], options: argparse.Namespace
) -> "SuiteResult":
    from textclf.behave.running import roles_of, run_suite
    from textclf.ensemble.ensemble import answerer_of, open_any

    predictor = answerer_of(open_any(folder))
    roles_of(suite, predictor.labels.names, labels)  # before texts are read
    texts = _texts(suite, options)
    return run_suite(
        suite,
        predictor.predict,
        texts=texts,
        labels=labels,
        examples=max(options.examples, 1),
    )


def labels_given(pairs: Sequence[str]) -> dict[str, str]:
    """Reads the flags `--label KEY=NAME`.

    Raises:
        ConfigError: One of them has another form, or a key comes twice.
    """
    given: dict[str, str] = {}
    for pair in pairs:
        key, sign, name = pair.partition("=")
        if not (key and sign and name):
            problem = f"got {pair!r}, expected KEY=NAME"
            raise ConfigError(problem, where="--label", fix="e.g. positive=good")
        if key in given:
            raise ConfigError(f"got {key} twice", where="--label")
        given[key] = name
    return given


def _texts(suite: "Suite", options: argparse.Namespace) -> Sequence[str]:
    """Returns the texts that tests may change, if there are such tests and texts."""
    if not suite.spec.wants_texts:
        return ()
    if options.texts:
        from textclf.behave.own_texts import texts_of_file

        return texts_of_file(Path(options.texts), text_column(Path(options.run)))
    if not (Path(options.run) / STATE).is_file():
        Console().warn("a bundle has no texts; give some by --texts FILE")
        return ()
    return _dev_texts(Run.open(Path(options.run)), options.data_dir)


def _dev_texts(record: Run, data_dir: str | None) -> Sequence[str]:
    from textclf.behave.own_texts import dev_texts
    from textclf.config.load import load_config
    from textclf.data.named import open_sources

    config = load_config(record.folder / CONFIG).config
    found = places(data_dir, record.folder)
    tables = open_sources(config.data, found, progress=Console())
    return dev_texts(record, config, tables)


def _check_output(path: Path, run: Path) -> None:
    """Refuses a file that cannot be written, before the model is loaded."""
    if path.suffix not in _FORMS:
        problem = f"got {path.suffix or 'no ending'}, expected one of {one_of(_FORMS)}"
        raise ConfigError(problem, where=str(path))
    if not path.parent.is_dir():
        raise ConfigError(
            "no such folder", where=str(path.parent), fix="make it or choose another"
        )
    if path.resolve().is_relative_to(run.resolve()):
        raise ConfigError(
            "lies inside the run, which never changes once it is finished",
            where=str(path),
            fix="choose a place outside it",
        )


def _write(result: "SuiteResult", path: Path, examples: int) -> None:
    if path.suffix == ".json":
        write_json(path, result.to_json())
    elif path.suffix == ".html":
        write_text(path, result.to_html(examples=examples))
    else:
        write_text(path, result.to_markdown(examples=examples))
    Console().say(f"results in {path}")
