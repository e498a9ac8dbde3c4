"""Factors as they are written in a study, read and checked."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from textclf.config.settings import all_keys
from textclf.config.yaml_text import scalar_text
from textclf.errors import ConfigError, nearest, one_of, printable
from textclf.study.design import Factor

_RANGES = ("log", "linear")
_FORBIDDEN = set(",=")
_TAKEN = ("and", "or", "not", "in", "implies")
"""Words of constraints."""


@dataclass(frozen=True)
class Range:
    """The numbers from `low` to `high`, evenly or by their logarithm.

    Attributes:
        key: The key of the configuration.
        low: The least.
        high: The most.
        log: Whether ratios count instead of differences.
        whole: Whether only whole numbers are meant: both ends are written so.
    """

    key: str
    low: float
    high: float
    log: bool
    whole: bool

    @property
    def form(self) -> str:
        """As it is written: `log` or `linear`."""
        return "log" if self.log else "linear"

    @property
    def count(self) -> float:
        """How many different numbers there are."""
        return self.high - self.low + 1 if self.whole else math.inf

    def at(self, share: float) -> float | int:
        """Returns the number that lies at a share, 0 to 1, of the way."""
        if self.log:
            value = self.low * (self.high / self.low) ** share
        else:
            value = self.low + (self.high - self.low) * share
        return round(value) if self.whole else float(f"{value:.6g}")


@dataclass(frozen=True)
class Space:
    """The factors of a study.

    Attributes:
        factors: In the order of the file; those of a range have no levels yet.
        ranges: The range of each factor that has one.
    """

    factors: tuple[Factor, ...]
    ranges: Mapping[str, Range]


def read_space(
    scientific: Mapping[str, Any],
    *,
    reference: Mapping[str, Any],
    searched: bool = False,
) -> Space:
    """Reads the section `scientific`.

    Args:
        scientific: The section.
        reference: The section `reference`.
        searched: Whether a search draws from ranges, which then begins at `reference`.

    Raises:
        ConfigError: A key is unknown, two factors have one name, or there is less than
            two levels.
    """
    factors: list[Factor] = []
    ranges: dict[str, Range] = {}
    for written, value in scientific.items():
        where = f"scientific.{written}"
        name = written.rpartition(".")[2]
        if not _is_name(name) or name in _TAKEN:
            raise ConfigError(
                f"got the factor {name!r}, expected a name without , and = that is no "
                f"word of constraints ({one_of(_TAKEN)})",
                where=where,
            )
        if any(factor.name == name for factor in factors):
            raise ConfigError(
                f"got two factors called {name}",
                where=where,
                fix="name one: NAME: {level: {key: value}}",
            )
        if _is_range(value):
            span = ranges[name] = read_range(written, value, where=where)
            factors.append(Factor(name, (), None, "", drawn=span.form))
        else:
            levels = _levels(written, value, where=where)
            factors.append(_factor(name, levels, reference, where=where))
    _refuse_strangers(reference, factors)
    for name, value in reference.items():
        if name in ranges:
            _check_first(name, value, ranges[name], searched=searched)
    return Space(tuple(factors), ranges)


def drawn_factor(name: str, key: str, values: Sequence[float], *, form: str) -> Factor:
    """Makes a factor of numbers of a key that were drawn from a range, in order."""
    settings = {scalar_text(value): {key: value} for value in values}
    numeric = tuple(map(float, values))
    first = next(iter(settings))
    return Factor(name, tuple(settings), numeric, first, settings, form)


def read_range(key: str, value: Mapping[str, Any], *, where: str) -> Range:
    """Reads `{log: [low, high]}` or `{linear: [low, high]}`."""
    form: str = next(iter(value), "")
    ends: Any = value.get(form)
    numbers = isinstance(ends, list) and all(_is_number(end) for end in ends)
    known = form in _RANGES and len(value) == 1
    if not known or not numbers or len(ends) != 2 or not ends[0] < ends[1]:
        raise ConfigError(
            f"got {printable(str(value), limit=60)}, expected {{log: [low, high]}} or "
            "{linear: [low, high]} with low below high",
            where=where,
        )
    if form == "log" and ends[0] <= 0:
        raise ConfigError(f"got {ends[0]}, a log range begins above 0", where=where)
    check_key(key, where=where)
    whole = all(isinstance(end, int) for end in ends)
    return Range(key, float(ends[0]), float(ends[1]), form == "log", whole)


def check_key(key: str, *, where: str) -> None:
    """Refuses a key that no configuration has."""
    known = [name for name in all_keys() if "." in name]
    if key in known:
        return
    close = nearest(key, known)
    raise ConfigError(
        f"got the key {key!r}, expected one of a configuration, e.g. embedding.dim",
        where=where,
        fix=f"did you mean {close}?" if close else None,
    )


def _levels(written: str, value: Any, *, where: str) -> dict[str, Mapping[str, Any]]:
    if isinstance(value, list):
        check_key(written, where=where)
        levels: dict[str, Mapping[str, Any]] = {
            _named(item): {written: item} for item in value
        }
        if len(levels) < len(value):
            raise ConfigError("got a level twice", where=where)
        return levels
    if isinstance(value, Mapping) and all(_is_level(v) for v in value.values()):
        for level, settings in value.items():
            for key in settings or {}:
                check_key(str(key), where=f"{where}.{level}")
        return {str(level): settings or {} for level, settings in value.items()}
    raise ConfigError(
        f"got {printable(str(value), limit=60)}, expected a list of values, a "
        "range, or named levels: {level: {key: value}}",
        where=where,
    )


def _is_level(value: Any) -> bool:
    return value is None or isinstance(value, Mapping)


def _factor(
    name: str,
    levels: Mapping[str, Mapping[str, Any]],
    reference: Mapping[str, Any],
    *,
    where: str,
) -> Factor:
    if len(levels) < 2:
        raise ConfigError(
            f"got {len(levels)} level, expected at least two",
            where=where,
            fix="write what does not vary under fixed",
        )
    for level in levels:
        if not _is_name(level):
            raise ConfigError(
                f"got the level {level!r}, expected a name without , and =", where=where
            )
    chosen = reference.get(name)
    first = next(iter(levels)) if chosen is None else _named(chosen)
    if first not in levels:
        raise ConfigError(
            f"got {first!r}, expected one of the levels {one_of(levels)}",
            where=f"reference.{name}",
        )
    numeric = _numeric([list(settings.values()) for settings in levels.values()])
    return Factor(name, tuple(levels), numeric, first, levels)


def _is_name(text: str) -> bool:
    return bool(text) and text == text.strip() and not _FORBIDDEN & set(text)


def _named(value: Any) -> str:
    """Returns the name of a level that is written as a value."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "-".join(map(_named, value)) or "none"
    if isinstance(value, Mapping):
        return " ".join(f"{key}:{_named(part)}" for key, part in value.items())
    return scalar_text(value)


def _numeric(values: list[list[Any]]) -> tuple[float, ...] | None:
    if any(len(one) != 1 or not _is_number(one[0]) for one in values):
        return None
    return tuple(float(one[0]) for one in values)


def _is_number(value: Any) -> bool:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return plain and math.isfinite(value)


def _is_range(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value) and set(value) <= set(_RANGES)


def _refuse_strangers(reference: Mapping[str, Any], factors: list[Factor]) -> None:
    names = [factor.name for factor in factors]
    for name in reference:
        if name not in names:
            close = nearest(name, names)
            raise ConfigError(
                f"got the factor {name!r}, there are {one_of(names)}",
                where="reference",
                fix=f"did you mean {close}?" if close else None,
            )


def _check_first(name: str, value: Any, span: Range, *, searched: bool) -> None:
    if not searched:
        raise ConfigError(
            "got a level of a range, whose levels are drawn", where=f"reference.{name}"
        )
    if not _is_number(value) or not span.low <= value <= span.high:
        raise ConfigError(
            f"got {value}, expected a number from {span.low:g} to {span.high:g}, where "
            "the search begins",
            where=f"reference.{name}",
        )
