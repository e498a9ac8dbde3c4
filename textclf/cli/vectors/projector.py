"""`textclf vectors projector`."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textclf.cli.console import Console
from textclf.cli.vectors.source import learnt_words, vectors_of
from textclf.errors import ConfigError
from textclf.text.vocabulary import RESERVED
from textclf.vectors.named import file_of
from textclf.vectors.projector import METADATA, VECTORS, write_projector

if TYPE_CHECKING:
    from textclf.explain.words import LearntWords


def run(options: argparse.Namespace) -> None:
    """Writes words for the Embedding Projector; of a run with counts and labels."""
    if options.words < 1:
        raise ConfigError(f"got {options.words}, expected 1 or more", where="--words")
    console, folder = Console(), Path(options.output)
    path = file_of(options.source)
    columns: Mapping[str, Sequence[object]] = {}
    if path.is_dir():
        learnt = learnt_words(path, limit=options.words)
        vectors, columns = learnt.after, _columns(learnt)
    else:
        vectors = vectors_of(options.source, limit=options.words, progress=console)
    write_projector(folder, vectors, columns)
    named = ", ".join(["word", *columns])
    print(f"{folder}: {len(vectors):,} words of {vectors.dim} numbers; {named}")
    print(f"see them with `tensorboard --logdir {folder}`, tab Projector,")
    print(f"or load {VECTORS} and {METADATA} at https://projector.tensorflow.org")


def _columns(learnt: "LearntWords") -> dict[str, Sequence[object]]:
    """Returns counts, and the label that the model is drawn to by each word alone."""
    words = learnt.after.tokens
    counts = learnt.bundle.encoder.vocabulary.counts[len(RESERVED) :]
    lean = learnt.lean(words)
    strongest = lean.values.argmax(axis=1)
    return {
        "count": counts[: len(words)].tolist(),
        "leans_to": [lean.labels[label] for label in strongest],
        "by_points": [f"{100 * v:.1f}" for v in lean.values.max(axis=1)],
    }
