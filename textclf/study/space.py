"""What a search for settings varies: values of keys, unless they are given."""

from collections.abc import Mapping, Sequence
from typing import Any

from textclf.config.kinds import ORDERLESS
from textclf.config.schema import Config
from textclf.config.yaml12 import read_value
from textclf.errors import ConfigError, one_of
from textclf.study.factors import check_key

_RATE, _DIM = "training.learning_rate", "embedding.dim"
_AROUND = 10.0
"""Learning rates are tried down to a tenth and up to ten times the one written."""
_VALUES: Mapping[str, Any] = {
    "text.ngrams": [1, 2, 3],
    "text.char_ngrams": [None, [2, 4], [2, 5], [3, 6]],
    "text.ngram_min_count": [1, 2, 3],
    _DIM: [25, 50, 100, 200, 300],
    "embedding.train": ["finetune", "two_stage", "frozen"],
    "model.pooling": ["mean", "max", "mean_max"],
    "model.hidden": [[], [100], [300], [300, 300]],
    "model.filters": [50, 100, 200],
    "model.widths": [[2, 3, 4], [3, 4, 5], [1, 2, 3, 4, 5], [7]],
    "regularisation.word_dropout": [0.0, 0.1, 0.2, 0.3, 0.5],
    "regularisation.spatial_dropout": [0.0, 0.1, 0.2, 0.4],
    "regularisation.dropout": {"linear": [0.0, 0.7]},
    "regularisation.label_smoothing": [0.0, 0.05, 0.1],
    "training.batch_size": [16, 32, 64, 128, 256],
    "training.optimizer": ["adam", "lazy_adam", "adagrad"],
}
"""What is tried of a key that is named without values."""
_KEYS: Mapping[str, tuple[str, ...]] = {
    "average": (_RATE, _DIM, "regularisation.word_dropout", "regularisation.dropout")
    + ("text.ngrams", "model.hidden"),
    "ngram": (_RATE, "text.ngrams", "text.char_ngrams", "text.ngram_min_count")
    + ("regularisation.word_dropout",),
    "cnn": (_RATE, _DIM, "regularisation.word_dropout", "regularisation.dropout")
    + ("model.widths", "model.filters"),
}
_OTHERS = (_RATE, _DIM, "regularisation.word_dropout", "regularisation.dropout")


def space_of(config: Config, asked: Sequence[str] = ()) -> dict[str, Any]:
    """Returns the section `scientific` of a search; what is written is among it.

    Args:
        config: Where the search begins.
        asked: `KEY` or `KEY=VALUES`, values as in a study; empty: what is worth trying
            for the kind of model.

    Raises:
        ConfigError: A key is unknown or has no values of its own.
    """
    given = dict(map(_read, asked)) or dict.fromkeys(_usual(config))
    return {
        key: _with(value_at(config, key), _values(config, key, values))
        for key, values in given.items()
    }


def value_at(config: Config, key: str) -> Any:
    """Returns what a configuration says at a dotted key; None: nothing."""
    node: Any = config.model_dump(mode="json")
    for part in key.split("."):
        node = node.get(part) if isinstance(node, Mapping) else None
    return node


def _usual(config: Config) -> list[str]:
    """Returns the keys that are varied unless keys are named."""
    kind, embedding = config.model.kind, config.embedding
    keys = list(_KEYS.get(kind, _OTHERS))
    if embedding.vectors is not None:  # their width is what it is
        keys = ["embedding.train" if key == _DIM else key for key in keys]
    wordless = config.text.unit != "word" or kind not in ORDERLESS
    return [k for k in keys if not (wordless and k == "text.char_ngrams")]


def _read(text: str) -> tuple[str, Any]:
    key, given, values = text.partition("=")
    where = f"--search {text}"
    check_key(key.strip(), where=where)
    if not given:
        return key.strip(), None
    return key.strip(), read_value(values, where=where)


def _values(config: Config, key: str, values: Any) -> Any:
    if values is not None:
        return values
    if key == _RATE:
        rate = config.training.learning_rate
        return {"log": [rate / _AROUND, rate * _AROUND]}
    if key not in _VALUES:
        raise ConfigError(
            f"got {key} without values",
            where="--search",
            fix=f"write e.g. --search '{key}=[A, B]'; without values there are "
            f"{one_of([_RATE, *_VALUES])}",
        )
    return _VALUES[key]


def _with(own: Any, values: Any) -> Any:
    """Adds the value that is written, with which a search begins."""
    if isinstance(values, list):
        return values if own in values else [own, *values]
    form = next(iter(values), "") if isinstance(values, Mapping) else ""
    ends = values.get(form) if form else None
    if isinstance(ends, list) and isinstance(own, int | float):
        return {form: [min(own, *ends), max(own, *ends)]}
    return values
