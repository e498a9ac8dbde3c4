"""A step on the rows of its batch alone (TensorFlow).

A batch touches few rows of a large table. They are found once, outside the graph; the
model is then given the places of the ids among them, for it knows ids only as rows of
tables and as padding, which keeps its place 0. The gradient of the rows read is dense
and is summed word by word in the order of the rows: no duplicates are left to merge.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

import numpy as np

from textclf.backend.given import given
from textclf.backend.made import MadeTable
from textclf.backend.rows import RowGradient, gather_rows

_PAD = 0


class LocalBatch(NamedTuple):
    """A padded batch, its ids replaced by places among its distinct rows.

    Attributes:
        places: int32[batch, width]; `rows[places]` are the ids.
        rows: int32[distinct], padding first, then rising.
        positions: int32[words], where in the flat batch words stand, rising.
        texts: int32[words], the texts of `positions`.
        sorted_positions: int32[words], `positions` in the order of their rows.
        sorted_texts: int32[words], the texts of `sorted_positions`.
        sorted_places: int32[words], the places of `sorted_positions`, rising.
    """

    places: Any
    rows: Any
    positions: Any
    texts: Any
    sorted_positions: Any
    sorted_texts: Any
    sorted_places: Any


def local_batch(ids: np.ndarray) -> LocalBatch:
    """Finds the distinct rows of int32[batch, width] padded ids, by one sort."""
    flat, width = ids.ravel(), np.int32(ids.shape[1])
    positions = np.flatnonzero(flat).astype(np.int32)
    keys = flat[positions].astype(np.int64) << 32 | positions
    keys.sort()
    order, values = keys.astype(np.int32), (keys >> 32).astype(np.int32)
    first = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=first[1:])
    sorted_places = np.cumsum(first, dtype=np.int32)
    places = np.full(len(flat), _PAD, dtype=np.int32)
    places[order] = sorted_places
    return LocalBatch(
        places.reshape(ids.shape),
        np.concatenate([np.full(1, _PAD, dtype=np.int32), values[first]]),
        positions,
        positions // width,
        order,
        order // width,
        sorted_places,
    )


class LocalRows:
    """The rows that a step has read, table by table.

    Args:
        batch: Which they are.
        tape: The GradientTape that is to watch them, if any.
        guests: float32[g, dim], rows of the ids that follow those of a table.
    """

    def __init__(
        self, batch: LocalBatch, *, tape: Any = None, guests: Any = None
    ) -> None:
        self.batch, self._tape, self._guests = batch, tape, guests
        self._read: dict[int, Any] = {}

    def of(self, table: Any) -> Any:
        """Returns float32[distinct, dim] rows of a table, read once."""
        return self._once(table, self._guests)

    def _once(self, table: Any, guests: Any) -> Any:
        if id(table) not in self._read:
            self._read[id(table)] = self._fresh(table, guests)
        return self._read[id(table)]

    def _fresh(self, table: Any, guests: Any) -> Any:
        if isinstance(table, MadeTable):
            return table.rows(self._once, guests)
        if self._guests is not None:
            return self._with_guests(table, guests)
        if self._tape is None:
            return table.value.sparse_read(self._known(table))
        with self._tape.stop_recording():
            rows = table.value.sparse_read(self._known(table))
        self._tape.watch(rows)
        return rows

    def _with_guests(self, table: Any, guests: Any) -> Any:
        import tensorflow as tf

        known, dim = self._known(table), table.shape[1]
        others = self.batch.rows[tf.size(known) :] - table.shape[0]
        if guests is None:
            more = tf.zeros([tf.size(others), dim])
        else:
            more = tf.gather(guests, others)
        rows = table.value.sparse_read(known), more
        return tf.ensure_shape(tf.concat(rows, axis=0), [None, dim])

    def _known(self, table: Any) -> Any:
        """Returns the rows of the batch that a table has: they rise."""
        return self.batch.rows[: _count_below(self.batch, table.shape[0])]

    def source(self, variable: Any) -> Any:
        """Returns what the gradient of a variable is taken by."""
        return self._read.get(id(variable), variable.value)

    def gradient(self, variable: Any, values: Any) -> Any:
        """Returns the gradient of a variable from that of its source."""
        before = self._read.get(id(variable))
        if before is None or values is None:
            return values
        return RowGradient(values, self._known(variable), before, variable.shape)


_active: ContextVar[LocalRows | None] = ContextVar("local_rows", default=None)
_hosted: ContextVar[Any] = ContextVar("hosted", default=None)


@contextmanager
def hosted(guests: Any) -> Iterator[None]:
    """Lets the layers called inside find the ids that follow those of a table.

    Args:
        guests: float32[g, dim] rows; None: there are none.
    """
    token = _hosted.set(guests)
    try:
        yield
    finally:
        _hosted.reset(token)


@contextmanager
def local_rows(rows: LocalRows) -> Iterator[None]:
    """Lets the layers called inside take their ids for places among `rows`."""
    token = _active.set(rows)
    try:
        yield
    finally:
        _active.reset(token)


def ids_below(ids: Any, bound: int) -> Any:
    """Returns int32[batch, width] ids in which those from `bound` on are padding."""
    from keras import ops

    local, known = _active.get(), bound
    if (outside := given()) is not None:
        known = outside.below(bound)
    elif local is not None:
        known = _count_below(local.batch, bound)
    return ops.where(ids < known, ids, _PAD)


def rows_among(rows: int) -> Any:
    """Returns how many rows ids can point to: in a step, the distinct ones of a batch.

    Args:
        rows: The rows of the table.
    """
    local = _active.get()
    if local is None:
        return rows
    import tensorflow as tf

    return tf.size(local.batch.rows)


def _count_below(batch: LocalBatch, bound: int) -> Any:
    import tensorflow as tf

    return tf.reduce_sum(tf.cast(batch.rows < bound, tf.int32))


def word_vectors(table: Any, ids: Any) -> Any:
    """Looks ids up in a table of float32[rows, dim]; padding gives zeros.

    Args:
        table: Keras variable, or a `MadeTable`.
        ids: int32[batch, width].

    Returns:
        float32[batch, width, dim].
    """
    local = _active.get()
    if local is not None:
        return _local_vectors(local, table, ids)
    from keras import ops

    guests = _hosted.get()
    if (outside := given()) is not None:
        vectors = ops.take(outside.of(table), ids, axis=0)
    elif isinstance(table, MadeTable):
        flat = ops.reshape(ids, (-1,))
        made = table.rows(lambda part, more: _looked_up(part, flat, more), guests)
        vectors = ops.reshape(made, (*ops.shape(ids), table.dim))
    else:
        vectors = _looked_up(table, ids, guests)
    return vectors * ops.expand_dims(ops.cast(ids != _PAD, vectors.dtype), -1)


def _looked_up(table: Any, ids: Any, guests: Any) -> Any:
    """Looks ids up; those beyond the table are guests, or zeros without any."""
    from keras import ops

    if _hosted.get() is None:
        return gather_rows(table, ids)
    known, rows = ids < table.shape[0], table.shape[0]
    others: Any = 0.0
    if guests is not None:
        others = ops.take(guests, ops.maximum(ids - rows, 0), axis=0)
    own = gather_rows(table, ops.where(known, ids, _PAD))
    return ops.where(ops.expand_dims(known, -1), own, others)


def pooled_vectors(table: Any, ids: Any, *, power: float) -> Any:
    """Sums the vectors of the words of each text.

    In a step the vectors of the single words are never laid out.

    Args:
        table: As in `word_vectors`.
        ids: int32[batch, width].
        power: The sum is divided by the number of words to the power of this: 0 for
            the sum, 1 for the mean; an empty text gives zeros.

    Returns:
        float32[batch, dim].
    """
    from keras import ops

    local = _active.get()
    if local is None:
        totals = ops.sum(word_vectors(table, ids), axis=1)
    else:
        totals = _local_totals(local, table, ids)
    if power == 0.0:
        return totals
    words = ops.sum(ops.cast(ids != _PAD, totals.dtype), axis=1, keepdims=True)
    return totals / ops.maximum(words, 1.0) ** power


def _local_vectors(local: LocalRows, table: Any, ids: Any) -> Any:
    import tensorflow as tf

    batch = local.batch

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def look_up(rows: Any) -> Any:
        empty = tf.zeros_like(rows[:1])

        def back(gradient: Any) -> Any:
            if ids is not batch.places:  # words were dropped from it
                gradient *= tf.expand_dims(tf.cast(ids != _PAD, gradient.dtype), -1)
            parts = tf.reshape(gradient, [-1, table.shape[1]])
            sums = _sums_by_row(parts, batch.sorted_positions, batch)
            return sums[: tf.shape(rows)[0]]

        return tf.gather(tf.concat([empty, rows[1:]], axis=0), ids), back

    return look_up(local.of(table))


def _local_totals(local: LocalRows, table: Any, ids: Any) -> Any:
    import tensorflow as tf

    batch, count = local.batch, tf.shape(ids)[0]
    flat = tf.reshape(ids, [-1])
    words, texts = tf.gather(flat, batch.positions), batch.texts
    dropped = ids is not batch.places
    if dropped:
        kept = words != _PAD
        words, texts = tf.boolean_mask(words, kept), tf.boolean_mask(texts, kept)

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def total(rows: Any) -> Any:
        def back(gradient: Any) -> Any:
            if not dropped:
                return _sums_by_row(gradient, batch.sorted_texts, batch)
            kept = tf.gather(flat, batch.sorted_positions) != _PAD
            chosen = tf.where(kept, batch.sorted_texts, count)
            parts = tf.pad(gradient, [[0, 1], [0, 0]])
            return _sums_by_row(parts, chosen, batch)[: tf.shape(rows)[0]]

        sums = tf.sparse.segment_sum(rows, words, texts, num_segments=count)
        return tf.ensure_shape(sums, [None, table.shape[1]]), back

    return total(local.of(table))


def _sums_by_row(parts: Any, chosen: Any, batch: LocalBatch) -> Any:
    """Adds `parts[chosen]`, which stand in the order of the rows, row by row."""
    import tensorflow as tf

    return tf.sparse.segment_sum(
        parts, chosen, batch.sorted_places, num_segments=tf.size(batch.rows)
    )
