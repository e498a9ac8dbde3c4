"""What words that the vocabulary lacks are given instead of a row of it."""

from textclf.config.kinds import WordCharConfig
from textclf.models.spec import ModelSpec
from textclf.text.encoder import RowsOf, TextEncoder
from textclf.text.letters import Speller


def guest_rows(
    spec: ModelSpec, encoder: TextEncoder, grams: RowsOf | None = None
) -> RowsOf | None:
    """Returns what makes guests of unknown words: a speller, n-grams, or nothing.

    Args:
        spec: The shape of the model.
        encoder: What it reads texts by.
        grams: What gives vectors, where the model keeps n-grams.
    """
    if isinstance(spec.model, WordCharConfig):
        return Speller.of(encoder.vocabulary, length=spec.model.spelling_length)
    return grams
