"""`textclf vectors swap`."""

import argparse
from pathlib import Path

from textclf import backend
from textclf.cli.console import Console
from textclf.run import Run, check_free
from textclf.vectors.named import file_of
from textclf.vectors.table import Vectors


def run(options: argparse.Namespace) -> None:
    """Writes a run's model on the words of other vectors, as a run."""
    record, target = Run.open(Path(options.run_folder)), Path(options.output)
    check_free(target)
    vectors = Vectors.read(
        file_of(options.file), limit=options.limit, progress=Console()
    )
    backend.start()
    from textclf.training.swap import swap_words

    words = swap_words(record, vectors, target)
    print(f"{target}: the model of {record.folder} on {words:,} other words")
    print(f"next: textclf evaluate --run {target} --data FILE, or textclf predict")
