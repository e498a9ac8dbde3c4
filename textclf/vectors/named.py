"""Published vectors that a configuration or a command calls by their name."""

import os
from pathlib import Path

from textclf.config.schema import Config
from textclf.errors import ConfigError
from textclf.vectors.catalogue import catalogue
from textclf.vectors.fetch import locate


def file_of(name: str) -> Path:
    """Returns a path, or where published vectors of that name lie.

    Raises:
        ConfigError: The vectors have a name, and are nowhere on this machine.
    """
    path = Path(name)
    entry = catalogue().get(name)
    if entry is None or path.exists():
        return path
    found = locate(entry, environ=os.environ)
    if found is None:
        raise ConfigError(
            "is nowhere on this machine",
            where=name,
            fix=f"run `textclf vectors fetch {name}`",
        )
    return found


def with_named_vectors(config: Config, written: Config) -> Config:
    """Returns the configuration with published vectors as the path of their file.

    Args:
        config: With absolute paths.
        written: As the user wrote it.

    Raises:
        ConfigError: The vectors have a name, and are nowhere on this machine.
    """
    name, path = written.embedding.vectors, config.embedding.vectors
    if name is None or path is None or Path(path).exists():
        return config
    found = str(file_of(name).absolute()) if name in catalogue() else path
    embedding = config.embedding.model_copy(update={"vectors": found})
    return config.model_copy(update={"embedding": embedding})
