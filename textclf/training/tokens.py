"""The training texts as ids: learnt in memory, or kept in the cache."""

import hashlib
import json
import mmap
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from textclf.config.schema import TextConfig
from textclf.data.cache import Cache
from textclf.data.dataset import Dataset
from textclf.files import canonical_json, write_json
from textclf.machine import version_of
from textclf.progress import SILENT, Progress
from textclf.text.encoded import Encoded
from textclf.text.encoder import TextEncoder
from textclf.text.store import load_encoded

_ENCODER, _IDS = "encoder.json", "ids"
# Other versions may cut texts in another way.
_CUTTERS = ("textclf", "polars", "tokenizers")


def learn_tokens(
    train: Dataset,
    settings: TextConfig,
    *,
    cache: str | None,
    progress: Progress = SILENT,
) -> tuple[TextEncoder, Encoded]:
    """Learns the encoder and encodes the texts it was learnt from.

    Args:
        train: The training texts.
        settings: How texts are cut.
        cache: The folder that ids are kept in and mapped from, if one is wanted.
        progress: Hears whether the cache was used.

    Raises:
        DataError: As `TextEncoder.fit_encode`.
        ResourceError: The disk is full or another process uses the cache.
    """
    if cache is None:
        return TextEncoder.fit_encode(train.texts, settings)
    facts = {
        "texts": train.digest(),
        "settings": settings.model_dump(mode="json"),
        "versions": {package: version_of(package) for package in _CUTTERS},
    }
    digest = hashlib.sha256(canonical_json(facts).encode()).hexdigest()
    return Cache.open(Path(cache)).kept(
        f"tokens-{digest[:16]}",
        facts,
        make=partial(_write, train=train, settings=settings),
        read=_open,
        progress=progress,
    )


def give_back(encoded: Encoded) -> None:
    """Lets go of the pages of mapped ids; they can be read again at any time."""
    base: Any = encoded.ids
    while isinstance(base, np.ndarray):
        base = base.base
    if isinstance(base, mmap.mmap):
        base.madvise(mmap.MADV_DONTNEED)


def _write(folder: Path, *, train: Dataset, settings: TextConfig) -> None:
    encoder, _ = TextEncoder.fit_encode(train.texts, settings, folder=folder / _IDS)
    write_json(folder / _ENCODER, encoder.to_json(), indent=None)


def _open(folder: Path) -> tuple[TextEncoder, Encoded]:
    encoder = TextEncoder.from_json(json.loads((folder / _ENCODER).read_bytes()))
    return encoder, load_encoded(folder / _IDS)
