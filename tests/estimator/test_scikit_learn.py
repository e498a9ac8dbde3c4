"""scikit-learn's own checks, and its tools around the classifier.

Its checks feed numbers, so they are run on `NumbersAsTexts`. What they cannot say of a
classifier of texts is listed in `CANNOT`, with the reason. For `TextClassifier` itself,
whose tags say that it takes strings, scikit-learn has no checks.
"""

import numpy as np
import pytest
from sklearn.base import clone, is_classifier
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import estimator_checks, get_tags
from sklearn.utils.estimator_checks import parametrize_with_checks

from tests.estimator.conftest import FAST, pairs
from tests.estimator.numbers import NumbersAsTexts
from textclf import TextClassifier

CANNOT = {
    "check_sample_weight_equivalence_on_dense_data": "a text twice is two texts to the "
    "vocabulary, the Naive Bayes counts and the order of batches; a text of weight 2 "
    "is one that counts double in the loss",
}
LONGER = {
    "check_class_weight_classifiers": "one epoch moves Naive Bayes too little; passes "
    "with three, below",
}
CHECKED = NumbersAsTexts(**FAST, batch_size=64)


@parametrize_with_checks([CHECKED], expected_failed_checks=lambda _: CANNOT | LONGER)
@pytest.mark.filterwarnings("ignore:The number of unique classes:UserWarning")
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.DataConversionWarning")
def test_scikit_learns_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize("name", LONGER)
def test_checks_that_need_longer_training(name):
    trained_longer = {"epochs": 3, "batch_size": 16, "learning_rate": 0.05}
    check = getattr(estimator_checks, name)
    check("NumbersAsTexts", NumbersAsTexts(**FAST | trained_longer))


def test_tags_say_that_texts_are_taken():
    tags = get_tags(TextClassifier())
    assert tags.input_tags.string
    assert tags.input_tags.one_d_array
    assert not tags.input_tags.two_d_array
    assert tags.classifier_tags.multi_label
    assert is_classifier(TextClassifier())


def test_a_clone_has_the_settings_and_learnt_nothing(binary):
    copied = clone(binary)
    assert copied.get_params() == binary.get_params()
    assert not hasattr(copied, "classes_")
    assert copied.set_params(dim=3).dim == 3


def test_in_a_pipeline_with_cross_validation():
    texts, labels = pairs("binary")
    shout = FunctionTransformer(lambda texts: [text.upper() for text in texts])
    pipeline = make_pipeline(shout, TextClassifier(**FAST))
    scores = cross_val_score(pipeline, texts, labels, cv=2)
    assert scores.min() > 0.9


def test_in_a_grid_search_over_kinds():
    texts, labels = pairs("binary")
    grid = [{"ngrams": [1, 2]}, {"kind": ["average"], "init": ["random"], "dim": [4]}]
    search = GridSearchCV(TextClassifier(**FAST), grid, cv=2).fit(
        np.array(texts), labels
    )
    assert search.best_score_ > 0.9
    assert search.best_params_["ngrams"] in (1, 2)
    assert search.predict(["a lovely film"]).tolist() == ["pos"]


def test_calibrated_by_cross_validation():
    texts, labels = pairs("binary")
    calibrated = CalibratedClassifierCV(TextClassifier(**FAST), cv=2)
    chances = calibrated.fit(texts, labels).predict_proba(["a lovely film"])
    assert chances[0, 1] > 0.5
