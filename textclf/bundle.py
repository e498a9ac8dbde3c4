"""The self-contained folder a trained model is kept, moved and loaded in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from textclf.data.labels import Labels
from textclf.errors import ArtefactError, DataError
from textclf.evaluation.decision import NEUTRAL, Decision
from textclf.files import sha256_of, staged_folder, write_json
from textclf.machine import check_memory, version_of
from textclf.models.spec import ModelSpec
from textclf.models.weights import read_weights, stored_numbers, write_weights
from textclf.sealed import (
    MANIFEST,
    check_members,
    json_sha256,
    parsed,
    read_manifest,
    write_manifest,
)
from textclf.text.encoder import TextEncoder
from textclf.vectors.kept_grams import KeptGrams

if TYPE_CHECKING:
    import keras

FORMAT = 3
_OLDEST = 2
WEIGHTS = "weights.safetensors"
DECISION = "decision.json"
MEMBERS = (
    "model.json",
    "encoder.json",
    "labels.json",
    DECISION,
    WEIGHTS,
    "golden.json",
)
GRAMS = "subwords.safetensors"
"""A member that only models with `embedding.subword_rows` have."""

_NO_HOSTS = ("ngram", "wordchar")
"""Kinds that have no place for vectors of unknown words."""

GOLDEN_TOLERANCE = 1e-4

KIND, ENSEMBLE = "kind", "ensemble"
"""What the manifest of an ensemble has that those of single models lack."""


@dataclass(frozen=True)
class Bundle:
    """A verified bundle: all that predicting needs, and nothing that is executed.

    Attributes:
        folder: Where it lies.
        manifest: Format, versions, hashes of the members, hash of the training data.
        spec: The shape of the model.
        encoder: From texts to ids.
        labels: The names of the outputs.
        golden: Texts and the probabilities they had when the bundle was made.
        grams: Gives vectors to words that training never saw, where that was asked for.
        decision: From logits to answers; neutral in a bundle of format 2.
    """

    folder: Path
    manifest: Mapping[str, Any]
    spec: ModelSpec
    encoder: TextEncoder
    labels: Labels
    golden: Mapping[str, Any]
    grams: KeptGrams | None = None
    decision: Decision = NEUTRAL

    @classmethod
    def open(cls, folder: Path) -> "Bundle":
        """Reads and verifies a bundle; imports neither Keras nor its backend.

        Raises:
            ArtefactError: A member is missing, added, changed, or of another format.
        """
        manifest = read_manifest(folder, oldest=_OLDEST, newest=FORMAT)
        _check_members(folder, manifest)
        spec = parsed(folder / "model.json", ModelSpec.from_json)
        hosting = GRAMS in manifest["members"]
        decided = DECISION in manifest["members"]
        bundle = cls(
            folder,
            manifest,
            spec,
            parsed(folder / "encoder.json", TextEncoder.from_json),
            parsed(folder / "labels.json", Labels.from_json),
            parsed(folder / "golden.json", golden_answers),
            KeptGrams.read(folder / GRAMS, dim=spec.dim) if hosting else None,
            parsed(folder / DECISION, Decision.from_json) if decided else NEUTRAL,
        )
        bundle._check_decision()
        bundle._check_sizes()
        if hosting and (spec.model.kind in _NO_HOSTS or not bundle.encoder.hosts):
            raise ArtefactError(
                "got n-grams for a model that has no place for further words",
                where=str(folder / GRAMS),
            )
        return bundle

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the manifest, which holds the hashes of everything else."""
        return sha256_of(self.folder / MANIFEST)

    def weights(self) -> dict[str, np.ndarray]:
        """Reads the float32 weights by the names of the model's variables.

        Raises:
            ArtefactError: Names or shapes of the weights are not those of the spec.
            ResourceError: The weights do not fit into memory.
        """
        check_memory(
            2 * self.spec.bytes(), what=str(self.folder), fix="free some memory"
        )
        weights = read_weights(self.folder / WEIGHTS)
        got = {name: array.shape for name, array in weights.items()}
        expected = self.spec.shapes()
        if set(got) != set(expected):
            raise ArtefactError(
                "got weights of other names than the model's", where=str(self.folder)
            )
        for name, shape in expected.items():
            if got[name] != shape:
                raise ArtefactError(
                    f"got shape {got[name]} for {name}, expected {shape}",
                    where=str(self.folder / WEIGHTS),
                )
        return weights

    def model(self) -> "keras.Model":
        """Builds the Keras model and fills in the weights.

        Raises:
            ArtefactError: Names or shapes of the weights are not those of the spec.
            ResourceError: The weights do not fit into memory.
        """
        from textclf.models.build import build_model

        weights = self.weights()
        model = build_model(self.spec, seed=0)
        for variable in model.weights:
            variable.assign(weights[variable.path])
        return model

    def _check_decision(self) -> None:
        try:
            self.decision.check(self.labels.task, len(self.labels))
        except DataError as fault:
            where = str(self.folder / DECISION)
            raise ArtefactError(fault.problem, where=where) from fault

    def _check_sizes(self) -> None:
        outputs = 1 if self.spec.task == "binary" else len(self.labels.names)
        stored = stored_numbers(self.folder / WEIGHTS)
        facts = {
            "rows of the embedding": (self.spec.rows, self.encoder.rows),
            "rows of the vocabulary": (self.spec.units, len(self.encoder.vocabulary)),
            "outputs": (self.spec.outputs, outputs),
            "task": (self.spec.task, self.labels.task),
            "numbers in the weights": (stored, self.spec.parameters()),
        }
        for what, (got, expected) in facts.items():
            if got != expected:
                raise ArtefactError(
                    f"got {got} as {what}, expected {expected}", where=str(self.folder)
                )


