"""A classifier of numbers as texts: what scikit-learn's checks can feed."""

from sklearn.utils.validation import validate_data

from textclf import TextClassifier


class NumbersAsTexts(TextClassifier):
    """Writes each row of numbers as words, `f0is3 f1is-2`, and learns from those.

    Only what numbers need is added: scikit-learn's own check of X. All else, labels,
    weights, settings, state, is the classifier's.
    """

    def fit(self, X, y, sample_weight=None):
        return super().fit(self._written(X, reset=True), y, sample_weight)

    def predictions(self, X):
        self._fitted()
        return super().predictions(self._written(X))

    def decision_function(self, X):
        self._fitted()
        return super().decision_function(self._written(X))

    def score(self, X, y, sample_weight=None):
        self._fitted()
        return super().score(self._written(X), y, sample_weight)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True
        tags.input_tags.one_d_array = False
        tags.input_tags.string = False
        return tags

    def _written(self, X, *, reset=False):
        if isinstance(X, list) and X and isinstance(X[0], str):
            return X
        numbers = validate_data(self, X, reset=reset)
        return [
            " ".join(f"f{at}is{round(2 * float(v))}" for at, v in enumerate(row))
            for row in numbers
        ]
