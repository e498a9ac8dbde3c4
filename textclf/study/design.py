"""Factors, their levels, and the cells that a study trains."""

import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from textclf.errors import ConfigError, nearest, one_of


@dataclass(frozen=True)
class Factor:
    """Something that is varied on purpose.

    Attributes:
        name: What the report calls it.
        levels: The names of its levels, in order.
        numeric: Their values where all are numbers, rising or as written; else None.
        reference: The level that the others are compared with.
        settings: For each level the keys of the configuration that make it.
        drawn: `log` or `linear` for numbers drawn from such a range; empty: written.
    """

    name: str
    levels: tuple[str, ...]
    numeric: tuple[float, ...] | None
    reference: str
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    drawn: str = ""

    def only(self, levels: Collection[str]) -> "Factor":
        """Returns the factor with some of its levels, the reference if it can be."""
        places = [n for n, level in enumerate(self.levels) if level in levels]
        kept = tuple(self.levels[place] for place in places)
        numeric = self.numeric and tuple(self.numeric[place] for place in places)
        reference = self.reference if self.reference in kept else kept[0]
        return replace(self, levels=kept, numeric=numeric, reference=reference)

    def to_json(self) -> dict[str, Any]:
        """Returns the factor as a mapping."""
        return {
            "name": self.name,
            "levels": list(self.levels),
            "numeric": None if self.numeric is None else list(self.numeric),
            "reference": self.reference,
            "settings": {level: dict(keys) for level, keys in self.settings.items()},
            "drawn": self.drawn,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Factor":
        """Reads what `to_json` returned."""
        numeric = value["numeric"]
        return cls(
            value["name"],
            tuple(value["levels"]),
            None if numeric is None else tuple(numeric),
            value["reference"],
            value["settings"],
            value.get("drawn", ""),
        )

    def value(self, level: str) -> str | float:
        """Returns a level as constraints see it: a number where all are numbers."""
        if self.numeric is None:
            return level
        return self.numeric[self.levels.index(level)]


@dataclass(frozen=True)
class Cell:
    """One level of each factor; `str` gives `dim=50,dropout=word`."""

    levels: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, levels: Mapping[str, str]) -> "Cell":
        """Makes a cell of factor names and level names, in this order."""
        return cls(tuple(levels.items()))

    def __str__(self) -> str:
        return ",".join(f"{factor}={level}" for factor, level in self.levels)

    def __getitem__(self, factor: str) -> str:
        return dict(self.levels)[factor]

    def mapping(self) -> dict[str, str]:
        """Returns the level of each factor."""
        return dict(self.levels)


def grid_size(factors: Sequence[Factor]) -> int:
    """Returns how many cells `grid` yields; a range counts as one level."""
    return math.prod(max(len(factor.levels), 1) for factor in factors)


def grid(factors: tuple[Factor, ...]) -> Iterator[Cell]:
    """Yields every cell; the last factor changes fastest."""
    names = [factor.name for factor in factors]
    for levels in itertools.product(*(factor.levels for factor in factors)):
        yield Cell(tuple(zip(names, levels, strict=True)))


def matching(
    text: str, factors: tuple[Factor, ...], *, where: str = "--cell"
) -> dict[str, str]:
    """Reads `dim=50,dropout=word`: the levels that some factors must have.

    Args:
        text: What was written.
        factors: Those of the study.
        where: What an error calls the text.

    Raises:
        ConfigError: A factor or a level is unknown, or a factor is named twice.
    """
    known = {factor.name: factor for factor in factors}
    wanted: dict[str, str] = {}
    for part in text.split(","):
        name, equals, level = (piece.strip() for piece in part.partition("="))
        if not equals or name not in known:
            close = nearest(name, known)
            raise ConfigError(
                f"got {part.strip()!r}, expected FACTOR=LEVEL with the factors "
                f"{one_of(known)}",
                where=where,
                fix=f"did you mean {close}=…?" if close else None,
            )
        if name in wanted:
            raise ConfigError(f"got two levels of {name}", where=where)
        if level not in known[name].levels:
            close = nearest(level, known[name].levels)
            raise ConfigError(
                f"got the level {level!r} of {name}, there are "
                f"{one_of(known[name].levels)}",
                where=where,
                fix=f"did you mean {name}={close}?" if close else None,
            )
        wanted[name] = level
    return wanted
