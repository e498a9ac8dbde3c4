"""Settings to begin with, which `init` proposes and the ladder of a budget tries."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

Recipe = Mapping[str, Mapping[str, Any]]
"""Sections of a configuration, less the data."""

RECOMMENDED: Recipe = MappingProxyType(
    {
        "text": {
            "ngrams": 2,
            "char_ngrams": [2, 5],
            "ngram_min_count": 2,
            "vocabulary_size": 500_000,
        },
        "embedding": {"init": "naive_bayes"},
        "model": {"kind": "ngram"},
        "training": {
            "optimizer": "lazy_adam",
            "learning_rate": 0.005,
            "epochs": 20,
            "refit": True,
        },
    }
)
"""What `configs/recommended.yaml` says; a test holds the two together."""

MARGINS: Mapping[str, Any] = MappingProxyType(
    {"loss": "squared_hinge", "monitor": "dev_accuracy"}
)
"""Of a section `training`, for texts with one label each."""


def for_several_labels(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Returns settings that leave what `MARGINS` says at the defaults.

    Where a text has several labels, thresholds are found later: chances have to be
    good, no answers, no margins.

    Args:
        settings: By name or by dotted key.
    """
    return {k: v for k, v in settings.items() if k.rpartition(".")[2] not in MARGINS}


TOPICS: Recipe = MappingProxyType(
    {
        "text": {**RECOMMENDED["text"], "distinct": False},
        "embedding": {**RECOMMENDED["embedding"], "row_rates": "rarity"},
        "model": {**RECOMMENDED["model"], "length_norm": True},
        "training": {
            **MARGINS,
            "optimizer": "sgd",
            "learning_rate": 25,
            "epochs": 40,
            "patience": 5,
            "average": "swa",
            "refit": True,
        },
    }
)
"""What `configs/topics.yaml` says; a test holds the two together.

Rows learn by how rare they are and labels keep a margin from all others, so that it
goes on where linear support vectors on TF-IDF are strong.
"""

LONG_TOPICS: Recipe = MappingProxyType(
    {
        **TOPICS,
        "text": {**TOPICS["text"], "distinct": True},
        "embedding": {**TOPICS["embedding"], "init": "random"},
    }
)
"""For long texts: there Naive Bayes is far too sure of itself, and counts run away."""

LONG_TEXTS: Recipe = MappingProxyType(
    {
        **RECOMMENDED,
        "text": {**RECOMMENDED["text"], "ngrams": 4, "char_ngrams": None},
        "training": {**RECOMMENDED["training"], **MARGINS},
    }
)
"""For long texts: more words in a row tell more there, characters less.

On a part of those texts as good as characters or better, and in half the time.
"""

WITHOUT_BLANKS: Mapping[str, Any] = MappingProxyType(
    {"unit": "character", "ngrams": 3, "char_ngrams": None}
)
"""Laid over it for scripts without blanks between words, as `docs/guides` say."""
