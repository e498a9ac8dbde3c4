"""Word vectors learnt from texts, by any method, and written to a file."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textclf import backend
from textclf.config.word_vectors import VectorTraining
from textclf.progress import SILENT, Progress
from textclf.text.vocabulary import RESERVED
from textclf.vectors.layout import Format
from textclf.vectors.sentences import Sentences, open_sentences
from textclf.vectors.word2vec import learn_word2vec, vectors_of, write_fasttext
from textclf.vectors.writers import format_of, write_vectors

if TYPE_CHECKING:
    from textclf.training.prepare import Prepared

_AT_ONCE = 4096
_FASTTEXT = "fasttext"


@dataclass(frozen=True)
class Learnt:
    """What learning vectors came to.

    Attributes:
        rows: Words with a vector.
        dim: Numbers a word.
        texts: Texts that were read.
        running: Their running words.
        words: Running words that are frequent enough for a vector.
        seconds: Wall time.
    """

    rows: int
    dim: int
    texts: int
    running: int
    words: int
    seconds: float


def learn_vectors(
    batches: Iterable[Sequence[str]],
    target: Path,
    settings: VectorTraining,
    *,
    progress: Progress = SILENT,
) -> Learnt:
    """Learns word vectors and writes them, whole or not at all.

    Args:
        batches: The texts, some at a time; they are read once.
        target: A name for `write_vectors`. fastText vectors in a `.bin` keep their
            character n-grams, in fastText's own form.
        settings: How they are learnt.
        progress: Who listens.

    Raises:
        ConfigError: The name tells no format.
        DataError: No word is frequent enough.
        DivergedError: The numbers left the finite ones.
        ResourceError: The disk is full.
    """
    format_of(target)
    started = time.monotonic()
    with open_sentences(
        batches, min_count=settings.min_count, lowercase=settings.lowercase
    ) as sentences:
        progress.say(
            f"{sentences.texts:,} texts, {sentences.running:,} running words, "
            f"{len(sentences.vocabulary) - len(RESERVED):,} different ones at least "
            f"{settings.min_count} times"
        )
        _learn(sentences, target, settings, progress)
    return Learnt(
        len(sentences.vocabulary) - len(RESERVED),
        settings.dim,
        sentences.texts,
        sentences.running,
        sentences.words,
        round(time.monotonic() - started, 1),
    )


def learn_file(
    prepared: "Prepared", target: Path, *, progress: Progress = SILENT
) -> None:
    """Learns the vectors of a run from its training and unlabelled texts alone."""
    config, train = prepared.config, prepared.splits.train.texts
    settings = VectorTraining.model_validate(
        {
            "method": config.embedding.learnt,
            "dim": config.embedding.dim,
            "lowercase": config.text.lowercase,
            "seed": config.seed,
        }
    )
    progress.say(
        f"learning {settings.method} vectors from {len(train):,} training texts and "
        f"{len(prepared.unlabelled):,} unlabelled ones"
    )
    batches = (
        texts[start : start + _AT_ONCE]
        for texts in (train, prepared.unlabelled)
        for start in range(0, len(texts), _AT_ONCE)
    )
    learn_vectors(batches, target, settings, progress=progress)


def _learn(
    sentences: Sentences, target: Path, settings: VectorTraining, progress: Progress
) -> None:
    if settings.method == "glove":
        backend.start()  # before Keras is imported, which would choose and be loud
        from textclf.training.glove import learn_glove

        write_vectors(learn_glove(sentences, settings, progress=progress), target)
        return
    model = learn_word2vec(sentences, settings, progress=progress)
    if _keeps_grams(settings, target):
        write_fasttext(model, target)
    else:
        write_vectors(vectors_of(model), target)


def _keeps_grams(settings: VectorTraining, target: Path) -> bool:
    return settings.method == _FASTTEXT and format_of(target) == Format.WORD2VEC_BINARY
