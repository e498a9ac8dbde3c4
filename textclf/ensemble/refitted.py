"""Models that learnt from their dev texts in the end, and what was said before."""

import numpy as np

from textclf.bundle import Bundle
from textclf.config.load import load_config
from textclf.data.dataset import Dataset
from textclf.errors import ArtefactError
from textclf.evaluation.answers import read_answers
from textclf.evaluation.predictions import Predictions
from textclf.run import CONFIG, Run

_FIX = "train it again, or leave it out"


def is_refitted(run: Run) -> bool:
    """Tells whether the model of a run learnt from its dev texts."""
    return load_config(run.folder / CONFIG).config.training.refit


def first_answers(run: Run, bundle: Bundle, dev: Dataset) -> Predictions:
    """Returns what the first model of a refitted run, which is gone, said of dev texts.

    Args:
        run: A refitted run.
        bundle: Its model, which has the labels and the decision of the first.
        dev: The dev texts.

    Raises:
        ArtefactError: The run kept no answers, or those to other texts.
    """
    where = str(run.folder)
    try:
        kept = read_answers(run, "dev", labels=bundle.labels, decision=bundle.decision)
    except ArtefactError as fault:
        raise ArtefactError(fault.problem, where=fault.where, fix=_FIX) from fault
    if kept is None:
        raise ArtefactError("got no answers to the dev texts", where=where, fix=_FIX)
    if not np.array_equal(kept.truth, dev.targets):
        raise ArtefactError("got answers to other dev texts", where=where, fix=_FIX)
    return kept.predictions


def refits_told(count: int, models: int) -> str:
    """Says how many models of an ensemble are refitted, and what dev scores are of."""
    return (
        f"{count} of {models} models learnt from the dev texts in a second training; "
        "weights, decision and dev report are of what they answered before"
    )
