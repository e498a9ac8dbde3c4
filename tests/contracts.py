"""The small world of all model tests: variants of every kind, tasks, a training."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from textclf.bundle import save_bundle
from textclf.config.schema import Config
from textclf.data.dataset import Dataset
from textclf.data.labels import Labels
from textclf.text.encoder import TextEncoder

VARIANTS: dict[str, dict[str, Any]] = {
    "average-mean": {"kind": "average", "pooling": "mean"},
    "average-max": {"kind": "average", "pooling": "max"},
    "average-mean_max": {"kind": "average", "pooling": "mean_max"},
    "average-hidden": {"kind": "average", "pooling": "mean", "hidden": [6, 5]},
    "ngram": {"kind": "ngram"},
    "ngram-dense": {"kind": "ngram", "dense_dim": 5},
    "ngram-norm": {"kind": "ngram", "length_norm": True},
    "cnn-one": {"kind": "cnn", "widths": [3], "filters": 5},
    "cnn-widths": {"kind": "cnn", "widths": [1, 2, 3, 4], "filters": 3},
    "cnn-multichannel": {
        "kind": "cnn",
        "widths": [2, 5],
        "filters": 3,
        "multichannel": True,
    },
    "recurrent-gru": {"kind": "recurrent", "state": 4},
    "recurrent-lstm": {
        "kind": "recurrent",
        "cell": "lstm",
        "state": 4,
        "readout": "last",
    },
    "recurrent-attention": {
        "kind": "recurrent",
        "state": 4,
        "layers": 2,
        "bidirectional": False,
        "readout": "attention",
    },
    "attention": {"kind": "attention", "filters": 6, "hops": 2, "attention_dim": 5},
    "transformer": {
        "kind": "transformer",
        "width": 8,
        "heads": 2,
        "blocks": 2,
        "block_dropout": 0.0,
    },
    "charcnn": {
        "kind": "charcnn",
        "char_widths": [4, 3],
        "char_pools": [3, 1],
        "filters": 8,
        "hidden": [8],
    },
    "wordchar": {
        "kind": "wordchar",
        "spelling_dim": 4,
        "spelling_widths": [2, 3],
        "spelling_filters": 3,
        "spelling_length": 9,
    },
    "wordchar-max": {
        "kind": "wordchar",
        "pooling": "mean_max",
        "hidden": [6],
        "spelling_dim": 3,
        "spelling_widths": [3],
        "spelling_filters": 4,
        "spelling_length": 7,
    },
}
_FITTING: dict[str, dict[str, dict[str, Any]]] = {
    "ngram": {"text": {"ngrams": 2}},
    "ngram-dense": {"text": {"ngrams": 2}, "embedding": {"init": "naive_bayes"}},
    "ngram-norm": {"text": {"ngrams": 2}},
    "charcnn": {
        "text": {"unit": "character", "max_length": 120},
        "training": {"learning_rate": 0.01},
    },
}
"""The sections beside `model` that a variant is made for."""

TASKS = ("binary", "multiclass", "multilabel")
_ALSO = {
    "average-mean": ("binary", "multilabel"),
    "ngram": ("binary", "multilabel"),
    "cnn-one": ("binary", "multilabel"),
    "recurrent-attention": ("binary",),
    "attention": ("multilabel",),
    "transformer": ("binary",),
    "charcnn": ("multilabel",),
    "wordchar": ("binary",),
}
"""The end of a model, and its loss, are the same code in every kind."""
COMBINATIONS = [
    (variant, task)
    for variant in VARIANTS
    for task in ("multiclass", *_ALSO.get(variant, ()))
]
PLAIN = {"dropout": 0.0}
REGULARISED = {
    "word_dropout": 0.1,
    "type_dropout": 0.1,
    "spatial_dropout": 0.1,
    "dropout": 0.2,
    "drop_connect": 0.1,
    "l2": 1e-4,
    "max_norm": 3.0,
    "label_smoothing": 0.05,
}
SEPARATOR = {"binary": None, "multiclass": None, "multilabel": "|"}

_OWN = {
    "glad": ["joy", "smile", "laugh", "bright", "warm", "dance"],
    "grim": ["gloom", "tears", "ache", "dark", "cold", "mourn"],
    "odd": ["weird", "strange", "riddle", "puzzle", "quirk", "maze"],
}
_SHARED = [
    "the",
    "a",
    "of",
    "film",
    "book",
    "and",
    "it",
    "was",
    "with",
    "then",
    "some",
    "very",
]


@dataclass(frozen=True)
class Small:
    """A small model, trained, with all that it was made of."""

    config: Config
    dataset: Dataset
    encoder: TextEncoder
    encoded: Any
    spec: Any
    model: Any
    predictor: Any
    history: list[Any]

    def save(self, folder: Any) -> Any:
        save_bundle(
            folder,
            model=self.model,
            spec=self.spec,
            encoder=self.encoder,
            labels=self.dataset.labels,
            data_digest=self.dataset.digest(),
            probabilities=lambda texts: self.predictor.predict(texts).probabilities,
            decision=self.predictor.decision,
        )
        return folder

    def weights(self) -> dict[str, bytes]:
        return {v.path: v.numpy().tobytes() for v in self.model.weights}


def small_config(variant: str, **sections: Any) -> Config:
    """Returns a configuration; sections are laid over the small defaults."""
    settings: dict[str, dict[str, Any]] = {
        "text": {"max_length": 24},
        "embedding": {"dim": 6},
        "model": VARIANTS[variant],
        "regularisation": PLAIN,
        "training": {"epochs": 4, "batch_size": 16, "learning_rate": 0.05},
    }
    seed = sections.pop("seed", 7)
    for given in (_FITTING.get(variant, {}), sections):
        for name, values in given.items():
            settings[name] = {**settings.get(name, {}), **values}
    _leave_out_unused(settings)
    return Config.model_validate({"seed": seed, "data": {"train": "-"}, **settings})


def _leave_out_unused(settings: dict[str, dict[str, Any]]) -> None:
    """Drops what kind ngram has no use for, and would refuse."""
    if settings["model"]["kind"] != "ngram":
        return
    unused = {"dim", "spatial_dropout"}
    if not settings["model"].get("dense_dim"):
        unused |= {"dropout", "drop_connect", "l2", "max_norm"}
    for name in ("embedding", "regularisation"):
        kept = {k: v for k, v in settings[name].items() if k not in unused}
        settings[name] = kept


def small_dataset(task: str, *, texts: int = 48, seed: int = 3) -> Dataset:
    """Returns texts of 1 to 30 words whose labels are told by some of the words."""
    rng = np.random.default_rng(seed)
    names = list(_OWN)[: 2 if task == "binary" else 3]
    rows, cells = [], []
    for row in range(texts):
        chosen = [names[row % len(names)]]
        if task == "multilabel":
            chosen = [name for name in names if rng.random() < 0.5]
        own = [word for name in chosen for word in _OWN[name]]
        words = list(rng.choice(_SHARED, size=rng.integers(0, 21)))
        words += list(rng.choice(own, size=rng.integers(1, 10))) if own else []
        rows.append(" ".join(rng.permutation(np.array(words, dtype=object))))
        cells.append("|".join(chosen))
    labels = Labels.fit(cells, separator=SEPARATOR[task])
    return Dataset(rows, labels.encode(cells), labels)


def untrained(config: Config, dataset: Dataset) -> Small:
    """Builds all that `config` asks for, up to the first step of training."""
    from textclf.models.build import build_model
    from textclf.models.embedding import seed_bias, seed_spellings, seed_tables
    from textclf.models.guests import guest_rows
    from textclf.models.inference import keras_engine
    from textclf.models.spec import ModelSpec
    from textclf.predictor import Predictor
    from textclf.training.naive_bayes import naive_bayes
    from textclf.training.targets import target_matrix

    encoder, encoded = TextEncoder.fit_encode(dataset.texts, config.text)
    labels = dataset.labels
    spec = ModelSpec.of(
        config,
        rows=encoder.rows,
        units=len(encoder.vocabulary),
        labels=len(labels),
        task=labels.task,
    )
    model = build_model(spec, seed=config.seed)
    seed_spellings(model, encoder.vocabulary)
    if config.embedding.init == "naive_bayes":
        targets = target_matrix(dataset)
        counted = naive_bayes(
            encoded,
            targets,
            families=encoder.families,
            task=spec.task,
            seed=config.seed,
            length_norm=getattr(config.model, "length_norm", False),
        )
        seed_tables(model, counted.table)
        seed_bias(model, counted.bias)
    rows_of = guest_rows(spec, encoder)
    predictor = Predictor(encoder, labels, keras_engine(model), rows_of)
    return Small(config, dataset, encoder, encoded, spec, model, predictor, [])


def trained(config: Config, dataset: Dataset, **options: Any) -> Small:
    """Trains the model of `config`; the dev texts are the training texts."""
    from textclf.models.inference import engine_of

    small = untrained(config, dataset)
    small.history.extend(fitted(small, **options))
    engine = engine_of(small.spec, small.model)
    return replace(small, predictor=replace(small.predictor, engine=engine))


def fitted(small: Small, **options: Any) -> list[Any]:
    """Trains a small model further; returns the epochs."""
    from textclf.training.fit import fit

    given: Mapping[str, Any] = {
        "predict_dev": lambda: small.predictor.predict_encoded(small.encoded),
        "dev": small.dataset,
        "on_epoch": lambda epoch: None,
        **options,
    }
    return fit(small.model, small.dataset, small.encoded, small.config, **given)


def assert_logits(small: Small, slow: Callable[[Small, np.ndarray], Any]) -> None:
    """Compares the compiled model with a slow reference, on all texts of it.

    Args:
        small: A model.
        slow: Returns the logits of one text, given the ids of its words.
    """
    from textclf import backend
    from textclf.text.padding import pad

    encoded = small.encoded
    got = backend.compiled_forward(small.model)(pad(encoded, np.arange(len(encoded))))
    expected = [slow(small, encoded.row(row)) for row in range(len(encoded))]
    assert np.allclose(got, expected, rtol=1e-5, atol=1e-5)


def in_fresh_process(script: str, *arguments: Any, **environment: str) -> str:
    """Runs a script from the project's root, warnings as errors; returns its stdout.

    It must succeed and say nothing on stderr.
    """
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, *map(str, arguments)],
        cwd=Path(__file__).resolve().parent.parent,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr[-4000:]
    return done.stdout
