"""From flat ids to rectangles: texts of like length, padded to few widths."""

from collections.abc import Iterator

import numpy as np

from textclf.text.encoded import Encoded, spans
from textclf.text.vocabulary import PAD

_LEAST_WIDTH = 8


def pad(encoded: Encoded, rows: np.ndarray) -> np.ndarray:
    """Returns int32[len(rows), width] ids, padded on the right to a bucket's width."""
    lengths = encoded.lengths[rows]
    width = bucket_width(int(lengths.max(initial=0)))
    batch = np.full((len(rows), width), PAD, dtype=np.int32)
    places = spans(encoded.offsets[rows], lengths)
    batch.ravel()[spans(np.arange(len(rows)) * width, lengths)] = encoded.ids[places]
    return batch


def bucket_width(length: int) -> int:
    """Returns the padded width of a batch whose longest text has `length` ids.

    Widths are multiples of 8 up to 128, of 16 up to 256 and so on: beyond the longest
    text stand at most seven columns or an eighth of its length, whichever is more, and
    a corpus needs few different shapes.
    """
    step = max(_LEAST_WIDTH, 1 << max(length.bit_length() - 4, 0))
    return max(-(-length // step) * step, _LEAST_WIDTH)


def by_length(encoded: Encoded, *, size: int) -> Iterator[np.ndarray]:
    """Yields int64 rows of batches that cover all texts, the shortest texts first."""
    order = np.argsort(encoded.lengths, kind="stable")
    for start in range(0, len(order), size):
        yield order[start : start + size]
