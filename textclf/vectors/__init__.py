"""Word vectors from files, read in bounded memory."""

from textclf.vectors.coverage import Coverage
from textclf.vectors.formats import sniff
from textclf.vectors.layout import Format, Layout
from textclf.vectors.reader import stream_vectors
from textclf.vectors.seed import Seeded, seed_rows

__all__ = [
    "Coverage",
    "Format",
    "Layout",
    "Seeded",
    "seed_rows",
    "sniff",
    "stream_vectors",
]
