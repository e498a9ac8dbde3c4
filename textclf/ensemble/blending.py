"""From runs on the same data to a run of their ensemble."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from textclf import machine
from textclf.assessment import REFITTED, keep, score
from textclf.bundle import Bundle
from textclf.config.load import dump_config, load_config
from textclf.config.schema import Config
from textclf.data.dataset import Dataset
from textclf.data.held import held
from textclf.data.sources import Sources
from textclf.ensemble.bundle import save_ensemble
from textclf.ensemble.ensemble import Ensemble, logits_from
from textclf.ensemble.members import bundle_of_one, write_members
from textclf.ensemble.refitted import first_answers, is_refitted, refits_told
from textclf.ensemble.weights import likelihoods, mixture_weights
from textclf.errors import ConfigError, DataError, one_of
from textclf.evaluation.deciding import decide
from textclf.evaluation.predictions import Predictions
from textclf.predictor import Predictor
from textclf.progress import SILENT, Progress
from textclf.run import CONFIG, Run

_COUNTS = 0.005
"""The least weight of a model that is kept: less changes no answer."""
_FIX = "restore it where the runs had it"


@dataclass(frozen=True, eq=False)
class _Member:
    """A model, and what is known of it.

    Attributes:
        run: Where it comes from.
        bundle: Of the run.
        model: What answers.
        answers: To the dev texts, by a model that did not learn from them.
        refitted: Whether `model` did.
    """

    run: Run
    bundle: Bundle
    model: Predictor
    answers: Predictions
    refitted: bool


def blend(
    runs: Sequence[Run],
    folder: Path,
    *,
    sources: Callable[[Run, Config], Sources],
    progress: Progress = SILENT,
) -> Run:
    """Makes a run of the weighted mean of the models of other runs.

    The dev texts decide what each model counts, and the temperature and thresholds of
    their mean; of a refitted model, what it answered before it learnt from them. The
    test texts are predicted once, at the end. Settings and floor are those of the first
    refitted run, whose floor learnt from the dev texts as well, or else of the first.

    Args:
        runs: Finished runs that held the same dev and test texts out.
        folder: A new or empty folder for the run.
        sources: Reads the tables of a run.
        progress: Who listens.

    Raises:
        ConfigError: There are fewer than two runs.
        DataError: The runs have other labels, or held other texts out; or the texts
            are not there any more.
        ArtefactError: A run is damaged, or a refitted one lacks its first answers.
    """
    started = time.monotonic()
    check_alike(runs)
    lead = next(filter(is_refitted, runs), runs[0])
    config = load_config(lead.folder / CONFIG).config
    config = config.model_copy(update={"name": f"{config.name}-ensemble"[:80]})
    tables = sources(lead, config)
    dev = held(lead, "dev", config, tables, fix=_FIX).dataset
    members = _members(runs, dev, progress)
    ensemble, kept = _joined(members, dev, config, progress)
    notes = _notes(kept)
    record = Run.create(folder, config=dump_config(config))
    with record.running():
        described = _described(lead, notes)
        record.write_json("data.json", described)
        record.write_json("environment.json", machine.environment())
        own = zip([member.run for member in kept], ensemble.weights, strict=True)
        write_members(record, own)
        _save(record, ensemble, [member.bundle for member in kept])
        judge = partial(_judge, record, lead, config)
        judge("dev", dev, ensemble.joined([one.answers for one in kept]), notes)
        if "test" in described["splits"]:
            test = held(lead, "test", config, tables, fix=_FIX).dataset
            judge("test", test, ensemble.predict(test.texts))
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


def _members(runs: Sequence[Run], dev: Dataset, progress: Progress) -> list[_Member]:
    """Loads the models; a refitted one answered the dev texts before it knew them."""
    bundles = [bundle_of_one(run) for run in runs]
    _check_labels(bundles)
    members = []
    with progress.task("dev texts", len(runs)) as task:
        for run, bundle in zip(runs, bundles, strict=True):
            model, again = Predictor.of_bundle(bundle), is_refitted(run)
            said = (
                first_answers(run, bundle, dev) if again else model.predict(dev.texts)
            )
            members.append(_Member(run, bundle, model, said, refitted=again))
            task.advance(1)
    return members


def _check_labels(bundles: Sequence[Bundle]) -> None:
    for bundle in bundles[1:]:
        if bundle.labels != bundles[0].labels:
            names = {*bundle.labels.names} ^ {*bundles[0].labels.names}
            raise DataError(
                f"got other labels than the first run: {one_of(sorted(names))}",
                where=str(bundle.folder),
            )


def _joined(
    members: Sequence[_Member], dev: Dataset, config: Config, progress: Progress
) -> tuple[Ensemble, list[_Member]]:
    """Weighs the models; returns what they are together, and those that count."""
    likely = np.stack([member.answers.probabilities for member in members])
    given = likelihoods(likely, dev.targets, dev.labels.task)
    weights = mixture_weights(given)
    _tell([member.run for member in members], weights, progress)
    counts = weights >= _COUNTS
    share = weights[counts] / weights[counts].sum()
    kept = [member for member, own in zip(members, counts, strict=True) if own]
    mean = Ensemble(tuple(one.model for one in kept), tuple(map(float, share)))
    said = mean.joined([member.answers for member in kept])
    return _decided(mean, said, dev, config, progress), kept


def _tell(runs: Sequence[Run], weights: np.ndarray, progress: Progress) -> None:
    for run, weight in zip(runs, weights, strict=True):
        left = "" if weight >= _COUNTS else ", left out"
        progress.say(f"weight {weight:.3f}{left}: {run.folder}")


def _decided(
    mean: Ensemble,
    said: Predictions,
    dev: Dataset,
    config: Config,
    progress: Progress,
) -> Ensemble:
    labels = mean.labels
    decided = decide(
        logits_from(said.probabilities, labels.task),
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


def _notes(members: Sequence[_Member]) -> tuple[str, ...]:
    count = sum(member.refitted for member in members)
    return (refits_told(count, len(members)),) if count else ()


def _described(lead: Run, notes: tuple[str, ...]) -> dict[str, Any]:
    """Returns what a run says of its data, with the notes of the ensemble."""
    described: dict[str, Any] = lead.read_json("data.json")
    others = [n for n in described["notes"] if not n.startswith(REFITTED)]
    return described | {"notes": [*others, *notes]}


def _judge(
    record: Run,
    lead: Run,
    config: Config,
    split: str,
    dataset: Dataset,
    predictions: Predictions,
    notes: tuple[str, ...] = (),
) -> None:
    report = score(
        predictions,
        dataset,
        name=config.name,
        split=split,
        seed=config.seed,
        floor=lead.read_json(f"report-{split}.json")["floor"],
        notes=notes,
    )
    keep(record.folder, dataset, predictions, report)
