"""The runs that an ensemble was made of, for what needs a run of one model."""

from collections.abc import Iterable

from textclf.bundle import ENSEMBLE, KIND, Bundle
from textclf.errors import ArtefactError, one_of
from textclf.run import Run
from textclf.sealed import MANIFEST, read_json

RUNS = "ensemble.json"


def write_members(record: Run, members: Iterable[tuple[Run, float]]) -> None:
    """Writes into an ensemble's run which runs it was made of, and their weights."""
    told = [{"run": str(run.folder), "weight": weight} for run, weight in members]
    record.write_json(RUNS, {"runs": told})


def bundle_of_one(run: Run) -> Bundle:
    """Opens the bundle of a run that has one model.

    Raises:
        ArtefactError: It is damaged, or the run is an ensemble: its members are named.
    """
    path = run.bundle / MANIFEST
    manifest = read_json(path) if path.is_file() else None
    if not isinstance(manifest, dict) or manifest.get(KIND) != ENSEMBLE:
        return Bundle.open(run.bundle)
    named = _named(run)
    raise ArtefactError(
        "got an ensemble, which has no model of its own, expected a run of one",
        where=str(run.folder),
        fix="give one of the runs it was made of" + (f": {named}" if named else ""),
    )


def _named(run: Run) -> str:
    if not (run.folder / RUNS).is_file():
        return ""
    try:
        return one_of(member["run"] for member in run.read_json(RUNS)["runs"])
    except (TypeError, KeyError) as fault:
        raise ArtefactError("got no runs", where=str(run.folder / RUNS)) from fault
