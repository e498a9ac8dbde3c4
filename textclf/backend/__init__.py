"""The Keras backend: chosen once, and the one home of backend-specific speed.

Models speak `keras.ops` and mean the same on every backend. What TensorFlow can do in
a faster way is done here: `rows` reads and writes some rows of a table, `local` lets a
step work on the rows of its batch alone, `step` compiles.
"""

from textclf.backend.choice import BACKENDS, is_tensorflow, prepare, start
from textclf.backend.local import (
    ids_below,
    pooled_vectors,
    rows_among,
    word_vectors,
)
from textclf.backend.rows import (
    AdamStep,
    adam,
    adam_rows,
    densify,
    gather_rows,
    is_row_sparse,
    merge_rows,
    read_rows,
    write_rows,
)
from textclf.backend.step import Step, compiled_forward, compiled_step

__all__ = [
    "BACKENDS",
    "AdamStep",
    "Step",
    "adam",
    "adam_rows",
    "compiled_forward",
    "compiled_step",
    "densify",
    "gather_rows",
    "ids_below",
    "is_row_sparse",
    "is_tensorflow",
    "merge_rows",
    "pooled_vectors",
    "prepare",
    "read_rows",
    "rows_among",
    "start",
    "word_vectors",
    "write_rows",
]
