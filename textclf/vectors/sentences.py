"""Texts as the words that vectors are learnt of: kept on disk, read in every pass."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from textclf.config.schema import TextConfig
from textclf.errors import DataError, ResourceError
from textclf.text.columns import columns
from textclf.text.corpus import Corpus, Spelt
from textclf.text.encoded import offsets_of
from textclf.text.piles import FilePile, Pile
from textclf.text.spelling import Spelling
from textclf.text.vocabulary import RESERVED, UNKNOWN, Vocabulary

_MOST_UNITS = 100_000  # of a text, as `text.max_length` allows
_MOST_ROWS = 50_000_000


@dataclass(frozen=True, eq=False)
class Sentences:
    """Texts as words of a vocabulary; rare words are left out.

    Attributes:
        vocabulary: The words, the most frequent first.
        texts: How many texts there are.
        words: Running words that are in the vocabulary.
        running: All running words.
    """

    vocabulary: Vocabulary
    texts: int
    words: int
    running: int
    _spelt: Spelt

    def chunks(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yields some texts at a time, always the same in the same order.

        Yields:
            int32[total] ids of words, and int64[n], words of each text.
        """
        for chunk in self._spelt.chunks():
            known = chunk.numbers > UNKNOWN
            before = np.concatenate([[0], np.cumsum(known, dtype=np.int64)])
            ends = before[offsets_of(chunk.lengths)]
            yield chunk.numbers[known], np.diff(ends)


@contextmanager
def open_sentences(
    batches: Iterable[Sequence[str]], *, min_count: int, lowercase: bool
) -> Iterator[Sentences]:
    """Reads texts once into a nameless file that is gone when this is closed.

    Words are cut as `text.unit: word` cuts them. Memory holds the different words and
    a few megabytes of text, 4 bytes a running word lie on disk.

    Args:
        batches: The texts, some at a time.
        min_count: Words seen less often are left out.
        lowercase: Whether capitals count as small letters.

    Raises:
        DataError: No word is frequent enough.
        ResourceError: The disk is full.
    """
    settings = TextConfig(
        max_length=_MOST_UNITS,
        vocabulary_size=_MOST_ROWS,
        min_count=min_count,
        lowercase=lowercase,
    )
    with ExitStack() as files:

        def pile(dtype: np.dtype[Any]) -> Pile:
            # Without a name: a process that is killed leaves nothing behind.
            stream = tempfile.TemporaryFile()  # noqa: SIM115
            return FilePile(files.enter_context(stream), dtype)

        try:
            parts = chain.from_iterable(columns(batch) for batch in batches)
            corpus = Corpus.of(parts, settings, pile)
        except OSError as fault:
            raise ResourceError(
                f"cannot keep the words of the texts ({fault.strerror})",
                where=tempfile.gettempdir(),
                fix="free space, or set TMPDIR to another folder",
            ) from fault
        yield _sentences(corpus, settings)


def _sentences(corpus: Corpus, settings: TextConfig) -> Sentences:
    types, counts = corpus.census.types()
    vocabulary = Vocabulary.build(
        types, counts, size=settings.vocabulary_size, min_count=settings.min_count
    )
    if len(vocabulary) == len(RESERVED):
        raise DataError(
            f"got {corpus.texts:,} texts without a word that comes "
            f"{settings.min_count} times",
            fix="give more texts; `vectors train` also takes a lower --min-count",
        )
    words = int(vocabulary.counts[len(RESERVED) :].sum())
    spelt = Spelt(corpus, Spelling.of(types, None), vocabulary)
    return Sentences(vocabulary, corpus.texts, words, int(counts.sum()), spelt)
