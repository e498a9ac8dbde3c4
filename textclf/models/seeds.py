"""One seed for each random thing in a model, so that they do not shift each other."""

import zlib
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Seeds:
    """Derives independent seeds by name from the seed of the run.

    A model with one more dropout layer starts from the same weights as without it,
    because the seed of a weight depends on its name and not on the order of making.
    """

    seed: int

    def of(self, name: str) -> int:
        """Returns the seed, below 2**31, of the thing called `name`."""
        words = np.random.SeedSequence([self.seed, zlib.crc32(name.encode())])
        return int(words.generate_state(1)[0] >> 1)
