"""The settings of a run as constructor parameters: the same names, without sections.

Names, defaults and explanations are read from the configuration, so that a new key of
it is a parameter at once. `Settings` repeats the names for type checkers and editors; a
test compares the two.
"""

import inspect
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypedDict, get_args

import numpy as np
from pydantic.fields import FieldInfo

from textclf.config.load import config_from_mapping
from textclf.config.paths import with_absolute_paths
from textclf.config.schema import FOLLOWING, Config
from textclf.config.section import Section
from textclf.errors import ConfigError
from textclf.vectors.named import with_named_vectors

_HERE = "-"
_READ = "texts and labels are given to fit, not read from files"
ABSENT = {
    "data.dataset": _READ,
    "data.train": _READ,
    "data.dev": "fit(…, dev=(texts, labels)) gives dev texts",
    "data.test": "evaluate(texts, labels) judges by test texts",
    "data.test_fraction": "sklearn.model_selection.train_test_split holds texts out",
    "data.text": _READ,
    "data.label": _READ,
    "data.label_separator": "a text with several labels has a sequence of them",
    "data.encoding": _READ,
    "data.encoding_errors": _READ,
    "data.cache": "the texts are in memory already",
    "training.budget": "textclf.train climbs the ladder; fit trains what it is told",
    "training.tensorboard": "there is no run to write logs into; textclf.train has one",
}
"""Settings that are no parameters, and why."""


class Settings(TypedDict, total=False):
    """The parameters of `TextClassifier`, for type checkers."""

    name: str
    seed: int
    dev_fraction: float
    split_seed: int | None
    unlabelled: str | Path | None
    unit: Literal["word", "character", "subword"]
    lowercase: bool
    unicode: Literal["none", "nfc", "nfkc"]
    ngrams: int
    char_ngrams: Sequence[int] | None
    ngram_min_count: int
    ngram_buckets: int | None
    distinct: bool | None
    vocabulary_size: int
    min_count: int
    max_length: int
    truncate: Literal["head", "tail", "head_tail"]
    dim: int
    init: Literal["random", "vectors", "naive_bayes"]
    vectors: str | Path | None
    oov: Literal["random", "zero", "mean", "subword"]
    subword_rows: int | None
    scale: float | None
    row_rates: Literal["evidence", "rarity"]
    train: Literal["finetune", "frozen", "two_stage"]
    frozen_epochs: int
    finetune_rate: float
    kind: Literal[
        "average",
        "cnn",
        "ngram",
        "recurrent",
        "attention",
        "transformer",
        "charcnn",
        "wordchar",
    ]
    pooling: Literal["mean", "max", "mean_max"]
    hidden: Sequence[int]
    widths: Sequence[int]
    filters: int
    multichannel: bool
    dense_dim: int
    length_norm: bool
    cell: Literal["gru", "lstm"]
    state: int
    layers: int
    bidirectional: bool
    readout: Literal["last", "mean", "max", "attention"]
    encoder: Literal["none", "convolution"]
    hops: int
    attention_dim: int
    width: int
    blocks: int
    heads: int
    block_dropout: float
    char_widths: Sequence[int]
    char_pools: Sequence[int]
    spelling_dim: int
    spelling_widths: Sequence[int]
    spelling_filters: int
    spelling_length: int
    spelling_only: float
    spelling_dropout: float
    word_dropout: float
    type_dropout: float
    spatial_dropout: float
    dropout: float
    drop_connect: float
    l2: float
    max_norm: float | None
    label_smoothing: float
    epochs: int
    batch_size: int
    loss: Literal["cross_entropy", "squared_hinge"]
    optimizer: Literal["adam", "lazy_adam", "adagrad", "sgd"]
    learning_rate: float
    schedule: Literal["constant", "linear", "cosine", "plateau"]
    warmup: float
    clip_norm: float | None
    average: Literal["none", "ema", "swa"]
    average_decay: float
    patience: int | None
    monitor: Literal["dev_loss", "dev_accuracy", "dev_macro_f1"]
    class_weight: Literal["balanced"] | Mapping[Any, float] | None
    self_training: Mapping[str, float] | None
    refit: bool
    temperature: bool
    metric: Literal["auto", "none", "f1", "balanced_accuracy", "mcc"]
    min_texts: int
    abstain: Mapping[str, float] | None


