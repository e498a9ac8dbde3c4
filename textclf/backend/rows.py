"""Some rows of a table: read, summed, moved, written."""

from dataclasses import dataclass
from typing import Any

from textclf.backend.choice import is_tensorflow

# The name that makes TensorFlow forget a variable as soon as no one holds it.
_ANONYMOUS = "cd2c89b7-88b7-44c8-ad83-06c2a9158347"


@dataclass(frozen=True)
class RowGradient:
    """The gradient of distinct rows, beside what stands in them.

    Attributes:
        values: float32[distinct, dim], already added up.
        indices: int32[distinct] rows.
        before: float32[distinct, dim], the rows as they were read for the step.
        dense_shape: The shape of the table.
    """

    values: Any
    indices: Any
    before: Any
    dense_shape: Any


def gather_rows(table: Any, ids: Any) -> Any:
    """Reads rows of a variable; its gradient stays row-sparse on TensorFlow.

    The stock Embedding reads the whole variable, which forces a copy of the table as
    soon as rows are scattered back into it.

    Args:
        table: Keras variable, float32[rows, dim].
        ids: int32[...].

    Returns:
        float32[..., dim].
    """
    if is_tensorflow():
        import tensorflow as tf

        return tf.gather(table.value, ids)
    from keras import ops

    return ops.take(table, ids, axis=0)


def is_row_sparse(gradient: Any) -> bool:
    """Tells whether a gradient holds only the rows that a batch touched."""
    return hasattr(gradient, "indices") and hasattr(gradient, "dense_shape")


def densify(gradient: Any) -> Any:
    """Returns the equal dense gradient: rows that occur twice are summed."""
    import tensorflow as tf

    if isinstance(gradient, RowGradient):
        places = tf.expand_dims(gradient.indices, -1)
        return tf.scatter_nd(places, gradient.values, gradient.dense_shape)
    return tf.convert_to_tensor(gradient)


def merge_rows(gradient: Any, variable: Any) -> RowGradient:
    """Sums the parts of a row-sparse gradient that belong to one row."""
    import tensorflow as tf

    if isinstance(gradient, RowGradient):
        return gradient
    rows, places = tf.unique(gradient.indices)
    sums = tf.math.unsorted_segment_sum(gradient.values, places, tf.size(rows))
    before = read_rows(variable, rows)
    return RowGradient(sums, rows, before, gradient.dense_shape)


def read_rows(variable: Any, rows: Any) -> Any:
    """Reads some rows of an optimiser's slot or of a table."""
    return _native(variable).sparse_read(rows)


def write_rows(variable: Any, rows: Any, values: Any) -> None:
    """Writes some rows; they must be distinct.

    To subtract in place would be one pass less, but TensorFlow does that on one core.
    """
    import tensorflow as tf

    _native(variable).scatter_update(tf.IndexedSlices(values, rows))


def adam_rows(
    rows: tuple[Any, Any, Any],
    gradient: Any,
    *,
    rate: Any,
    step: Any,
    decays: tuple[float, float],
    epsilon: float,
) -> tuple[Any, Any, Any]:
    """Moves rows by Adam (Kingma and Ba 2015, end of section 2), in one pass.

    The kernel moves variables, so the rows become variables that nobody keeps.

    Args:
        rows: float32[n, dim] weights, means and mean squares of the gradient.
        gradient: float32[n, dim].
        rate: The learning rate.
        step: float32, 1 in the first step.
        decays: Shares of the means that stay.
        epsilon: Added to the root of the mean square.

    Returns:
        The rows after the step.
    """
    import tensorflow as tf

    raw, handles = tf.raw_ops, []
    for values in rows:
        handle = raw.VarHandleOp(
            dtype=values.dtype, shape=[None, None], shared_name=_ANONYMOUS
        )
        raw.AssignVariableOp(resource=handle, value=values)
        handles.append(handle)
    raw.ResourceApplyAdam(
        var=handles[0],
        m=handles[1],
        v=handles[2],
        beta1_power=tf.pow(decays[0], step),
        beta2_power=tf.pow(decays[1], step),
        lr=rate,
        beta1=decays[0],
        beta2=decays[1],
        epsilon=epsilon,
        grad=gradient,
    )
    first, second, third = (
        raw.ReadVariableOp(resource=handle, dtype=gradient.dtype) for handle in handles
    )
    return first, second, third


def _native(variable: Any) -> Any:
    """Returns the TensorFlow variable: optimisers are handed it bare, slots wrapped."""
    return variable if callable(variable.value) else variable.value
