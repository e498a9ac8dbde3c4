"""Classifiers and runs from Python: what `import textclf` offers."""

from textclf.estimator.classifier import TextClassifier
from textclf.estimator.faults import InputError
from textclf.estimator.runs import TrainedRun, load, train

__all__ = ["InputError", "TextClassifier", "TrainedRun", "load", "train"]
