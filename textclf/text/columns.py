"""Walks through texts by columns of bounded size."""

from collections.abc import Iterator, Sequence

import polars as pl

from textclf.text.normalise import text_column

_LEAST_BYTES, _MOST_BYTES = 512 << 10, 1 << 20
_BYTES_READ = 64  # for each byte of a column, so that its room is a small share
_FIRST_TEXTS = 64
_GROWTH = 4


def columns(texts: Sequence[str]) -> Iterator[pl.Series]:
    """Yields the texts in columns of about equal size; a huge text stands alone.

    Only slices are asked of `texts`, whose sizes follow those of the texts before: the
    same texts always give the same columns.
    """
    start, count, done = 0, _FIRST_TEXTS, 0
    while start < len(texts):
        column = text_column(texts[start : start + count])
        start += count
        size = max(int(column.estimated_size()), 1)
        done += size
        room = min(max(done // _BYTES_READ, _LEAST_BYTES), _MOST_BYTES)
        yield from _portions(column, room) if size > 2 * room else [column]
        count = min(max(room * len(column) // size, 1), _GROWTH * count)


def _portions(column: pl.Series, room: int) -> Iterator[pl.Series]:
    bytes_so_far = column.str.len_bytes().cast(pl.UInt64).cum_sum()
    start, done = 0, 0
    while start < len(column):
        stop = int(bytes_so_far.search_sorted(done + room, side="right"))
        stop = max(stop, start + 1)
        yield column[start:stop]
        start, done = stop, int(bytes_so_far[stop - 1])
