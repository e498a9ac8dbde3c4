"""Files that TensorBoard's Embedding Projector shows."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from textclf.errors import ConfigError
from textclf.files import staged_folder, write_text
from textclf.vectors.table import Vectors

VECTORS, METADATA, SETTINGS = "vectors.tsv", "metadata.tsv", "projector_config.pbtxt"
_BLANKS = str.maketrans({"\t": "\\t", "\n": "\\n", "\r": "\\r"})


def write_projector(
    folder: Path, vectors: Vectors, columns: Mapping[str, Sequence[object]]
) -> None:
    """Writes vectors, what is known of each word, and the settings that join them.

    The files know no quotes: tabs and line ends inside words are written as escapes.

    Args:
        folder: Where they appear together; must not exist.
        vectors: The words.
        columns: What is told of each word, a value a word.

    Raises:
        ConfigError: The folder exists already, or its parent does not.
        ResourceError: The disk is full.
    """
    if not folder.absolute().parent.is_dir():
        raise ConfigError("no such folder", where=str(folder.parent), fix="make it")
    rows = zip(vectors.tokens, *columns.values(), strict=True)
    lines = ["\t".join(["word", *columns])]
    lines += ["\t".join(str(cell).translate(_BLANKS) for cell in row) for row in rows]
    with staged_folder(folder) as stage:
        write_text(stage / METADATA, "".join(f"{line}\n" for line in lines))
        with (stage / VECTORS).open("w", encoding="ascii") as stream:
            np.savetxt(stream, vectors.matrix, fmt="%.6g", delimiter="\t")
        write_text(stage / SETTINGS, _settings())


def _settings() -> str:
    """Returns the text form of TensorBoard's `ProjectorConfig`, for plain files."""
    return (
        "embeddings {\n"
        '  tensor_name: "words"\n'
        f'  tensor_path: "{VECTORS}"\n'
        f'  metadata_path: "{METADATA}"\n'
        "}\n"
    )
