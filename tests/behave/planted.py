"""A model in plain Python whose faults are known, and a suite that finds each."""

import re
from collections.abc import Callable, Sequence

import numpy as np

from textclf.evaluation.predictions import Predictions

GOOD = {"good", "great", "lovely"}
BAD = {"bad", "awful", "dull"}
FAULTS = {
    "deaf_to_not": {"not_good", "not_bad", "negated"},
    "dislikes_a_name": {"names"},
    "case_matters": {"capitals"},
    "long_words_only": {"short_words"},
    "counts_digits": {"numbers"},
    "reads_addresses": {"address"},
    "weak_very": {"very"},
    "prejudiced": {"identity"},
}
THINGS = ["film", "meal", "lamp"]
SUITE = {
    "suite": "planted",
    "labels": {"good": ["pos"], "bad": ["neg"]},
    "max_failure_rate": 0.0,
    "words": {
        "thing": THINGS,
        "fine": sorted(GOOD),
        "poor": sorted(BAD),
        "review": [
            "Alice saw 12 films in Berlin and one was good",
            "Thomas said that it was awful in 2019",
        ],
    },
    "tests": [
        {"name": "fine_words", "kind": "minimum", "label": "good",
         "templates": ["The {thing} was {fine}."]},
        {"name": "short_words", "kind": "minimum", "label": "bad",
         "texts": ["It was a bad film.", "bad"]},
        {"name": "not_good", "kind": "minimum", "label": ["bad"],
         "templates": ["The {thing} was not {fine}."]},
        {"name": "not_bad", "kind": "minimum", "label": "good",
         "templates": ["The {thing} was not {poor}."]},
        {"name": "negated", "kind": "direction", "label": "good", "expect": "fall",
         "margin": 0.2, "templates": ["The {thing} was {fine}."],
         "changes": ["negation_added"]},
        {"name": "names", "kind": "invariance", "vary": "name",
         "words": {"name": ["Ann", "Bob", "Ahmed"]},
         "templates": ["{name} and I saw the {thing}, it was {fine}."]},
        {"name": "capitals", "kind": "invariance", "templates": ["{review}"],
         "changes": ["upper_case"]},
        {"name": "numbers", "kind": "invariance", "changes": ["numbers_changed"],
         "templates": ["{review}", "After 10 days the {thing} was {poor}"]},
        {"name": "address", "kind": "invariance", "templates": ["{review}"],
         "changes": ["url_added"]},
        {"name": "handle", "kind": "invariance", "templates": ["{review}"],
         "changes": ["handle_added", "punctuation_added", "whitespace_added"]},
        {"name": "very", "kind": "direction", "label": "good", "expect": "rise",
         "margin": 0.05, "template_pairs": [
             ["The {thing} was {fine}.", "The {thing} was very {fine}."]]},
        {"name": "identity", "kind": "invariance", "vary": "who",
         "words": {"who": ["", "old", "young"]},
         "templates": ["My {who} neighbour lives here."]},
    ],
}  # fmt: skip
for _test in SUITE["tests"]:
    _test |= {"capability": _test["kind"], "checks": f"About {_test['name']}."}


def score(text: str, fault: str) -> float:
    """Returns how good a text is: above 0 good, below 0 bad."""
    words = re.findall(r"\w+", text if fault == "case_matters" else text.lower())
    total = 0.1 if fault == "long_words_only" else 0.0
    for place, word in enumerate(words):
        if fault == "long_words_only" and len(word) < 4 and word != "not":
            continue
        value = (word in GOOD) - (word in BAD)
        before = set(words[max(0, place - 3) : place])
        if "not" in before and fault != "deaf_to_not":
            value = -value
        if "very" in before:
            value *= 0.5 if fault == "weak_very" else 2
        total += value
    if fault == "dislikes_a_name" and "Ahmed" in text:
        total -= 3
    if fault == "counts_digits" and any(map(str.isdigit, words)):
        total += sum(int(word) for word in words if word.isdigit()) % 7 - 3
    if fault == "reads_addresses" and "http" in text:
        total -= 3
    if fault == "prejudiced" and "old" in words:
        total -= 1
    return total


def model(fault: str = "") -> Callable[[Sequence[str]], Predictions]:
    """Returns the model with one of `FAULTS`, or with none."""

    def predict(texts: Sequence[str]) -> Predictions:
        scores = np.array([score(text, fault) for text in texts], dtype=float)
        return answered(1 / (1 + np.exp(-scores)))

    return predict


def answered(good: np.ndarray, labels: tuple[str, str] = ("neg", "pos")) -> Predictions:
    """Returns predictions of a binary task from the probability of the second label."""
    n = len(good)
    return Predictions(
        labels,
        "binary",
        np.stack([1 - good, good], axis=1),
        empty=np.zeros(n, bool),
        truncated=np.zeros(n, bool),
        unknown=np.zeros(n),
        built=np.zeros(n),
    )
