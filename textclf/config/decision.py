"""The section `decision`: how probabilities become answers, fitted on the dev texts."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from textclf.config.section import Count, Section

Share = Annotated[float, Field(gt=0.0, le=1.0)]

Metric = Literal["auto", "none", "f1", "balanced_accuracy", "mcc"]
"""What thresholds are chosen for."""


class AbstainConfig(Section):
    """When a model would rather not answer; one of the two is given."""

    coverage: Share | None = Field(
        None, description="The share of texts that are to be answered."
    )
    accuracy: Share | None = Field(
        None, description="The accuracy that the answered texts are to reach."
    )

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.coverage is None) == (self.accuracy is None):
            raise ValueError(
                "decision.abstain: expected one of coverage and accuracy, e.g. "
                "{coverage: 0.9}"
            )
        return self


class DecisionConfig(Section):
    """How probabilities become answers; all of it is fitted on the dev texts."""

    temperature: bool = Field(
        True,
        description="Divide the logits by one number, so that probabilities can be "
        "believed.",
    )
    metric: Metric = Field(
        "auto",
        description="What thresholds are chosen for; auto: f1 of each label of a "
        "multi-label task, else none: 0.5.",
    )
    min_texts: Count = Field(
        10,
        description="Multi-label: labels that fewer dev texts have, or lack, share one "
        "threshold.",
    )
    abstain: AbstainConfig | None = Field(
        None,
        description="null, {coverage: 0.9} or {accuracy: 0.95}: texts below a "
        "probability get no answer.",
    )
