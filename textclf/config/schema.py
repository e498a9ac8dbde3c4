"""The configuration of a training run; every default lives in this folder."""

import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from textclf.config.decision import DecisionConfig
from textclf.config.embedding import EmbeddingConfig
from textclf.config.kinds import (
    ORDERLESS,
    AverageConfig,
    CharCnnConfig,
    ModelConfig,
    NgramConfig,
    WordCharConfig,
)
from textclf.config.regularisation import RegularisationConfig
from textclf.config.section import Count, Fraction, Refusals, Section
from textclf.config.training import TrainingConfig

GramLength = Annotated[int, Field(ge=2, le=8)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]


_UNUSED_BY_NGRAM = {
    "embedding.dim": "has one number an output",
    "regularisation.spatial_dropout": "has no dimensions to drop",
}
_UNUSED_WITHOUT_DENSE = dict.fromkeys(
    [f"regularisation.{n}" for n in ("dropout", "drop_connect", "l2", "max_norm")],
    "has no dense layer, unless model.dense_dim is set",
)
FOLLOWING = ("text.distinct",)
"""Settings whose default follows from another one: unset, they may still change."""
LONGEST = 100_000
"""The most units that can be kept of a text."""


class DataConfig(Section):
    """Where the labelled texts come from and how they are divided."""

    dataset: str | None = Field(
        None, description="A name from the catalogue (`data list`), or `sample`."
    )
    train: str | None = Field(
        None,
        description="CSV, TSV, JSONL or Parquet (also .gz), or a folder of class "
        "folders.",
    )
    dev: str | None = Field(None, description="A file, or null with dev_fraction.")
    dev_fraction: Fraction = Field(
        0.1, description="Share of the training rows held out for early stopping."
    )
    test: str | None = Field(None, description="A file, or null with test_fraction.")
    test_fraction: Fraction = Field(
        0.0, description="Share of the rows held out for the final score."
    )
    split_seed: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = Field(
        None,
        description="Of the rows held out; null: `seed`. Set, runs of different seeds "
        "hold the same rows out and can be joined by `ensemble`.",
    )
    unlabelled: str | None = Field(
        None,
        description="A file of further texts, for embedding.vectors: train:METHOD and "
        "for training.self_training; those that occur in dev or test are left out.",
    )
    text: str = Field("text", min_length=1, description="The column of the texts.")
    label: str = Field("label", min_length=1, description="The column of the labels.")
    label_separator: str | None = Field(
        None,
        min_length=1,
        max_length=3,
        description='What stands between labels, e.g. "|": makes the task multi-label.',
    )
    encoding: str = Field("utf-8", description="The encoding of the text files.")
    encoding_errors: Literal["strict", "replace"] = Field(
        "strict", description="Refuse invalid bytes, or replace them by U+FFFD."
    )
    cache: str | None = Field(
        None,
        min_length=1,
        description="A folder that keeps texts and ids, for data larger than memory.",
    )

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        paths = (self.train, self.dev, self.test)
        if self.dataset is not None and any(path is not None for path in paths):
            raise ValueError(
                f"got dataset {self.dataset!r} and paths, expected one or the other"
            )
        if self.dataset is None and self.train is None:
            raise ValueError("got neither dataset nor train, expected one of them")
        if self.test is not None and self.test_fraction > 0:
            raise ValueError("got test and test_fraction > 0, expected one of them")
        return self


class TextConfig(Section):
    """How a text becomes integer ids."""

    unit: Literal["word", "character", "subword"] = Field(
        "word", description="What a text is cut into."
    )
    lowercase: bool = Field(True, description="Capital letters count as small ones.")
    unicode: Literal["none", "nfc", "nfkc"] = Field(
        "nfkc", description="The Unicode normal form texts are brought to."
    )
    ngrams: int = Field(1, ge=1, le=5, description="Unit n-grams up to this length.")
    char_ngrams: (
        Annotated[list[GramLength], Field(min_length=2, max_length=2)] | None
    ) = Field(
        None,
        description="Shortest and longest character n-gram inside words, e.g. [2, 5].",
    )
    ngram_min_count: Count = Field(
        2, description="N-grams seen less often in training are left out."
    )
    ngram_buckets: Annotated[int, Field(ge=1, le=100_000_000)] | None = Field(
        None,
        description="Rows that n-grams are hashed to (character n-grams to as many "
        "again); null: each has a row of its own.",
    )
    distinct: bool = Field(
        False,
        description="Units and n-grams count once in a text (kind ngram: true unless "
        "set).",
    )
    vocabulary_size: int = Field(
        30_000,
        ge=3,
        le=50_000_000,
        description="Most rows of the vocabulary, padding and unknown included.",
    )
    min_count: Count = Field(
        1, description="Units seen less often in training are unknown."
    )
    max_length: int = Field(400, ge=1, le=LONGEST, description="Units kept of a text.")
    truncate: Literal["head", "tail", "head_tail"] = Field(
        "head", description="Which end of a longer text is kept."
    )

    @model_validator(mode="after")
    def _characters_are_of_words(self) -> Self:
        if self.char_ngrams is None:
            return self
        if self.char_ngrams[0] > self.char_ngrams[1]:
            raise ValueError(
                f"got char_ngrams {self.char_ngrams}, expected the shorter length first"
            )
        if self.unit != "word":
            raise ValueError(
                f"got char_ngrams with unit {self.unit!r}, they stand inside words: "
                "set text.unit to word"
            )
        return self


