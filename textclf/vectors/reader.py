"""Any vector file as a stream of blocks of rows."""

from collections.abc import Iterator
from pathlib import Path

from textclf.progress import SILENT, Progress
from textclf.vectors.binary_format import binary_blocks
from textclf.vectors.blocks import Block
from textclf.vectors.fasttext_format import fasttext_blocks, open_fasttext
from textclf.vectors.formats import sniff
from textclf.vectors.layout import Format, Layout
from textclf.vectors.text_format import text_blocks
from textclf.vectors.unpacked import Unpacked, unpacked


def stream_vectors(path: Path, *, progress: Progress = SILENT) -> Iterator[Block]:
    """Yields the rows of a vector file in order, a few megabytes in memory at a time.

    Raises:
        ArtefactError: The file is no vector file, foreign, cut or damaged. Damage at
            the end is met at the end: whoever stops early has not checked the rest.
    """
    return read_blocks(sniff(path), progress=progress)


def read_blocks(layout: Layout, *, progress: Progress = SILENT) -> Iterator[Block]:
    """Yields the rows of a file whose form is known already; see `stream_vectors`."""
    if layout.format == Format.FASTTEXT_BINARY:
        yield from _fasttext(layout, progress)
        return
    with unpacked(layout.path) as source:
        source.read(layout.start)
        with progress.task(f"reading {layout.path.name}", source.size) as task:
            done = 0
            for block in _blocks(source, layout):
                yield block
                task.advance(source.consumed - done)
                done = source.consumed


def _fasttext(layout: Layout, progress: Progress) -> Iterator[Block]:
    with (
        open_fasttext(layout.path) as model,
        progress.task(f"reading {layout.path.name}", layout.rows) as task,
    ):
        for block in fasttext_blocks(model):
            yield block
            task.advance(len(block.tokens))


def _blocks(source: Unpacked, layout: Layout) -> Iterator[Block]:
    if layout.format == Format.WORD2VEC_BINARY:
        return binary_blocks(source, layout)
    return text_blocks(source, layout)
