"""From runs on the same data to a run of their ensemble."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from textclf import machine
from textclf.assessment import assess, keep
from textclf.bundle import Bundle
from textclf.config.load import dump_config, load_config
from textclf.config.schema import Config
from textclf.data.dataset import Dataset
from textclf.data.held import held
from textclf.data.sources import Sources
from textclf.ensemble.bundle import save_ensemble
from textclf.ensemble.ensemble import Ensemble, logits_from
from textclf.ensemble.members import bundle_of_one, write_members
from textclf.ensemble.weights import likelihoods, mixture_weights
from textclf.errors import ConfigError, DataError, one_of
from textclf.evaluation.deciding import decide
from textclf.evaluation.report import Report
from textclf.predictor import Predictor
from textclf.progress import SILENT, Progress
from textclf.run import CONFIG, Run

_COUNTS = 0.005
"""The least weight of a model that is kept: less changes no answer."""
_FIX = "restore it where the runs had it"


def blend(
    runs: Sequence[Run],
    folder: Path,
    *,
    sources: Callable[[Run, Config], Sources],
    progress: Progress = SILENT,
) -> Run:
    """Makes a run of the weighted mean of the models of other runs.

    The dev texts decide what each model counts, and the temperature and thresholds of
    their mean. The test texts are predicted once, at the end.

    Args:
        runs: Finished runs that held the same dev and test texts out.
        folder: A new or empty folder for the run.
        sources: Reads the tables of a run.
        progress: Who listens.

    Raises:
        ConfigError: There are fewer than two runs, or one learnt from its dev texts.
        DataError: The runs have other labels, or held other texts out; or the texts
            are not there any more.
        ArtefactError: A run is damaged.
    """
    started = time.monotonic()
    check_alike(runs)
    _refuse_refitted(runs)
    first = runs[0]
    config = load_config(first.folder / CONFIG).config
    config = config.model_copy(update={"name": f"{config.name}-ensemble"[:80]})
    tables = sources(first, config)
    dev = held(first, "dev", config, tables, fix=_FIX).dataset
    bundles = [bundle_of_one(run) for run in runs]
    _check_labels(bundles)
    models = [Predictor.of_bundle(bundle) for bundle in bundles]
    weights = _weights(models, dev, progress)
    kept = np.flatnonzero(weights >= _COUNTS)
    _tell(runs, weights, progress)
    share = weights[kept] / weights[kept].sum()
    mean = Ensemble(tuple(models[i] for i in kept), tuple(map(float, share)))
    ensemble = _decided(mean, dev, config, progress)
    record = Run.create(folder, config=dump_config(config))
    with record.running():
        described = first.read_json("data.json")
        record.write_json("data.json", described)
        record.write_json("environment.json", machine.environment())
        members = zip([runs[int(i)] for i in kept], ensemble.weights, strict=True)
        write_members(record, members)
        _save(record, ensemble, [bundles[i] for i in kept])
        splits = {"dev": dev}
        if "test" in described["splits"]:
            splits["test"] = held(first, "test", config, tables, fix=_FIX).dataset
        for name, dataset in splits.items():
            _judge(record, first, config, ensemble, name, dataset)
        seconds = round(time.monotonic() - started, 1)
        record.write_state("complete", seconds=seconds)
    return record


def check_alike(runs: Sequence[Run]) -> None:
    """Refuses runs that did not hold the same texts out.

    Raises:
        ConfigError: There are fewer than two runs, or one comes twice.
        DataError: They held other dev or test texts out.
    """
    folders = [str(run.folder.resolve()) for run in runs]
    if len(set(folders)) < max(2, len(runs)):
        raise ConfigError(
            f"got {len(set(folders))} different runs, expected two or more",
            fix="give the folders that train printed",
        )
    described = [run.read_json("data.json")["splits"] for run in runs]
    for split in ("dev", "test"):
        hashes = [splits.get(split, {}).get("sha256") for splits in described]
        odd = [run for run, own in zip(runs, hashes, strict=True) if own != hashes[0]]
        if odd:
            raise DataError(
                f"got other {split} texts than {runs[0].folder} held out",
                where=str(odd[0].folder),
                fix="train all of them with the same data, data.dev_fraction and seed",
            )


def _refuse_refitted(runs: Sequence[Run]) -> None:
    for run in runs:
        if load_config(run.folder / CONFIG).config.training.refit:
            raise ConfigError(
                "got a model that was trained once more with its dev texts "
                "(training.refit), which can no longer tell what it should count",
                where=str(run.folder),
                fix="train it with training.refit: false",
            )


def _check_labels(bundles: Sequence[Bundle]) -> None:
    for bundle in bundles[1:]:
        if bundle.labels != bundles[0].labels:
            names = {*bundle.labels.names} ^ {*bundles[0].labels.names}
            raise DataError(
                f"got other labels than the first run: {one_of(sorted(names))}",
                where=str(bundle.folder),
            )


def _weights(
    models: Sequence[Predictor], dev: Dataset, progress: Progress
) -> np.ndarray:
    answers = []
    with progress.task("dev texts", len(models)) as task:
        for model in models:
            answers.append(model.predict(dev.texts).probabilities)
            task.advance(1)
    given = likelihoods(np.stack(answers), dev.targets, dev.labels.task)
    return mixture_weights(given)


def _tell(runs: Sequence[Run], weights: np.ndarray, progress: Progress) -> None:
    for run, weight in zip(runs, weights, strict=True):
        left = "" if weight >= _COUNTS else ", left out"
        progress.say(f"weight {weight:.3f}{left}: {run.folder}")


def _decided(
    mean: Ensemble, dev: Dataset, config: Config, progress: Progress
) -> Ensemble:
    labels = mean.labels
    decided = decide(
        logits_from(mean.predict(dev.texts).probabilities, labels.task),
        dev.targets,
        labels=labels.names,
        task=labels.task,
        settings=config.decision,
        seed=config.seed,
    )
    for note in decided.notes:
        progress.warn(note)
    return Ensemble(mean.models, mean.weights, decided.decision)


def _save(record: Run, ensemble: Ensemble, bundles: Sequence[Bundle]) -> None:
    texts = list(dict.fromkeys(t for b in bundles for t in b.golden["texts"]))
    golden: dict[str, Any] = {"texts": texts}
    golden["probabilities"] = ensemble.predict(texts).probabilities.tolist()
    save_ensemble(
        record.bundle,
        models=[bundle.folder for bundle in bundles],
        weights=ensemble.weights,
        golden=golden,
        decision=ensemble.decision,
    )


def _judge(
    record: Run,
    first: Run,
    config: Config,
    ensemble: Ensemble,
    split: str,
    dataset: Dataset,
) -> Report:
    floor = first.read_json(f"report-{split}.json")["floor"]
    predictions, report = assess(
        ensemble,
        dataset,
        name=config.name,
        split=split,
        seed=config.seed,
        floor=lambda _: floor,
    )
    keep(record.folder, dataset, predictions, report)
    return report
