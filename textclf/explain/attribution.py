"""Explains what a model says of a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from textclf.bundle import Bundle
from textclf.errors import ConfigError, nearest, one_of
from textclf.evaluation.predictions import MULTILABEL, Predictions
from textclf.explain.explanation import (
    GRADIENTS,
    METHODS,
    OCCLUSION,
    Explanation,
    Method,
)
from textclf.explain.integrated import Integral, integrate
from textclf.explain.path import PathOf, path_of
from textclf.explain.span import grams_of, groups_of, scores_of, spans_of, unread_of
from textclf.explain.target import Target
from textclf.predictor import Predictor
from textclf.text.anatomy import Anatomy
from textclf.text.encoded import Encoded

_KEPT = "_explainer"


def explain(
    source: Predictor | Bundle,
    text: str,
    *,
    label: str | None = None,
    method: Method = GRADIENTS,
) -> Explanation:
    """Says what each part of a text adds to the log-odds of a label.

    Integrated gradients (Sundararajan, Taly and Yan 2017) go from the same text with
    zero vectors, which is what padding has and what an embedding says of nothing, to
    the text. Occlusion leaves out one unit after the other and predicts again (Li,
    Monroe and Jurafsky 2016). The first call for a source prepares it.

    Args:
        source: A model. Gradients need a bundle, or the predictor of one.
        text: Any text.
        label: What is explained; None: the label that the model finds likeliest.
        method: `gradients` or `occlusion`.

    Raises:
        ConfigError: The model has no such label, there is no such method, or a
            predictor without a bundle is asked for gradients.
    """
    kept = vars(source)  # beside its fields, as cached properties are
    if _KEPT not in kept:
        kept[_KEPT] = Explainer.of(source)
    explainer: Explainer = kept[_KEPT]
    return explainer.explain(text, label=label, method=method)


@dataclass(frozen=True)
class Explainer:
    """A model ready to be asked why.

    Attributes:
        predictor: What answers.
        bundle: What it is made of; None: only occlusion is to be had.
    """

    predictor: Predictor
    bundle: Bundle | None

    @classmethod
    def of(cls, source: Predictor | Bundle) -> "Explainer":
        """Takes a predictor, or makes that of a bundle."""
        if isinstance(source, Bundle):
            return cls(Predictor.of_bundle(source), source)
        return cls(source, source.bundle)

    def read(self) -> None:
        """Reads what gradients need; the bundle's folder may go then.

        Raises:
            ConfigError: There is no bundle.
        """
        _ = self._path

    def explain(
        self, text: str, *, label: str | None = None, method: Method = GRADIENTS
    ) -> Explanation:
        """Explains one text; see `explain`."""
        if method not in METHODS:
            raise ConfigError(
                f"got method {method!r}, allowed are {one_of(METHODS)}", where="method"
            )
        predictor = self.predictor
        anatomy = Anatomy.of(text, predictor.encoder, rows_of=predictor.rows_of)
        predictions = predictor.predict_encoded(anatomy.encoded)
        target = Target(self._label(label, predictions), predictions.task)
        if method == OCCLUSION:
            return self._occluded(anatomy, predictions, target)
        return self._integrated(anatomy, predictions, target)

    def integral(self, anatomy: Anatomy, target: Target) -> Integral:
        """Returns what each id of a text adds to a log-odds.

        Raises:
            ConfigError: There is no bundle.
        """
        return integrate(self._path(anatomy.encoded, target))

    def label_of(self, name: str) -> int:
        """Returns the number of a label.

        Raises:
            ConfigError: The model has no such label.
        """
        names = self.predictor.labels.names
        if name not in names:
            near = nearest(name, names)
            raise ConfigError(
                f"got label {name!r}, the model has {one_of(names)}",
                where="label",
                fix=f"did you mean {near}?" if near else None,
            )
        return names.index(name)

    @cached_property
    def _path(self) -> PathOf:
        if self.bundle is None:
            raise ConfigError(
                "got a predictor that was not loaded from a bundle, which gradients "
                "need",
                fix="load it by Predictor.load, or ask for occlusion",
            )
        return path_of(self.bundle)

    def _label(self, name: str | None, predictions: Predictions) -> int:
        if name is None:
            return int(predictions.probabilities[0].argmax())
        return self.label_of(name)

    def _integrated(
        self, anatomy: Anatomy, predictions: Predictions, target: Target
    ) -> Explanation:
        if self._is_silent(anatomy):
            # The model answers as for an empty text, whatever row an unknown word has.
            total = float(self._odds(anatomy.encoded, target)[0])
            integral = Integral(np.zeros(len(anatomy.encoded.ids)), total, total, 0)
        else:
            integral = self.integral(anatomy, target)
        groups = groups_of(anatomy)
        return self._explanation(
            anatomy,
            predictions,
            target,
            method=GRADIENTS,
            groups=groups,
            scores=scores_of(anatomy, groups, integral.scores),
            ids=integral.scores,
            base=integral.begin,
            error=integral.error,
            slopes=integral.slopes,
        )

    def _occluded(
        self, anatomy: Anatomy, predictions: Predictions, target: Target
    ) -> Explanation:
        groups = groups_of(anatomy)
        nothing = np.arange(len(anatomy.units))
        encoded = anatomy.without([*groups, nothing])
        odds = self._odds(encoded, target)
        total = self._odds(anatomy.encoded, target)[0]
        return self._explanation(
            anatomy,
            predictions,
            target,
            method=OCCLUSION,
            groups=groups,
            scores=total - odds[:-1],
            ids=None,
            base=float(odds[-1]),
            error=None,
            slopes=0,
        )

    def _explanation(
        self,
        anatomy: Anatomy,
        predictions: Predictions,
        target: Target,
        *,
        method: Method,
        groups: list[np.ndarray],
        scores: np.ndarray,
        ids: np.ndarray | None,
        base: float,
        error: float | None,
        slopes: int,
    ) -> Explanation:
        return Explanation(
            text=anatomy.text,
            label=predictions.labels[target.label],
            probability=float(predictions.probabilities[0, target.label]),
            predicted=tuple(_chosen(predictions)),
            method=method,
            spans=tuple(spans_of(anatomy, groups, scores)),
            grams=() if ids is None else tuple(grams_of(anatomy, ids)),
            base=base,
            total=float(self._odds(anatomy.encoded, target)[0]),
            error=error,
            slopes=slopes,
            unread=unread_of(anatomy),
            silent=self._is_silent(anatomy),
        )

    def _odds(self, encoded: Encoded, target: Target) -> np.ndarray:
        """Returns float64[n] log-odds as the model gives them, at temperature 1."""
        return target.of_logits(self.predictor.logits(encoded))

    def _is_silent(self, anatomy: Anatomy) -> bool:
        return bool(self.predictor.encoder.silent(anatomy.encoded)[0])


def _chosen(predictions: Predictions) -> Sequence[str]:
    label = next(predictions.records())["label"]
    return label if predictions.task == MULTILABEL else [label]