def _sections_of(field: FieldInfo) -> list[type[Section]]:
    members = [field.annotation, *get_args(field.annotation)]
    return [m for m in members if isinstance(m, type) and issubclass(m, Section)]


def _fields() -> dict[str, FieldInfo]:
    """Returns every setting by its dotted key, in the order of the configuration."""
    found: dict[str, FieldInfo] = {}
    for key, field in Config.model_fields.items():
        sections = _sections_of(field)
        if not sections:
            found[key] = field
        for section in sections:
            for name, inner in section.model_fields.items():
                found.setdefault(f"{key}.{name}", inner)
    return {key: field for key, field in found.items() if key not in ABSENT}


def _default(key: str, field: FieldInfo) -> Any:
    """Returns a default that nobody can change: lists become tuples."""
    if key in FOLLOWING:
        return None
    value = field.get_default(call_default_factory=True)
    return tuple(value) if isinstance(value, list) else value


FIELDS = _fields()
PLACES = {key.rpartition(".")[2]: key for key in FIELDS}
"""The dotted key of each parameter."""

DEFAULTS: dict[str, Any] = {
    name: _default(key, FIELDS[key]) for name, key in PLACES.items()
}
"""The default of each parameter; None where it follows from another setting."""


def signature(*more: inspect.Parameter) -> inspect.Signature:
    """Returns the signature of a constructor with all parameters."""
    kind = inspect.Parameter.KEYWORD_ONLY
    own = [
        inspect.Parameter(name, kind, default=value) for name, value in DEFAULTS.items()
    ]
    receiver = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return inspect.Signature([receiver, *own, *more])


def explained() -> str:
    """Returns the `Args` of a constructor, from the texts of the configuration."""
    lines = []
    for name, key in PLACES.items():
        told = FIELDS[key].description or ""
        default = "that of the kind" if key in FOLLOWING else repr(DEFAULTS[name])
        lines.append(f"        {name} (`{key}`): {told} Default: {default}.")
    return "\n".join(lines)


def config_of(given: Mapping[str, Any], *, separator: str | None = None) -> Config:
    """Returns the configuration that parameters ask for.

    Args:
        given: A value for each of `DEFAULTS`; what belongs to another kind of model
            must have its default.
        separator: What stands between the labels of a cell, if there are several.

    Raises:
        ConfigError: A value is out of its range or does not fit the others.
    """
    draft: dict[str, Any] = {"data": {"train": _HERE, "label_separator": separator}}
    kind = _kind_named(given["kind"])
    for name, key in PLACES.items():
        value = plain(given[name])
        if key in FOLLOWING and value is None:
            continue
        section, _, setting = key.rpartition(".")
        if section == "model" and kind and setting not in kind.model_fields:
            _check_unused(name, given)
            continue
        place = draft.setdefault(section, {}) if section else draft
        place[setting] = value
    config = config_from_mapping(draft)
    return with_named_vectors(with_absolute_paths(config, None), config)


def parameters_of(config: Config) -> dict[str, Any]:
    """Returns the parameters that ask for a configuration."""
    values = dict(DEFAULTS)
    for name, key in PLACES.items():
        section, _, setting = key.rpartition(".")
        part: Any = getattr(config, section) if section else config
        if setting in type(part).model_fields:
            value = getattr(part, setting)
            if isinstance(value, Section):
                value = value.model_dump(exclude_none=True)
            values[name] = tuple(value) if isinstance(value, list) else value
    return values


def _kind_named(kind: Any) -> type[Section] | None:
    for section in _sections_of(Config.model_fields["model"]):
        if section.model_fields["kind"].default == kind:
            return section
    return None


def _check_unused(name: str, given: Mapping[str, Any]) -> None:
    value = given[name]
    if plain(value) == plain(DEFAULTS[name]):
        return
    raise ConfigError(
        f"got {value!r}, but models of kind {given['kind']} have no such setting",
        where=name,
        fix=f"leave it away, or set it to {DEFAULTS[name]!r}",
    )


def plain(value: Any) -> Any:
    """Returns what the configuration and JSON take: no NumPy, tuples or paths."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(inner) for inner in value]
    return value
