"""Predictions that know the texts they are about."""

from dataclasses import dataclass, fields
from typing import Self

from textclf.evaluation.answers_display import predictions_html
from textclf.evaluation.predictions import Predictions


@dataclass(frozen=True, eq=False, repr=False)
class Answered(Predictions):
    """Predictions beside their texts; a notebook shows them as a table.

    Attributes:
        texts: The n texts.
    """

    texts: tuple[str, ...] = ()

    @classmethod
    def of(cls, predictions: Predictions, texts: list[str]) -> Self:
        """Joins the two."""
        known = {f.name: getattr(predictions, f.name) for f in fields(predictions)}
        return cls(**known, texts=tuple(texts))

    def _repr_html_(self) -> str:
        return predictions_html(self.records(), n=len(self), texts=self.texts)
