"""A study from Python: run it, go on with it, look at what it found."""

import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from textclf.config.duration import seconds_of
from textclf.data.named import Places
from textclf.errors import ConfigError
from textclf.files import locked
from textclf.progress import SILENT, Progress
from textclf.study.design import matching
from textclf.study.findings import Findings
from textclf.study.folder import LOCK, StudyFolder
from textclf.study.lead import Lead
from textclf.study.plan import Plan
from textclf.study.reading import WrittenStudy, read_study, study_from_mapping
from textclf.study.saved import factors_of, results_of
from textclf.study.spec import MOST_WORKERS
from textclf.study.store import Store

STUDIES = Path("studies")


class Study:
    """A study that can be run, here and in any later process.

    Args:
        spec: A study file, or the same as nested mappings.
        places: Where data sets are looked for; None: beside the file, then in the
            working directory, as `train` does.

    Raises:
        ConfigError: The file cannot be read, or a setting is unknown or out of its
            range.
    """

    def __init__(
        self,
        spec: str | Path | Mapping[str, Any] | WrittenStudy,
        *,
        places: Places | None = None,
    ) -> None:
        if isinstance(spec, WrittenStudy):
            self.written = spec
        elif isinstance(spec, Mapping):
            self.written = study_from_mapping(spec)
        else:
            self.written = read_study(Path(spec))
        near = [folder.absolute()] if (folder := self.written.folder) else []
        self.places = places or Places((*near, Path()), None, os.environ)

    @classmethod
    def open(cls, folder: str | Path, *, places: Places | None = None) -> "Study":
        """Takes up the study that lives in a folder.

        Args:
            folder: What `run` was given.
            places: Where data sets are looked for; None: as for a new study.

        Raises:
            ArtefactError: The folder holds no study.
        """
        facts = StudyFolder(Path(folder)).facts()
        path = Path(facts["file"]) if facts["file"] else None
        spec = study_from_mapping(facts["spec"]).spec
        return cls(WrittenStudy(spec, path, {}), places=places)

    def run(
        self,
        folder: str | Path | None = None,
        *,
        workers: int | None = None,
        budget: str | None = None,
        progress: Progress = SILENT,
    ) -> Findings:
        """Trains what is missing and returns what is known then.

        Args:
            folder: Where the study lives; None: `studies/NAME`.
            workers: Processes; None: `limits.workers`.
            budget: Time after which no trial begins, e.g. `20m`; None: `limits.budget`.
            progress: Who listens.

        Raises:
            ConfigError: A cell cannot be built, or another study is in the folder.
            ResourceError: Another process runs this study, or the disk is full.
            TextclfError: Three different cells failed alike.
        """
        spec = self.written.spec
        path = Path(folder) if folder else STUDIES / spec.study
        deadline = _deadline(budget or spec.limits.budget)
        with self.written.with_lines():
            self._lead(path, workers, progress).run(deadline=deadline)
        return Findings(results_of(path))

    def forget(self, folder: str | Path, cell: str | None = None) -> int:
        """Lets trials be trained again; returns how many.

        Args:
            folder: The study.
            cell: Levels that their cells have, e.g. `dim=50`; None: all that failed.

        Raises:
            ConfigError: A factor or a level is unknown.
            ResourceError: Another process runs the study.
        """
        path = Path(folder)
        with locked(path / LOCK):
            store, facts = Store.open(path), StudyFolder(path).facts()
            # What the test texts said is never asked for a second time.
            trials = [r for r in store if r.trial.kind != "test" or not r.done]
            wanted = matching(cell, factors_of(facts, trials)) if cell else {}
            chosen = [
                record.trial
                for record in trials
                if wanted.items() <= record.trial.cell.mapping().items()
                and (cell or not record.done)
            ]
            for trial in chosen:
                store.forget(trial)
        return len(chosen)

    def plan(self, *, workers: int | None = None, progress: Progress = SILENT) -> Plan:
        """Works out what is to be trained and, by trying a few cells, what it costs.

        Raises:
            ConfigError: A cell cannot be built.
        """
        with (
            tempfile.TemporaryDirectory(prefix="textclf-plan-") as folder,
            self.written.with_lines(),
        ):
            return self._lead(Path(folder), workers, progress).plan()

    def _lead(self, path: Path, workers: int | None, progress: Progress) -> Lead:
        limits = self.written.spec.limits
        if workers is not None and not 1 <= workers <= MOST_WORKERS:
            raise ConfigError(
                f"got {workers}, allowed are 1 to {MOST_WORKERS}", where="--workers"
            )
        return Lead(
            self.written, self.places, path, workers or limits.workers, progress
        )


def _deadline(budget: str | None) -> float | None:
    """Returns the moment of the monotonic clock at which a budget is spent."""
    if budget is None:
        return None
    try:
        return time.monotonic() + seconds_of(budget)
    except ValueError as fault:
        raise ConfigError(str(fault), where="--budget") from fault
