"""What a report measures: the names, and how a value is written."""

import math

from textclf.evaluation.intervals import Interval

NAMES = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "macro_f1": "macro F1",
    "micro_f1": "micro F1",
    "weighted_f1": "weighted F1",
    "mcc": "MCC",
    "roc_auc": "ROC AUC",
    "average_precision": "average precision",
    "log_loss": "log loss",
    "brier": "Brier score",
    "ece": "calibration error",
    "answered": "texts answered",
    "answered_accuracy": "accuracy of those",
}
"""Every measure, in the order of a report."""

LOWER_IS_BETTER = ("log_loss", "brier", "ece")
_NUMBERS = ("mcc", "log_loss", "brier")


def shown(measure: str, value: float) -> str:
    """Returns a value as people read it: a percentage, or a number of three digits."""
    return f"{value:.3f}" if measure in _NUMBERS else f"{100 * value:.1f} %"


def shown_p(p_value: float) -> str:
    """Writes a p-value, or a dash where there is none."""
    if not math.isfinite(p_value):
        return "–"
    return "< 0.001" if p_value < 0.001 else f"{p_value:.3f}"


def shown_range(measure: str, interval: Interval) -> str:
    """Returns an interval as `[low, high]`, in the unit of `shown`."""
    if measure in _NUMBERS:
        return f"[{interval.low:.3f}, {interval.high:.3f}]"
    return f"[{100 * interval.low:.1f}, {100 * interval.high:.1f}]"
