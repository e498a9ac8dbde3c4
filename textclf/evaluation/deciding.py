"""Fits the decision of a model on its dev texts."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from textclf.config.decision import DecisionConfig
from textclf.errors import ConfigError
from textclf.evaluation.coverage import RiskCoverage
from textclf.evaluation.decision import NEUTRAL, Decision
from textclf.evaluation.metrics import checked_targets
from textclf.evaluation.predictions import (
    BINARY,
    MULTICLASS,
    MULTILABEL,
    Floats,
    Predictions,
    probabilities_from_logits,
)
from textclf.evaluation.temperature import as_outputs, fit_temperature
from textclf.evaluation.thresholds import binary_threshold, label_thresholds


@dataclass(frozen=True)
class Decided:
    """A decision, and what a user should hear about it."""

    decision: Decision
    notes: tuple[str, ...]


def check_metric(settings: DecisionConfig, task: str) -> None:
    """Refuses a metric that a task has no thresholds for.

    Raises:
        ConfigError: One label of many is the likeliest one, whatever the threshold.
    """
    if task == MULTICLASS and settings.metric not in ("auto", "none"):
        raise ConfigError(
            f"got {settings.metric} with a multiclass task, whose answer is the "
            "likeliest label",
            where="decision.metric",
            fix="set it to auto or none",
        )


def decide(
    logits: npt.ArrayLike,
    targets: npt.ArrayLike,
    *,
    labels: tuple[str, ...],
    task: str,
    settings: DecisionConfig,
    seed: int,
) -> Decided:
    """Fits temperature, thresholds and abstention, in this order.

    Args:
        logits: float[n, outputs] of the dev texts.
        targets: Their label ids int[n], or {0, 1}[n, k].
        labels: The k labels.
        task: The task.
        settings: What is asked for.
        seed: Draws the samples that thresholds are steadied by.

    Raises:
        ConfigError: The metric does not fit the task.
    """
    check_metric(settings, task)
    numbers = np.asarray(logits, dtype=np.float64)
    k = len(labels)
    truth = checked_targets(targets, n=len(numbers), k=k, task=task)
    decision = NEUTRAL
    if settings.temperature:
        fitted = fit_temperature(numbers, as_outputs(truth.astype(np.int64), task))
        decision = replace(decision, temperature=fitted)
    likely = probabilities_from_logits(decision.tempered(numbers), task)
    thresholds = _thresholds(likely, truth, task, settings, seed)
    decision = replace(decision, thresholds=thresholds)
    decision, told = _abstaining(
        decision, _predictions(likely, labels, task, decision), truth, settings
    )
    return Decided(decision, told)


def _thresholds(
    likely: Floats,
    truth: npt.NDArray[Any],
    task: str,
    settings: DecisionConfig,
    seed: int,
) -> tuple[float, ...]:
    if task == MULTILABEL and settings.metric != "none":
        chosen_for = "f1" if settings.metric == "auto" else settings.metric
        return label_thresholds(
            likely, truth, metric=chosen_for, min_texts=settings.min_texts, seed=seed
        )
    if task == BINARY and settings.metric not in ("auto", "none"):
        metric, second = settings.metric, likely[:, 1]
        return (binary_threshold(second, truth > 0, metric=metric, seed=seed),)
    return ()


def _abstaining(
    decision: Decision,
    predictions: Predictions,
    truth: npt.NDArray[Any],
    settings: DecisionConfig,
) -> tuple[Decision, tuple[str, ...]]:
    if settings.abstain is None:
        return decision, ()
    curve = RiskCoverage.of(predictions, truth)
    if settings.abstain.coverage is not None:
        least: float | None = curve.at_coverage(settings.abstain.coverage)
    else:
        least = curve.at_accuracy(settings.abstain.accuracy or 0.0)
    if least is None:
        told = (
            f"no confidence reaches an accuracy of {settings.abstain.accuracy:g} on "
            f"the dev texts, at most {curve.accuracy.max():.3f}: the model answers "
            "every text",
        )
        return decision, told
    return replace(decision, abstain=least), ()


def _predictions(
    likely: Floats, labels: tuple[str, ...], task: str, decision: Decision
) -> Predictions:
    n = len(likely)
    marks, shares = np.zeros(n, dtype=bool), np.zeros(n)
    return Predictions(
        labels, task, likely, marks, marks, shares, shares, decision=decision
    )
