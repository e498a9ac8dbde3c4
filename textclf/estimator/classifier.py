"""The scikit-learn classifier: raw texts and labels in, labels out."""

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, Unpack

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import NotFittedError

from textclf.data.dataset import Dataset
from textclf.data.sources import Sources
from textclf.data.tables import Table
from textclf.errors import DataError, nearest
from textclf.estimator.answered import Answered
from textclf.estimator.answers import Answers
from textclf.estimator.faults import InputError
from textclf.estimator.packed import Packed
from textclf.estimator.settings import (
    DEFAULTS,
    Settings,
    config_of,
    explained,
    plain,
    signature,
)
from textclf.estimator.talk import listener
from textclf.estimator.texts import texts_of
from textclf.estimator.weights import counted, weights_of
from textclf.evaluation.canvas import Plot
from textclf.evaluation.mistakes import Mistakes
from textclf.evaluation.plots import history_plot

if TYPE_CHECKING:
    from textclf.evaluation.report import Report
    from textclf.explain.explanation import Explanation, Method
    from textclf.predictor import Predictor

_LEAST = float(np.finfo(np.float64).eps)
_MADE_AGAIN = ("_predictor", "_explainer")
"""What a pickle leaves out: the bundle has all of it."""


class TextClassifier(ClassifierMixin, BaseEstimator):
    """Classifies texts; begins with a trainable embedding; for scikit-learn.

    Texts are strings, labels are strings or numbers, one a text or several. The
    settings are those of a configuration file, without its sections.

    Attributes:
        classes_: [k], the labels as they were given, sorted; the columns of
            probabilities stand in this order.
        history_: One mapping an epoch: losses in nats, accuracies, seconds.
        notes_: What should be known of the data, e.g. texts that occur twice.

    Args:
        {settings}
        verbose: 1 tells an epoch a line, 0 nothing.
    """

    def __init__(self, *, verbose: int = 0, **settings: Unpack[Settings]) -> None:
        for name in settings:
            if name not in DEFAULTS:
                near = nearest(name, DEFAULTS)
                hint = f"; did you mean {near!r}?" if near else ""
                raise TypeError(f"TextClassifier has no setting {name!r}{hint}")
        for name, value in (DEFAULTS | settings).items():
            setattr(self, name, value)
        self.verbose = verbose

    def fit(
        self, X: Any, y: Any, sample_weight: Any = None, *, dev: Any = None
    ) -> Self:
        """Learns from texts; a share of them (`dev_fraction`) decides when to stop.

        Copies of a text stay on one side of that division. The same data, settings and
        seed give the same weights.

        Args:
            X: n texts.
            y: n labels, n sequences of labels, or a matrix {0, 1}[n, k].
            sample_weight: [n], what each text counts in the loss beside the others,
                with its class's weight; a text of weight 0 is left out altogether.
            dev: A pair of texts and labels that decide instead of a share of X.

        Returns:
            The classifier.

        Raises:
            InputError: Texts, labels or weights cannot be used (a `ValueError`).
            ConfigError: A setting is out of its range or does not fit the others.
            DivergedError: The loss became huge or not a number.
            ResourceError: The model does not fit into memory.
        """
        from textclf.estimator.learning import learnt

        texts = texts_of(X)
        answers = Answers.of(y)
        table = answers.table(texts, y, weights=weights_of(sample_weight, len(texts)))
        if table.weights is not None:
            table = counted(table)
        config = config_of(self.get_params(), separator=answers.labels.separator)
        held = None if dev is None else _pair(answers, dev)
        found = learnt(
            config,
            Sources(table, held),
            answers.labels,
            progress=listener(self.verbose),
        )
        self._take(answers, found.packed, found.predictor)
        self.history_ = [epoch.to_json() for epoch in found.epochs]
        self.notes_ = list(found.notes)
        return self

    def predict(self, X: Any) -> Any:
        """Returns the likeliest label of each text.

        Args:
            X: n texts.

        Returns:
            [n], of the type of `classes_`. For several labels a text what `y` was: a
            list of n tuples, or int64[n, k] of 0 and 1.

        Raises:
            InputError: X is no sequence of texts.
            NotFittedError: The classifier has not learnt yet.
        """
        return self._fitted().chosen(self.predictions(X).chosen())

    def predict_proba(self, X: Any) -> np.ndarray:
        """Returns float64[n, k], a probability for each of `classes_`.

        Rows sum to 1; where a text may have several labels, columns are independent.

        Raises:
            InputError: X is no sequence of texts.
            NotFittedError: The classifier has not learnt yet.
        """
        return np.array(self.predictions(X).probabilities)

    def decision_function(self, X: Any) -> np.ndarray:
        """Returns log-odds in nats, tempered, less those of the thresholds.

        Returns:
            float64[n] for two classes: 0 or more means the second one. Else
            float64[n, k]: the largest wins, or each from 0 on where a text may have
            several labels.

        Raises:
            InputError: X is no sequence of texts.
            NotFittedError: The classifier has not learnt yet.
        """
        self._fitted()
        predictor = self._predictor
        logits = predictor.logits(predictor.encode(texts_of(X)))
        outputs = predictor.decision.tempered(logits)
        outputs -= _log_odds(predictor.decision.thresholds)
        return outputs[:, 0] if outputs.shape[1] == 1 else outputs

    def predictions(self, X: Any) -> Answered:
        """Returns probabilities with what the model could not see of each text.

        A notebook shows them as a table.

        Raises:
            InputError: X is no sequence of texts.
            NotFittedError: The classifier has not learnt yet.
        """
        self._fitted()
        texts = texts_of(X)
        return Answered.of(self._predictor.predict(texts), texts)

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Returns the share of texts whose whole answer is right.

        Args:
            X: n texts.
            y: Their labels, in the form `fit` was given.
            sample_weight: [n], what each text counts.

        Raises:
            InputError: Texts or labels cannot be used.
            NotFittedError: The classifier has not learnt yet.
        """
        dataset = self._dataset(X, y)
        right = self._predictor.predict(dataset.texts).chosen() == dataset.targets
        if right.ndim == 2:
            right = right.all(axis=1)
        weights = weights_of(sample_weight, len(right))
        return float(np.average(right, weights=weights))

    def evaluate(
        self, X: Any, y: Any, *, train: Any = None, name: str = "given"
    ) -> "Report":
        """Scores the classifier, with intervals and what it confuses.

        Args:
            X: n texts that it did not learn from.
            y: Their labels.
            train: A pair of texts and labels it did learn from: the report then says
                what the floor (majority class, linear TF-IDF) reaches.
            name: What the texts are, for the report.

        Raises:
            InputError: Texts or labels cannot be used; a label is unknown.
            NotFittedError: The classifier has not learnt yet.
        """
        from textclf.assessment import assess, fit_floor

        dataset, seed = self._dataset(X, y), int(self.get_params()["seed"])
        known = None if train is None else self._dataset(*train)
        floor = None if known is None else fit_floor(known, seed=seed)
        scored = floor.score(dataset.texts, dataset.targets) if floor else None
        return assess(
            self._predictor,
            dataset,
            name=self.get_params()["name"],
            split=name,
            seed=seed,
            floor=lambda _: scored,
        )[1]

    def mistakes(self, X: Any, y: Any, *, most: int = 10) -> Mistakes:
        """Returns the wrong answers that the classifier was surest of.

        A notebook shows them as a table.

        Args:
            X: n texts.
            y: Their labels.
            most: How many are wanted.

        Raises:
            InputError: Texts or labels cannot be used; a label is unknown.
            NotFittedError: The classifier has not learnt yet.
        """
        given, answered = self._dataset(X, y), self.predictions(X)
        return Mistakes.of(answered, given.targets, given.texts, most=most)

    def plot_history(self) -> Plot:
        """Draws loss and accuracy by epoch, on training and dev texts.

        Raises:
            NotFittedError: The classifier has not learnt yet.
            DataError: It was read from a bundle, which keeps no history.
        """
        self._fitted()
        return Plot.of(lambda path: history_plot(self.history_, path))

    def explain(
        self, text: str, *, label: Any = None, method: "Method" = "gradients"
    ) -> "Explanation":
        """Says what each part of a text adds to the log-odds of a label.

        A notebook shows the text in colours. See `textclf.explain.explain`. The first
        call with gradients prepares the model for them.

        Args:
            text: Any text.
            label: One of `classes_`; None: the likeliest.
            method: `gradients` (integrated, complete) or `occlusion`.

        Raises:
            InputError: It is no text.
            ConfigError: There is no such label or method.
            NotFittedError: The classifier has not learnt yet.
        """
        from textclf.explain.attribution import Explainer

        self._fitted()
        name = None if label is None else str(label)
        (text,) = texts_of([text], where="text")
        if method != "gradients":
            explainer = Explainer(self._predictor, None)
        else:
            explainer = vars(self).get("_explainer") or self._packed.explainer()
            self._explainer = explainer
        return explainer.explain(text, label=name, method=method)

    def save(self, folder: str | Path) -> Path:
        """Writes the classifier: its bundle, settings and classes; no pickle.

        Args:
            folder: Must not exist. `textclf predict --run FOLDER` reads it too.

        Raises:
            ArtefactError: The folder exists.
            NotFittedError: The classifier has not learnt yet.
        """
        from textclf.estimator.saved import Saved

        answers = self._fitted()
        parameters = {
            name: v for name, v in self.get_params().items() if name in DEFAULTS
        }
        saved = Saved(parameters, answers, self._packed, self.history_, self.notes_)
        saved.write(Path(folder))
        return Path(folder)

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Reads what `save` wrote; also a run or a bundle that `train` made.

        Raises:
            ArtefactError: It is neither, is damaged, or gives other answers here than
                where it was made.
        """
        from textclf.estimator.saved import Saved

        saved = Saved.read(Path(folder))
        made = cls(**saved.parameters)
        made._take(saved.answers, saved.packed, saved.packed.predictor())
        made.history_, made.notes_ = saved.history, saved.notes
        return made

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "_predictor")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.classifier_tags.multi_label = True
        return tags

    def __getstate__(self) -> dict[str, Any]:
        """Returns parameters and the bundle's bytes: no Keras object is pickled."""
        state = dict(super().__getstate__())
        for name in _MADE_AGAIN:
            state.pop(name, None)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restores; the bundle is verified as on loading."""
        super().__setstate__(state)
        if "_packed" in state:
            self._predictor = self._packed.predictor()

    def _html(self) -> str:
        from textclf.estimator.display import fitted_html, unfitted_html

        given, name = self.get_params(), type(self).__name__
        known = DEFAULTS | {"verbose": 0}
        changed = {key: v for key, v in given.items() if plain(v) != plain(known[key])}
        if not self.__sklearn_is_fitted__():
            return unfitted_html(name, changed)
        return fitted_html(name, changed, self._predictor, self.history_, self.notes_)

    def _repr_html_(self) -> str:
        return self._html()

    def _repr_mimebundle_(self, **formats: Any) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._html()}

    def _fitted(self) -> Answers:
        if not self.__sklearn_is_fitted__():
            raise NotFittedError(
                "This TextClassifier instance is not fitted yet: call fit(texts, "
                "labels), or TextClassifier.load(folder)."
            )
        return self._answers

    def _take(self, answers: Answers, packed: Packed, predictor: "Predictor") -> None:
        self._answers, self._packed = answers, packed
        self._predictor = predictor
        self.classes_ = answers.classes
        self.__dict__.pop("_explainer", None)

    def _dataset(self, X: Any, y: Any) -> Dataset:
        answers = self._fitted()
        table, labels = answers.table(texts_of(X), y), self._predictor.labels
        try:
            targets = labels.encode(table.labels or [])
        except DataError as fault:
            raise InputError.of(fault) from fault
        return Dataset(table.texts, targets, labels)


def _log_odds(thresholds: tuple[float, ...]) -> np.ndarray:
    """Returns float64[outputs], or one 0 where there are no thresholds."""
    shares = np.clip(thresholds or (0.5,), _LEAST, 1 - _LEAST)
    return np.log(shares) - np.log1p(-shares)


def _pair(answers: Answers, dev: Any) -> Table:
    texts, labels = dev
    return answers.table(texts_of(texts, where="dev[0]"), labels)


TextClassifier.__doc__ = (TextClassifier.__doc__ or "").replace(
    "        {settings}", explained()
)
TextClassifier.__init__.__signature__ = signature(  # type: ignore[attr-defined]
    inspect.Parameter("verbose", inspect.Parameter.KEYWORD_ONLY, default=0)
)
