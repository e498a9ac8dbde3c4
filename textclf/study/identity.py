"""What decides the result of a trial, as a hash."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import textclf
from textclf.config.schema import Config
from textclf.errors import ConfigError
from textclf.files import canonical_json, sha256_of
from textclf.machine import version_of

_ROOMS = ("backend", "config", "data", "models", "text", "training", "vectors")
_JUDGES = ("calibration", "decision", "metrics", "predictions", "tally", "terms")
_OF_SCORES = (
    "predictor.py",
    *(f"evaluation/{name}.py" for name in _JUDGES),
)
_ROOMS_OF_STUDY = ("condensed", "folds", "material", "packing", "traced", "trial")
_PLACES = {"dataset", "train", "dev", "test", "unlabelled", "cache"}
_PACKAGES = ("keras", "tensorflow", "numpy", "polars", "gensim", "tokenizers")


@cache
def code_version() -> str:
    """Returns a hash of the code that trains and of the packages it rests on."""
    root = Path(textclf.__file__).parent
    files = [path for room in _ROOMS for path in sorted((root / room).rglob("*.py"))]
    files += [root / "study" / f"{name}.py" for name in _ROOMS_OF_STUDY]
    files += [root / name for name in _OF_SCORES]
    total = hashlib.sha256()
    for path in files:
        total.update(path.relative_to(root).as_posix().encode() + b"\0")
        total.update(path.read_bytes())
    versions = {package: version_of(package) for package in _PACKAGES}
    total.update(canonical_json(versions).encode())
    return total.hexdigest()


def identity_of(
    config: Config, *, kind: str, seed: int, split: dict[str, Any], data: str
) -> str:
    """Returns the SHA-256 of a trial, as hexadecimal.

    Args:
        config: Its resolved configuration.
        kind: The kind of the trial.
        seed: Its seed.
        split: The section `split`, and the seed of the study.
        data: The hash of the tables.
    """
    facts = {
        "config": _settings(config),
        "data": data,
        "vectors": _vectors(config),
        "unlabelled": _content(config.data.unlabelled),
        "kind": kind if kind == "test" else "",
        "seed": seed,
        "split": split,
        "code": code_version(),
    }
    return hashlib.sha256(canonical_json(facts).encode()).hexdigest()


def _settings(config: Config) -> dict[str, Any]:
    """Returns what is set, but for places: what lies there has a hash of its own."""
    settings = config.model_dump(mode="json", exclude={"name": True, "data": _PLACES})
    if config.embedding.learnt is None:
        del settings["embedding"]["vectors"]
    return settings


def _vectors(config: Config) -> str | None:
    learnt = config.embedding.learnt is not None
    return None if learnt else _content(config.embedding.vectors)


def _content(path: str | None) -> str | None:
    if path is None:
        return None
    try:
        return _sha256(path, Path(path).stat().st_mtime_ns)
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise ConfigError(f"cannot be read ({reason})", where=path) from fault


@cache
def _sha256(path: str, _changed: int) -> str:
    return sha256_of(Path(path))
