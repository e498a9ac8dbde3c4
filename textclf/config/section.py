"""What all sections of the configuration share: strictness, and bounds."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Fraction = Annotated[float, Field(ge=0.0, le=0.5)]
Rate = Annotated[float, Field(ge=0.0, lt=1.0)]
Penalty = Annotated[float, Field(ge=0.0, le=1e3)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]


class Refusals(ValueError):
    """Several problems of settings that do not fit together, a message each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class Section(BaseModel):
    """A part of the configuration: frozen, strict about types, closed to others."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False
    )
