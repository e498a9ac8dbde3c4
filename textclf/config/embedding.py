"""The section `embedding`, and where vectors for it may come from."""

from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from textclf.config.section import Count, Section

LEARNT = "train:"
"""What stands before a method in `embedding.vectors`."""

Method = Literal["skipgram", "cbow", "fasttext", "glove"]
"""How word vectors are learnt from texts."""

Oov = Literal["random", "zero", "mean", "subword"]
"""What a word of the training texts begins with that the vectors do not have."""


class EmbeddingConfig(Section):
    """The trainable Embedding that every model begins with."""

    dim: int = Field(
        100,
        ge=1,
        le=4096,
        description="Numbers a unit is described by (kind ngram: one an output).",
    )
    init: Literal["random", "vectors", "naive_bayes"] = Field(
        "random",
        description="Where the numbers come from; naive_bayes: from the training "
        "labels, for kind ngram.",
    )
    vectors: str | None = Field(
        None,
        description="GloVe text, word2vec text or binary, fastText .vec (gzip too); a "
        "name from `vectors list`; or train:skipgram, train:cbow, train:fasttext, "
        "train:glove: learnt from the training texts.",
    )
    oov: Oov = Field(
        "random",
        description="vectors: what words begin with that the file lacks: numbers drawn "
        "with the variance of the others, zeros, the mean of the others, or built from "
        "n-grams (subword, with a fastText .bin).",
    )
    subword_rows: Annotated[int, Field(ge=1, le=10_000_000)] | None = Field(
        None,
        description="oov: subword: most n-gram rows that the model keeps, so that "
        "words that training never saw get vectors when predicting; null: none.",
    )
    scale: float | None = Field(
        0.1,
        gt=0.0,
        le=100.0,
        description="vectors: one factor gives the numbers of the rows this standard "
        "deviation; null: they stay as in the file.",
    )
    row_rates: Literal["evidence", "rarity"] = Field(
        "evidence",
        description="What each row's share of the learning rate follows. evidence: "
        "with naive_bayes, how much it tells at first, else all alike; rarity: in how "
        "few texts it stands, as TF-IDF weighs terms (with training.optimizer: sgd).",
    )
    train: Literal["finetune", "frozen", "two_stage"] = Field(
        "finetune", description="two_stage: frozen, then at a smaller rate."
    )
    frozen_epochs: Count = Field(2, description="two_stage: epochs of the first stage.")
    finetune_rate: float = Field(
        0.1,
        gt=0.0,
        le=1.0,
        description="two_stage: the embedding's share of the learning rate afterwards.",
    )

    @property
    def learnt(self) -> str | None:
        """The method by which vectors are learnt from the training texts, if so."""
        named = self.vectors is not None and self.vectors.startswith(LEARNT)
        return str(self.vectors).removeprefix(LEARNT) if named else None

    @model_validator(mode="after")
    def _method_is_known(self) -> Self:
        methods = get_args(Method)
        if self.learnt is not None and self.learnt not in methods:
            raise ValueError(
                f"got vectors {self.vectors}, expected a path, a name, or one of "
                + ", ".join(LEARNT + method for method in methods)
            )
        return self

    @model_validator(mode="after")
    def _rows_are_of_subwords(self) -> Self:
        if self.subword_rows is not None and self.oov != "subword":
            raise ValueError(
                f"got subword_rows with oov: {self.oov}, set embedding.oov to subword"
            )
        return self

    @model_validator(mode="after")
    def _vectors_belong_to_init(self) -> Self:
        if self.init == "vectors" and self.vectors is None:
            raise ValueError("got init: vectors without a path, set embedding.vectors")
        if self.init != "vectors" and self.vectors is not None:
            raise ValueError(
                f"got vectors with init: {self.init}, set embedding.init to vectors"
            )
        return self

    @model_validator(mode="after")
    def _oov_belongs_to_vectors(self) -> Self:
        if self.init != "vectors" and self.oov != "random":
            raise ValueError(
                f"got oov: {self.oov} with init: {self.init}, where vectors lack no "
                "word; set embedding.init to vectors"
            )
        if self.oov == "subword" and self.learnt not in (None, "fasttext"):
            raise ValueError(
                f"got oov: subword with vectors: {self.vectors}, which learns no "
                f"n-grams; set embedding.vectors to {LEARNT}fasttext"
            )
        return self
