"""Everything a document about a run is made of, read once."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from textclf.bundle import Bundle
from textclf.config.load import load_config
from textclf.config.schema import Config
from textclf.data.held import SPLITS, Held, held_splits
from textclf.data.sources import Sources
from textclf.ensemble.members import bundle_of_one
from textclf.errors import ArtefactError, TextclfError
from textclf.evaluation.answers import Answers, read_answers
from textclf.evaluation.movement import Movement
from textclf.evaluation.report import Report
from textclf.run import CONFIG, HISTORY, Run
from textclf.vectors.coverage import Coverage


@dataclass(frozen=True, eq=False)
class Material:
    """A finished run, and the texts it was made of where they are still there.

    Attributes:
        run: The folder.
        config: What was asked.
        bundle: The model, verified.
        state: When it ended, and how long it took.
        data: Sizes, labels, sources and hashes of its data, and remarks on them.
        environment: Versions and machine.
        history: A mapping an epoch.
        reports: The scores of `dev` and, where texts were held out, of `test`.
        answers: What the model said of the texts of each of them, where that was kept.
        texts: The texts of each split; none where they are gone or others.
        gone: Why texts are missing; empty where none are.
        movement: What training did to the words; None for a model without vectors.
        coverage: What a vector file knew; None where the model began without one.
    """

    run: Run
    config: Config
    bundle: Bundle
    state: Mapping[str, Any]
    data: Mapping[str, Any]
    environment: Mapping[str, Any]
    history: tuple[Mapping[str, Any], ...]
    reports: Mapping[str, Report]
    answers: Mapping[str, Answers]
    texts: Mapping[str, Held]
    gone: str
    movement: Movement | None
    coverage: Coverage | None

    @property
    def name(self) -> str:
        """What the run is called: its folder tells two runs of one name apart."""
        return self.run.folder.resolve().name

    @property
    def split(self) -> str:
        """The split that the scores are of: `test` where there is one, else `dev`."""
        return "test" if "test" in self.reports else "dev"

    @property
    def report(self) -> Report:
        """The scores that count."""
        return self.reports[self.split]

    @property
    def judged(self) -> Answers | None:
        """The answers that the scores are of; None where the run kept none."""
        return self.answers.get(self.split)

    @property
    def many(self) -> bool:
        """Whether a text may have several labels, or none."""
        return bool(self.bundle.labels.task == "multilabel")


def gather(run: Run, tables: Callable[[], Sources]) -> Material:
    """Reads a finished run.

    Args:
        run: A complete one.
        tables: Reads the tables it was trained on; where that fails, its texts are
            missing and the reason is kept.

    Raises:
        ArtefactError: A record of the run is damaged or missing.
    """
    config = load_config(run.folder / CONFIG).config
    data = run.read_json("data.json")
    bundle, reports = bundle_of_one(run), _reports(run)
    texts, gone = _texts(config, data, tables)
    return Material(
        run=run,
        config=config,
        bundle=bundle,
        state=run.state(),
        data=data,
        environment=run.read_json("environment.json"),
        history=_history(run),
        reports=reports,
        answers=_answers(run, bundle, reports),
        texts=texts,
        gone=gone,
        movement=_optional(run, "embedding.json", Movement.from_json),
        coverage=_optional(run, "coverage.json", Coverage.from_json),
    )


def _reports(run: Run) -> dict[str, Report]:
    reports = {
        split: Report.from_json(run.read_json(f"report-{split}.json"))
        for split in SPLITS[1:]
        if (run.folder / f"report-{split}.json").is_file()
    }
    if "dev" not in reports:
        raise ArtefactError("got no report on dev texts", where=str(run.folder))
    return reports


def _answers(
    run: Run, bundle: Bundle, reports: Mapping[str, Report]
) -> dict[str, Answers]:
    found = {
        split: read_answers(run, split, labels=bundle.labels, decision=report.decision)
        for split, report in reports.items()
    }
    return {split: answers for split, answers in found.items() if answers is not None}


def _history(run: Run) -> tuple[Mapping[str, Any], ...]:
    path = run.folder / HISTORY
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return tuple(json.loads(line) for line in lines)
    except (OSError, ValueError) as fault:
        raise ArtefactError("got no history", where=str(path)) from fault


def _optional(run: Run, name: str, read: Callable[[Any], Any]) -> Any:
    return read(run.read_json(name)) if (run.folder / name).is_file() else None


def _texts(
    config: Config, data: Mapping[str, Any], tables: Callable[[], Sources]
) -> tuple[dict[str, Held], str]:
    """Returns the splits whose texts are those of the run, and what is missing."""
    known = data["splits"]
    try:
        kept = held_splits(config, tables(), known)
    except TextclfError as fault:
        return {}, f"The texts of the run cannot be read: {fault}"
    changed = [name for name in known if name not in kept]
    if not changed:
        return kept, ""
    return kept, f"The texts of {' and '.join(changed)} are not those of the run."
