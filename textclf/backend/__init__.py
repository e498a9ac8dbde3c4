"""The Keras backend: chosen once, and the one home of backend-specific speed.

Models speak `keras.ops` and mean the same on every backend. What TensorFlow can do in
a faster way is done here: `rows` reads and writes some rows of a table, `local` lets a
step work on the rows of its batch alone, `step` compiles. `slope` takes gradients by
the vectors of single words, as each backend does that.
"""

from textclf.backend.choice import BACKENDS, is_tensorflow, prepare, start
from textclf.backend.given import Places
from textclf.backend.local import (
    ids_below,
    pooled_vectors,
    rows_among,
    word_vectors,
)
from textclf.backend.made import MadeTable
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
from textclf.backend.slope import Question, SlopeOf, Slopes, question_of
from textclf.backend.step import Step, compiled_forward, compiled_step

__all__ = [
    "BACKENDS",
    "AdamStep",
    "MadeTable",
    "Places",
    "Question",
    "SlopeOf",
    "Slopes",
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
    "question_of",
    "read_rows",
    "rows_among",
    "start",
    "word_vectors",
    "write_rows",
]