def save_bundle(
    folder: Path,
    *,
    model: "keras.Model",
    spec: ModelSpec,
    encoder: TextEncoder,
    labels: Labels,
    data_digest: str,
    probabilities: Callable[[list[str]], np.ndarray],
    grams: KeptGrams | None = None,
    decision: Decision = NEUTRAL,
) -> None:
    """Writes a bundle, whole or not at all.

    Args:
        folder: Where it appears; must not exist.
        model: The trained model.
        spec: Its shape.
        encoder: The encoder it was trained with.
        labels: The names of its outputs.
        data_digest: Hash of the training data.
        probabilities: Texts to float64[n, labels], by the path predicting will take.
        grams: What gives vectors to words that training never saw.
        decision: From logits to answers; `probabilities` obeys it already.
    """
    with staged_folder(folder) as stage:
        write_json(stage / "model.json", spec.model_dump(mode="json"))
        write_json(stage / "encoder.json", encoder.to_json(), indent=None)
        write_json(stage / "labels.json", labels.to_json())
        write_json(stage / DECISION, decision.to_json())
        weights = {v.path: np.ascontiguousarray(v.numpy()) for v in model.weights}
        write_weights(stage / WEIGHTS, weights, where=folder)
        (stage / WEIGHTS).chmod((stage / "model.json").stat().st_mode & 0o777)
        if grams is not None:
            grams.write(stage / GRAMS)
            (stage / GRAMS).chmod((stage / "model.json").stat().st_mode & 0o777)
        texts = probe_texts(encoder)
        if grams is not None:
            texts.append(_joined_words(encoder))
        golden = {"texts": texts, "probabilities": probabilities(texts).tolist()}
        write_json(stage / "golden.json", golden)
        names = [name for name in (*MEMBERS, GRAMS) if (stage / name).exists()]
        write_manifest(stage, _facts(encoder, data_digest), names)


def probe_texts(encoder: TextEncoder) -> list[str]:
    """Returns texts that exercise the encoder and give away no training text.

    They are made of the most frequent words of the vocabulary, an unknown word, nothing
    at all, and more than the longest text that is read.
    """
    known = [t.lstrip("▁") for t in encoder.vocabulary.tokens[2:]]
    thirds = [known[start : start + 12] for start in (0, len(known) // 3)]
    texts = [" ".join(words) for words in thirds]
    long = " ".join(
        known[i % len(known)] for i in range(encoder.settings.max_length + 9)
    )
    return [*texts, known[0], "", " \n", "qzxjv 🜍 Ünknøwn", long]


def _joined_words(encoder: TextEncoder) -> str:
    """Returns words that are most likely unknown and have n-grams of known ones."""
    known = encoder.vocabulary.tokens[2:14]
    return " ".join(map("".join, zip(known, reversed(known), strict=True)))


def _facts(encoder: TextEncoder, data_digest: str) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "textclf": version_of("textclf"),
        "keras": version_of("keras"),
        "encoder_sha256": encoder.digest,
        "data_sha256": data_digest,
    }


def _check_members(folder: Path, manifest: Mapping[str, Any]) -> None:
    if manifest.get(KIND) == ENSEMBLE:
        raise ArtefactError(
            "got an ensemble, which has no model of its own, expected a bundle of one",
            where=str(folder),
            fix=f"give one of its models, e.g. {folder / 'models' / '1'}",
        )
    wanted = set(MEMBERS) - ({DECISION} if manifest["format"] < 3 else set())
    check_members(folder, manifest, wanted, further={GRAMS})


def golden_answers(value: Any) -> dict[str, Any]:
    """Reads texts and the probabilities they had when a bundle was made.

    Raises:
        ArtefactError: They are something else.
    """
    try:
        texts = list(value["texts"])
        rows = np.array(value["probabilities"], dtype=np.float64)
    except (KeyError, TypeError, ValueError, OverflowError) as fault:
        raise ArtefactError("got no texts with probabilities") from fault
    if not texts or not all(type(text) is str for text in texts):
        raise ArtefactError("got golden texts that are no strings")
    return {"texts": texts, "probabilities": rows}


def data_digest(parts: Mapping[str, str]) -> str:
    """Returns one SHA-256 over the digests of the parts of a data set."""
    return json_sha256(parts)
