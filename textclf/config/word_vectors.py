"""How word vectors are learnt from texts."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationError

from textclf.config.embedding import Method
from textclf.config.section import Count, Section
from textclf.errors import ConfigError

_WINDOWS = {"glove": 10}
_EPOCHS = {"glove": 25}
_RATES = {"skipgram": 0.025}
_WINDOW, _ROUNDS, _RATE = 5, 5, 0.05


class VectorTraining(Section):
    """The settings of `vectors train`, and of `embedding.vectors: train:METHOD`.

    Sources: Mikolov et al. 2013, "Distributed Representations" (skip-gram, negative
    samples), Bojanowski et al. 2017 (fastText), Pennington et al. 2014 (GloVe).
    """

    method: Method = Field("skipgram", description="How the vectors are learnt.")
    dim: Annotated[int, Field(ge=1, le=4096)] = Field(
        100, description="Numbers a word."
    )
    window: Annotated[int, Field(ge=1, le=100)] | None = Field(
        None, description="Words on each side that count as near; null: the method's."
    )
    min_count: Count = Field(5, description="Words seen less often get no vector.")
    epochs: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        None, description="Passes over the texts; null: the method's."
    )
    negative: Annotated[int, Field(ge=1, le=100)] = Field(
        5, description="Words drawn against each true one (not for glove)."
    )
    buckets: Annotated[int, Field(ge=1, le=100_000_000)] = Field(
        200_000, description="fasttext: rows that character n-grams are hashed to."
    )
    lowercase: bool = Field(True, description="Capital letters count as small ones.")
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = Field(
        7, description="The same seed and one worker give the same vectors."
    )
    workers: Annotated[int, Field(ge=1, le=256)] = Field(
        1, description="Threads; more than one are faster, and chance decides a little."
    )

    @classmethod
    def of_flags(cls, given: Mapping[str, Any]) -> "VectorTraining":
        """Checks settings of a command line; None stands for a flag not given.

        Raises:
            ConfigError: A number is out of its range; the flag is named.
        """
        try:
            return cls.model_validate({k: v for k, v in given.items() if v is not None})
        except ValidationError as fault:
            first = fault.errors()[0]
            name = str(first["loc"][0])
            wanted = first["msg"].replace("Input should be", "expected a value")
            raise ConfigError(
                f"got {given[name]}, {wanted}", where=f"--{name.replace('_', '-')}"
            ) from fault

    @property
    def reach(self) -> int:
        """Words on each side that count as near."""
        return self.window or _WINDOWS.get(self.method, _WINDOW)

    @property
    def passes(self) -> int:
        """Passes over the texts, or over GloVe's counts."""
        return self.epochs or _EPOCHS.get(self.method, _ROUNDS)

    @property
    def rate(self) -> float:
        """The first size of a step, as the authors of each method set it."""
        return _RATES.get(self.method, _RATE)
