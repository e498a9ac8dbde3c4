"""Skip-gram, CBOW and fastText, learnt by gensim from texts on disk."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from textclf.config.word_vectors import VectorTraining
from textclf.files import write_whole
from textclf.progress import SILENT, Progress, Task
from textclf.text.vocabulary import RESERVED
from textclf.vectors.sentences import Sentences
from textclf.vectors.table import Vectors

_LONGEST = 10_000  # gensim reads no further in a sentence
_SUBSAMPLE = 1e-3  # Mikolov et al. 2013, section 2.3
_SHORTEST_GRAM, _LONGEST_GRAM = 3, 6  # Bojanowski et al. 2017, section 4.3
_COUNTED = 20_000


def learn_word2vec(
    sentences: Sentences, settings: VectorTraining, *, progress: Progress = SILENT
) -> Any:
    """Learns vectors by telling true neighbours of words from drawn ones.

    With one worker the same texts and seed give the same bits; more workers write the
    same rows at the same time, which is faster and repeats no run exactly.

    Args:
        sentences: The texts.
        settings: `method` is `skipgram`, `cbow` or `fasttext`.
        progress: Hears the running words done and words a second.

    Returns:
        The gensim model; see `vectors_of`.
    """
    model = _model(settings)
    counts = sentences.vocabulary.counts.tolist()[len(RESERVED) :]
    words = sentences.vocabulary.tokens[len(RESERVED) :]
    model.build_vocab_from_freq(dict(zip(words, counts, strict=True)))
    total = sentences.words * settings.passes
    with progress.task(f"learning {len(words):,} vectors", total) as task:
        stream = _Stream(sentences, task)
        model.train(stream, total_words=sentences.words, epochs=settings.passes)
    if stream.fault is not None:
        raise stream.fault
    return model


def vectors_of(model: Any) -> Vectors:
    """Returns the words of a gensim model with their vectors, most frequent first."""
    matrix = np.asarray(model.wv.vectors, dtype=np.float32)
    return Vectors(tuple(model.wv.index_to_key), matrix)


def write_fasttext(model: Any, target: Path) -> None:
    """Writes a fastText model with its n-grams, in the form of fastText's own `.bin`.

    Raises:
        ResourceError: The disk is full.
    """
    from gensim.models.fasttext import save_facebook_model

    with write_whole(target) as stream:
        save_facebook_model(model, stream)


def _model(settings: VectorTraining) -> Any:
    from gensim.models import FastText, Word2Vec

    shared = {
        "vector_size": settings.dim,
        "window": settings.reach,
        "min_count": 1,  # rare words are left out already
        "negative": settings.negative,
        "alpha": settings.rate,
        "sample": _SUBSAMPLE,
        "sg": int(settings.method != "cbow"),
        "seed": settings.seed,
        "workers": settings.workers,
    }
    if settings.method != "fasttext":
        return Word2Vec(**shared)
    return FastText(
        **shared,
        min_n=_SHORTEST_GRAM,
        max_n=_LONGEST_GRAM,
        bucket=settings.buckets,
    )


class _Stream:
    """The texts as lists of words, as often as they are asked for.

    gensim reads it in a thread of its own and would wait forever for one that fails, so
    a fault ends the stream and is kept.
    """

    def __init__(self, sentences: Sentences, task: Task) -> None:
        self.fault: Exception | None = None
        self._sentences, self._task = sentences, task
        self._words = np.array(sentences.vocabulary.tokens, dtype=object)
        self._started, self._done, self._told = time.monotonic(), 0, 0

    def __iter__(self) -> Iterator[list[str]]:
        try:
            for ids, lengths in self._sentences.chunks():
                yield from self._texts(ids, lengths)
        except Exception as fault:
            self.fault = fault
        self._tell()

    def _texts(self, ids: np.ndarray, lengths: np.ndarray) -> Iterator[list[str]]:
        words, stop = self._words[ids].tolist(), 0
        for length in lengths.tolist():
            start, stop = stop, stop + length
            for begin in range(start, stop, _LONGEST):
                yield words[begin : min(begin + _LONGEST, stop)]
            self._done += length
            if self._done - self._told >= _COUNTED:
                self._tell()

    def _tell(self) -> None:
        speed = self._done / max(time.monotonic() - self._started, 1e-9)
        self._task.advance(self._done - self._told, f"{speed:,.0f} words/s")
        self._told = self._done
