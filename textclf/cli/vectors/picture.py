"""The file a picture of vectors is written to, and its title."""

from pathlib import Path

from textclf.errors import ConfigError, printable

_SUFFIX = ".png"


def checked(name: str) -> Path:
    """Returns the path of a picture that can be written, before the work begins.

    Raises:
        ConfigError: It is no `.png`, or its folder is missing.
    """
    output = Path(name)
    if output.suffix.lower() != _SUFFIX:
        raise ConfigError(
            f"got {output.name}, expected a name that ends in {_SUFFIX}",
            where="--output",
        )
    if not output.parent.is_dir():
        raise ConfigError("no such folder", where=str(output.parent), fix="make it")
    return output


def entitled(source: str) -> str:
    """Returns the title of a picture: the name of the file or run."""
    return printable(Path(source).resolve().name, limit=40)
