"""How the weights are learnt."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from textclf.config.duration import Duration
from textclf.config.section import Count, Fraction, Section
from textclf.config.self_training import SelfTrainingConfig


class TrainingConfig(Section):
    """How the weights are learnt."""

    epochs: Annotated[int, Field(ge=1, le=100_000)] = Field(
        10, description="Most passes over the training texts."
    )
    batch_size: Annotated[int, Field(ge=1, le=65_536)] = Field(
        64, description="Texts a step learns from."
    )
    loss: Literal["cross_entropy", "squared_hinge"] = Field(
        "cross_entropy",
        description="What is made small: cross_entropy, or squared_hinge, by which "
        "each label keeps a margin from all others, as linear support vectors do.",
    )
    optimizer: Literal["adam", "lazy_adam", "adagrad", "sgd"] = Field(
        "adam",
        description="lazy_adam moves only the embedding rows of a batch: faster with "
        "a large vocabulary, but another rule than adam.",
    )
    learning_rate: float = Field(
        0.001, gt=0.0, le=1e9, description="The size of a step."
    )
    schedule: Literal["constant", "linear", "cosine", "plateau"] = Field(
        "constant",
        description="How the rate falls over the epochs: not, in a line, in a wave, or "
        "by half after each epoch without improvement.",
    )
    warmup: Fraction = Field(
        0.0, description="Share of the steps in which the rate rises to its height."
    )
    clip_norm: float | None = Field(
        None,
        gt=0.0,
        le=1e9,
        description="Bound on the norm of all gradients of a step.",
    )
    average: Literal["none", "ema", "swa"] = Field(
        "none",
        description="Which weights are judged and kept: those of a step, a decaying "
        "mean over steps, or the mean over the ends of the later epochs.",
    )
    average_decay: float = Field(
        0.99, ge=0.0, lt=1.0, description="What a step leaves of the mean (ema)."
    )
    budget: Duration | None = Field(
        None,
        description="Time for the whole run, e.g. 2m: a ladder of recipes is tried on "
        "the dev texts, and the best is trained; null: what is written is trained.",
    )
    patience: Count | None = Field(
        3, description="Epochs without improvement before stopping; null: never."
    )
    monitor: Literal["dev_loss", "dev_accuracy", "dev_macro_f1"] = Field(
        "dev_loss", description="What has to improve."
    )
    class_weight: (
        Literal["balanced"] | dict[str, Annotated[float, Field(ge=0.0, le=1e6)]] | None
    ) = Field(None, description="null, balanced, or a weight for each label.")
    self_training: SelfTrainingConfig | None = Field(
        None,
        description="null, or {rounds: 1, threshold: 0.9, weight: 0.5}: train again "
        "with the texts of data.unlabelled whose label is sure, at a weight.",
    )
    refit: bool = Field(
        False,
        description="Train once more, from scratch and with the dev texts too, for as "
        "many epochs as were best; that model is kept.",
    )
    tensorboard: bool = Field(False, description="Write TensorBoard logs into the run.")

    @model_validator(mode="after")
    def _second_training_needs_no_scores(self) -> Self:
        if self.refit and self.schedule == "plateau":
            raise ValueError(
                "refit: trains without dev scores, by which schedule plateau lowers "
                "the rate; set schedule to constant, linear or cosine"
            )
        return self
