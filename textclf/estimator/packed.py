"""A bundle held in memory: what a pickle holds instead of a Keras model."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from textclf.errors import ArtefactError
from textclf.predictor import Predictor

if TYPE_CHECKING:
    from textclf.explain.attribution import Explainer


@dataclass(frozen=True)
class Packed:
    """The files of a bundle.

    Attributes:
        members: The bytes of each file, by its name.
    """

    members: Mapping[str, bytes]

    @classmethod
    def of(cls, folder: Path) -> Self:
        """Reads a bundle as it is."""
        files = sorted(folder.iterdir())
        return cls({path.name: path.read_bytes() for path in files})

    def write(self, folder: Path) -> None:
        """Makes a folder and writes the files into it.

        Raises:
            ArtefactError: A name would lead out of the folder.
        """
        folder.mkdir(parents=True)
        for name, content in self.members.items():
            if name != Path(name).name:
                raise ArtefactError("got a file outside a bundle", where=name)
            (folder / name).write_bytes(content)

    @contextmanager
    def unpacked(self) -> Iterator[Path]:
        """Lends the bundle as a folder."""
        with tempfile.TemporaryDirectory(prefix="textclf-") as parent:
            folder = Path(parent) / "bundle"
            self.write(folder)
            yield folder

    def predictor(self) -> Predictor:
        """Verifies the bundle and returns what answers by it.

        Raises:
            ArtefactError: It is damaged, or gives other answers than when it was made.
        """
        with self.unpacked() as folder:
            return Predictor.load(folder)

    def explainer(self) -> "Explainer":
        """Verifies the bundle and returns what can be asked why.

        Raises:
            ArtefactError: As `predictor`.
        """
        from textclf.explain.attribution import Explainer

        with self.unpacked() as folder:
            explainer = Explainer.of(Predictor.load(folder))
            explainer.read()
        return explainer
