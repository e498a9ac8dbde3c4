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


@dataclass(frozen=True)
class AdamStep:
    """What a step of Adam needs to know beside the gradient.

    Attributes:
        rate: The learning rate.
        number: float32, 1 in the first step.
        decays: Shares of the mean and of the mean square that stay.
        epsilon: Added to the root of the mean square.
    """

    rate: Any
    number: Any
    decays: tuple[float, float]
    epsilon: float


def adam(weights: Any, mean: Any, spread: Any, gradient: Any, step: AdamStep) -> None:
    """Moves whole variables by Adam (Kingma and Ba 2015, end of section 2).

    It is one pass over the memory where operation by operation is ten.

    Args:
        weights: The variable to move.
        mean: The variable of the means of its gradient.
        spread: The variable of the means of its squared gradient.
        gradient: Of the shape of each.
        step: The rest.
    """
    variables = (weights, mean, spread)
    _apply_adam([_native(v).handle for v in variables], gradient, step)


def adam_rows(
    rows: tuple[Any, Any, Any], gradient: Any, step: AdamStep
) -> tuple[Any, Any, Any]:
    """Moves float32[n, dim] weights, means and mean squares; returns them moved."""
    import tensorflow as tf

    raw, handles = tf.raw_ops, []
    for values in rows:  # the kernel moves variables: these are kept by no one
        handle = raw.VarHandleOp(
            dtype=values.dtype, shape=[None, None], shared_name=_ANONYMOUS
        )
        raw.AssignVariableOp(resource=handle, value=values)
        handles.append(handle)
    _apply_adam(handles, gradient, step)
    first, second, third = (
        raw.ReadVariableOp(resource=handle, dtype=gradient.dtype) for handle in handles
    )
    return first, second, third


def _apply_adam(handles: list[Any], gradient: Any, step: AdamStep) -> None:
    import tensorflow as tf

    weights, mean, spread = handles
    tf.raw_ops.ResourceApplyAdam(
        var=weights,
        m=mean,
        v=spread,
        beta1_power=tf.pow(step.decays[0], step.number),
        beta2_power=tf.pow(step.decays[1], step.number),
        lr=step.rate,
        beta1=step.decays[0],
        beta2=step.decays[1],
        epsilon=step.epsilon,
        grad=gradient,
    )


def _native(variable: Any) -> Any:
    """Returns the TensorFlow variable: optimisers are handed it bare, slots wrapped."""
    return variable if callable(variable.value) else variable.value