class Config(Section):
    """Everything a training run is told."""

    name: Name = Field(
        "textclf",
        description="Names the run's folder: 1 to 80 letters, digits, dots and dashes.",
    )
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = Field(
        7, description="The same seed gives the same weights."
    )
    data: DataConfig
    text: TextConfig = TextConfig()
    embedding: EmbeddingConfig = EmbeddingConfig()
    model: ModelConfig = AverageConfig()
    regularisation: RegularisationConfig = RegularisationConfig()
    training: TrainingConfig = TrainingConfig()
    decision: DecisionConfig = DecisionConfig()

    @model_validator(mode="before")
    @classmethod
    def _ngrams_are_distinct(cls, given: Any) -> Any:
        """Sets `text.distinct` for the kind that is defined by it."""
        if not isinstance(given, dict):
            return given
        model, text = given.get("model"), given.get("text", {})
        kind = model.get("kind") if isinstance(model, dict) else None
        if kind == "ngram" and isinstance(text, dict):
            return {**given, "text": {"distinct": True, **text}}
        return given

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        """Refuses what does not fit together, all of it in one error."""
        found = [
            problem
            for check in (
                self._parts_fit_together,
                self._rarity_is_of_plain_descent,
                self._smoothing_is_of_cross_entropy,
                self._characters_are_read,
                self._words_are_spelt,
                self._vectors_are_learnt_of_words,
                self._unlabelled_texts_are_learnt_from,
                self._subwords_are_of_words,
                self._nothing_is_ignored,
            )
            for problem in check()
        ]
        if found:
            raise Refusals(found)
        return self

    def _parts_fit_together(self) -> Iterator[str]:
        kind, init = self.model.kind, self.embedding.init
        for name, used, what in (
            ("ngrams", self.text.ngrams > 1, "n-grams"),
            ("char_ngrams", self.text.char_ngrams is not None, "n-grams"),
            ("distinct", self.text.distinct, "units that count once"),
        ):
            if used and kind not in ORDERLESS:
                yield (
                    f"text.{name}: {what} have no order, so they need model.kind "
                    f"average or ngram, got {kind!r}"
                )
        if init == "naive_bayes" and kind != "ngram":
            yield (
                "embedding.init: naive_bayes gives one number an output, so it needs "
                f"model.kind ngram, got {kind!r}"
            )
        if init == "vectors" and kind == "ngram":
            yield (
                "embedding.init: vectors have a dimension, and model.kind ngram has "
                "one number an output; set model.kind to average or cnn"
            )

    def _rarity_is_of_plain_descent(self) -> Iterator[str]:
        rule, wanted = self.training.optimizer, self.embedding.row_rates
        if wanted == "rarity" and rule != "sgd":
            yield (
                f"embedding.row_rates: rarity multiplies rates, which {rule} divides "
                "out again; set training.optimizer to sgd"
            )

    def _smoothing_is_of_cross_entropy(self) -> Iterator[str]:
        smoothing, loss = self.regularisation.label_smoothing, self.training.loss
        if smoothing > 0 and loss != "cross_entropy":
            yield (
                f"regularisation.label_smoothing: got {smoothing}, training.loss "
                f"{loss} has no shares to spread; set it to 0, or training.loss to "
                "cross_entropy"
            )

    def _characters_are_read(self) -> Iterator[str]:
        if isinstance(self.model, CharCnnConfig) and self.text.unit != "character":
            yield (
                f"text.unit: got {self.text.unit!r}, model.kind charcnn reads "
                "characters; set it to character"
            )

    def _words_are_spelt(self) -> Iterator[str]:
        if not isinstance(self.model, WordCharConfig):
            return
        if self.text.unit != "word":
            yield (
                f"text.unit: got {self.text.unit!r}, model.kind wordchar reads words "
                "and how they are spelt; set it to word"
            )
        if self.embedding.subword_rows is not None:
            yield (
                "embedding.subword_rows: gives vectors to unknown words, which "
                "model.kind wordchar reads by their spelling; leave it away"
            )

    def _vectors_are_learnt_of_words(self) -> Iterator[str]:
        if self.embedding.learnt is not None and self.text.unit != "word":
            yield (
                f"embedding.vectors: {self.embedding.vectors} learns vectors of words; "
                "set text.unit to word"
            )

    def _unlabelled_texts_are_learnt_from(self) -> Iterator[str]:
        taught = self.training.self_training is not None
        if self.data.unlabelled is None and taught:
            yield (
                "training.self_training: got no texts without labels; set "
                "data.unlabelled to a file of them"
            )
        if self.data.label_separator is not None and taught:
            yield (
                "training.self_training: a text is given the one label that is surest, "
                "so a text cannot have several; set it to null"
            )
        unused = self.embedding.learnt is None and not taught
        if self.data.unlabelled is not None and unused:
            yield (
                "data.unlabelled: no vectors are learnt from it; set embedding.vectors "
                "to train:skipgram or training.self_training, or leave it away"
            )

    def _subwords_are_of_words(self) -> Iterator[str]:
        text = self.text
        plain = text.unit == "word" and text.ngrams == 1 and text.char_ngrams is None
        if self.embedding.subword_rows is not None and (text.distinct or not plain):
            yield (
                "embedding.subword_rows: gives vectors to unknown words, so it needs "
                "text.unit word without n-grams and without distinct"
            )

    def _nothing_is_ignored(self) -> Iterator[str]:
        """Refuses what kind ngram would not use; defaults may be written, and zeros."""
        if not isinstance(self.model, NgramConfig):
            return
        dense = {} if self.model.dense_dim > 0 else _UNUSED_WITHOUT_DENSE
        for key, reason in (_UNUSED_BY_NGRAM | dense).items():
            section, _, name = key.partition(".")
            part: Section = getattr(self, section)
            value, default = getattr(part, name), type(part).model_fields[name].default
            if value and value != default:
                yield (
                    f"{key}: got {value}, expected {json.dumps(default)} or nothing: "
                    f"model.kind ngram {reason}"
                )
