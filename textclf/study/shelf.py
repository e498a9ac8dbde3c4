"""What several trials read: made once, by whichever worker comes first."""

import fcntl
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from textclf.files import canonical_json, staged_folder

Made = TypeVar("Made")


@dataclass(frozen=True)
class Shelf:
    """A folder of entries, each a folder that appears whole by one rename.

    Attributes:
        folder: It can be deleted at any time while no study runs.
    """

    folder: Path

    def kept(
        self,
        kind: str,
        facts: Mapping[str, Any],
        *,
        make: Callable[[Path], None],
        read: Callable[[Path], Made],
    ) -> Made:
        """Returns what is read from an entry; another process may be making it.

        Args:
            kind: Begins its name.
            facts: All that decides what it holds; ready for JSON.
            make: Writes it into an empty folder.
            read: Opens it.

        Raises:
            ResourceError: The disk is full.
        """
        digest = hashlib.sha256(canonical_json(dict(facts)).encode()).hexdigest()
        place = self.folder / f"{kind}-{digest[:24]}"
        if not place.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            with _alone(self.folder / f".{place.name}.lock"):
                if not place.exists():
                    with staged_folder(place) as stage:
                        make(stage)
        return read(place)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Waits until no other process holds the lock; a killed one lets go of it."""
    with path.open("a+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
