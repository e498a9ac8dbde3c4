"""Word vectors: read from files in bounded memory, asked, converted, learnt.

vectors = Vectors.read(Path("glove.6B.100d.txt"), limit=50_000)
neighbours(vectors, "film", k=5)
"""

from textclf.vectors.coverage import Coverage
from textclf.vectors.formats import sniff
from textclf.vectors.layout import Format, Layout
from textclf.vectors.queries import Near, analogy, neighbours
from textclf.vectors.reader import stream_vectors
from textclf.vectors.seed import Seeded, seed_rows
from textclf.vectors.table import Vectors
from textclf.vectors.writers import convert, write_vectors

__all__ = [
    "Coverage",
    "Format",
    "Layout",
    "Near",
    "Seeded",
    "Vectors",
    "analogy",
    "convert",
    "neighbours",
    "seed_rows",
    "sniff",
    "stream_vectors",
    "write_vectors",
]
