"""A trained model on the words of another language, whose vectors share its space."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np

from textclf.bundle import Bundle, save_bundle
from textclf.config.load import load_config
from textclf.ensemble.members import bundle_of_one
from textclf.errors import ConfigError
from textclf.models.build import build_model
from textclf.models.embedding import LAYER, STATIC_LAYER
from textclf.models.inference import engine_of
from textclf.models.spec import ModelSpec
from textclf.predictor import Predictor
from textclf.run import CONFIG, HISTORY, Run, check_free
from textclf.text.encoder import TextEncoder
from textclf.text.grams import Grams
from textclf.text.vocabulary import RESERVED, UNKNOWN, Vocabulary
from textclf.vectors.coverage import Coverage
from textclf.vectors.table import Vectors

_RECORDS = ("data.json", "environment.json", HISTORY)
_TABLES = tuple(f"{layer}/table" for layer in (LAYER, STATIC_LAYER))


def swap_words(run: Run, vectors: Vectors, target: Path) -> int:
    """Writes a run whose model is this run's, with other vectors for its words.

    All but the embedding stays as it was trained, so the embedding has to have been
    frozen, and the vectors have to lie in the space of those it was seeded from (see
    `vectors.align`). Rows are multiplied by what training multiplied its own by; the
    unknown word keeps its row.

    Args:
        run: A finished run.
        vectors: The words of the new vocabulary, in its order.
        target: The folder of the new run; must not exist.

    Returns:
        How many words it knows.

    Raises:
        ArtefactError: The run is damaged.
        ConfigError: Its model did not begin with frozen vectors of words, they have
            another size, or the target exists.
    """
    bundle = bundle_of_one(run)
    check_free(target)
    _check(bundle, run, vectors)
    factor = Coverage.from_json(run.read_json("coverage.json")).factor
    chosen = _reachable(vectors, lowercase=bundle.encoder.settings.lowercase)
    encoder = _encoder(bundle.encoder, tuple(chosen))
    rows = vectors.matrix[list(chosen.values())] * np.float32(factor)
    spec = bundle.spec.model_copy(update={"rows": encoder.rows, "units": encoder.rows})
    weights = bundle.weights()
    for name in _TABLES:
        if name in weights:
            table = np.zeros((encoder.rows, spec.dim), dtype=np.float32)
            table[UNKNOWN] = weights[name][UNKNOWN]
            table[len(RESERVED) :] = rows
            weights[name] = table
    new = Run.create(target, config=(run.folder / CONFIG).read_text(encoding="utf-8"))
    with new.running():
        for name in _RECORDS:
            shutil.copyfile(run.folder / name, new.folder / name)
        _save(bundle, spec, encoder, weights, new.bundle)
        new.write_state("complete", seconds=run.state()["seconds"])
    return len(chosen)


def _check(bundle: Bundle, run: Run, vectors: Vectors) -> None:
    embedding = load_config(run.folder / CONFIG).config.embedding
    settings = bundle.encoder.settings
    if embedding.init != "vectors" or embedding.train != "frozen":
        raise ConfigError(
            f"got a run with embedding.init {embedding.init} and embedding.train "
            f"{embedding.train}, expected vectors that stayed frozen",
            where=str(run.folder),
            fix="train with embedding.init: vectors and embedding.train: frozen",
        )
    if settings.unit != "word" or bundle.encoder.grams:
        raise ConfigError(
            "got a model of other units than words, expected words without n-grams",
            where=str(run.folder),
        )
    if bundle.spec.model.kind == "wordchar":
        raise ConfigError(
            "got a model that reads how words are spelt, which other languages do not "
            "share",
            where=str(run.folder),
            fix="train one of another kind, e.g. average or cnn",
        )
    if vectors.dim != bundle.spec.dim:
        raise ConfigError(
            f"got vectors of {vectors.dim} numbers, the model has {bundle.spec.dim}",
            where=str(run.folder),
            fix="give vectors that `vectors align` turned into its space",
        )


def _reachable(vectors: Vectors, *, lowercase: bool) -> dict[str, int]:
    """Returns the rows of the words that the encoder can meet, the first of each."""
    chosen: dict[str, int] = {}
    for row, word in enumerate(vectors.tokens):
        spelt = word.lower() if lowercase else word
        if spelt and spelt not in RESERVED:
            chosen.setdefault(spelt, row)
    return chosen


def _encoder(encoder: TextEncoder, words: tuple[str, ...]) -> TextEncoder:
    """Returns the encoder with other words, whose counts are not known."""
    tokens = (*RESERVED, *words)
    vocabulary = Vocabulary(tokens, np.zeros(len(tokens), dtype=np.int64))
    size = max(len(tokens), encoder.settings.vocabulary_size)
    settings = encoder.settings.model_copy(update={"vocabulary_size": size})
    grams = Grams(len(tokens), settings.distinct)
    return replace(encoder, settings=settings, vocabulary=vocabulary, grams=grams)


def _save(
    bundle: Bundle,
    spec: ModelSpec,
    encoder: TextEncoder,
    weights: dict[str, np.ndarray],
    target: Path,
) -> None:
    model = build_model(spec, seed=0)
    for variable in model.weights:
        variable.assign(weights[variable.path])
    engine, decision = engine_of(spec, model), bundle.decision
    predictor = Predictor(encoder, bundle.labels, engine, decision=decision)
    save_bundle(
        target,
        model=model,
        spec=spec,
        encoder=encoder,
        labels=bundle.labels,
        data_digest=bundle.manifest["data_sha256"],
        probabilities=lambda texts: predictor.predict(texts).probabilities,
        decision=decision,
    )
