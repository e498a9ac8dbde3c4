"""What is wrong with a configuration, said for people."""

import math
import re
import reprlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from textclf.config.section import Refusals
from textclf.config.settings import (
    Node,
    Setting,
    all_keys,
    allowed,
    choices,
    dotted,
    homes_of,
    locate,
    model_kinds,
    names_of,
    resolve,
)
from textclf.config.yaml12 import KeyPath
from textclf.config.yaml_text import scalar_text
from textclf.errors import ConfigError, nearest, one_of, printable

Place = Callable[[KeyPath], str | None]

MOST_SHOWN = 10
_LONGEST_NAME = 60
_FAR = 0.75  # likeness of a name that belongs to another section
_UNKNOWN = ("extra_forbidden", "invalid_key")
_NAMED_KEY = re.compile(r"([a-z_0-9]+(?:\.[a-z_0-9]+)*): (.*)", re.DOTALL)
_OLD_BOOLEANS = {"yes": "true", "on": "true", "no": "false", "off": "false"}


class ConfigErrors(ConfigError):
    """Several mistakes of one configuration: the first, and the others below it."""

    def __init__(self, first: ConfigError, *, others: Sequence[str]) -> None:
        super().__init__(first.problem, where=first.where, fix=first.fix)
        self.others = tuple(others)

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *self.others])


@dataclass(frozen=True)
class _Mistake:
    path: KeyPath
    problem: str
    fix: str | None = None


def config_error(fault: ValidationError, *, place: Place) -> ConfigError:
    """Turns pydantic's findings into an error that names places, values and limits.

    Args:
        fault: What pydantic found.
        place: Says where a path was set (`c.yaml:3`), or None if nobody set it.
    """
    details = fault.errors(include_url=False)
    groups = _by_path(details)
    mistakes = [
        mistake
        for path, found in list(groups.items())[:MOST_SHOWN]
        for mistake in _explained(path, found, known=groups)
    ]
    errors = [_error(mistake, place=place) for mistake in mistakes[:MOST_SHOWN]]
    others = [str(error) for error in errors[1:]]
    if len(groups) > MOST_SHOWN:
        others.append(f"and {len(groups) - MOST_SHOWN} more mistakes")
    return ConfigErrors(errors[0], others=others) if others else errors[0]


def unknown_key(setting: Setting) -> tuple[str, str | None]:
    """Returns the problem and the remedy for a key that its section does not know."""
    name, known = str(setting.path[-1]), names_of(setting.parent)
    listed = f"unknown key, expected one of {one_of(known, limit=40)}"
    if len(name) > _LONGEST_NAME:
        return listed, None
    close = closest(name, known)
    homes = homes_of(name)
    belongs = f"{name} belongs under {' or '.join(homes)}" if homes else None
    if close:
        also = f" ({belongs})" if belongs else ""
        return listed, f"did you mean `{close}`?{also}"
    if belongs:
        return listed, belongs
    last = [key.rpartition(".")[2] for key in all_keys()]
    far = nearest(name.lower().replace("-", "_"), last, alike=_FAR)
    keys = [key for key in all_keys() if far and key.rpartition(".")[2] == far]
    return listed, f"did you mean `{' or '.join(keys)}`?" if keys else None


def closest(name: str, allowed_names: Iterable[str]) -> str | None:
    """Returns the allowed name that was probably meant, in any case of letters."""
    names = list(allowed_names)
    plain = name.lower().replace("-", "_").strip()
    if match := nearest(plain, names):
        return match
    # Half of a name of two letters is one letter: too far for `nearest`, not for us.
    short = [known for known in names if _one_letter_apart(plain, known)]
    return short[0] if len(short) == 1 else None


def shown(value: Any) -> str:
    """Returns a value as a message shows it: as YAML, and never long."""
    if isinstance(value, int) and value.bit_length() > 128:
        digits = int(value.bit_length() * math.log10(2)) + 1
        return f"a number of about {digits:,} digits"
    if isinstance(value, str):
        return printable(f'"{value}"', limit=_LONGEST_NAME)
    if value is None or isinstance(value, int | float):
        return scalar_text(value)
    try:
        return printable(reprlib.repr(value), limit=_LONGEST_NAME)
    except ValueError:  # Python refuses to write out a number of 5,000 digits.
        return f"a {type(value).__name__} of very long numbers"


def _one_letter_apart(one: str, other: str) -> bool:
    different = sum(a != b for a, b in zip(one, other, strict=False))
    return len(one) == len(other) and different == 1


def _by_path(details: Sequence[ErrorDetails]) -> dict[KeyPath, list[ErrorDetails]]:
    """Groups findings by setting; those of a union that go deeper speak for it."""
    groups: dict[KeyPath, list[ErrorDetails]] = {}
    for detail in details:
        groups.setdefault(locate(detail["loc"]).path, []).append(detail)
    inner = {path[:depth] for path in groups for depth in range(len(path))}
    return {path: found for path, found in groups.items() if path not in inner}


def _explained(
    path: KeyPath,
    found: Sequence[ErrorDetails],
    *,
    known: Mapping[KeyPath, Sequence[ErrorDetails]],
) -> list[_Mistake]:
    """Says what is wrong at one setting."""
    detail = found[0]
    setting, kind = locate(detail["loc"]), detail["type"]
    if kind in _UNKNOWN:
        return [_Mistake(path, *unknown_key(setting))]
    if kind == "missing":
        return _missing(setting, known=known)
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        return _wrong_kind(path, detail["input"])
    if kind == "value_error":
        error = detail["ctx"]["error"]
        several = error.problems if isinstance(error, Refusals) else (str(error),)
        return [_refused(path, message) for message in several]
    value, node = detail["input"], setting.node
    if detail["loc"][-1:] == ("[key]",):
        return [_Mistake(path, f"got the key {shown(value)}, expected text")]
    expected = f"got {shown(value)}, expected {allowed(node)}"
    return [_Mistake(path, expected, _remedy(value, node))]


def _missing(
    setting: Setting, *, known: Mapping[KeyPath, Sequence[ErrorDetails]]
) -> list[_Mistake]:
    """Says what is missing, unless a misspelt key beside it says so already."""
    beside = [
        str(path[-1])
        for path, found in known.items()
        if path[:-1] == setting.path[:-1] and found[0]["type"] in _UNKNOWN
    ][:MOST_SHOWN]
    name = str(setting.path[-1])
    if any(closest(other, names_of(setting.parent)) == name for other in beside):
        return []
    return [_Mistake(setting.path, f"missing, expected {allowed(setting.node)}")]


def _wrong_kind(path: KeyPath, section: Any) -> list[_Mistake]:
    """Says what is wrong with the name of a union's member."""
    kinds = model_kinds()
    given = section.get("kind") if isinstance(section, Mapping) else None
    if isinstance(section, Mapping) and "kind" in section:
        near = closest(given, kinds) if isinstance(given, str) else None
        return [
            _Mistake(
                (*path, "kind"),
                f"got {shown(given)}, expected one of {one_of(kinds)}",
                f"did you mean `{near}`?" if near else None,
            )
        ]
    names = list(map(str, section)) if isinstance(section, Mapping) else []
    for name in names[:MOST_SHOWN]:
        if closest(name, ["kind"]):
            known = one_of(
                dict.fromkeys(n for k in kinds.values() for n in names_of(k))
            )
            problem = f"unknown key, expected one of {known}"
            return [_Mistake((*path, name), problem, "did you mean `kind`?")]
    fitting = [kind for kind, node in kinds.items() if set(names) <= {*names_of(node)}]
    fix = f"add kind: {fitting[0]}" if names and len(fitting) == 1 else None
    problem = f"missing, expected one of {one_of(kinds)}"
    return [_Mistake((*path, "kind"), problem, fix)]


def _refused(path: KeyPath, message: str) -> _Mistake:
    """Takes the message of a validator, which may begin with the key it means."""
    named = _NAMED_KEY.fullmatch(message)
    if named and named[1] in all_keys():
        return _Mistake(tuple(named[1].split(".")), named[2])
    return _Mistake(path, message)


def _remedy(value: Any, node: Node) -> str | None:
    """Returns what was probably meant by a value of the wrong kind."""
    plain = resolve(node)
    kind = plain.get("type")
    if isinstance(value, str) and len(value) <= _LONGEST_NAME:
        return _word_meant(value, node)
    if kind == "string" and isinstance(value, int | float):
        return "put the value in quotes"
    if kind == "integer" and isinstance(value, float):
        number = _number_meant(value, plain)
        return None if number is None else f"write {number}"
    return None


def _word_meant(value: str, node: Node) -> str | None:
    plain = resolve(node)
    if plain.get("type") == "boolean":
        meant = _OLD_BOOLEANS.get(value.lower())
        return f"write {meant}" if meant else None
    if plain.get("type") in ("integer", "number"):
        number = _number_meant(value.replace("_", "").replace(",", ""), plain)
        return None if number is None else f"write {number} without quotes"
    near = closest(value, choices(node))
    if near and "discriminator" in node:
        near = f"kind: {near}"
    return f"did you mean `{near}`?" if near else None


def _number_meant(value: str | float, node: Node) -> str | None:
    """Returns the number as it should be written, if the setting may be that."""
    try:
        number = float(value)
    except ValueError:
        return None
    whole = number.is_integer()
    least, most = node.get("minimum", -math.inf), node.get("maximum", math.inf)
    if not least <= number <= most or (node["type"] == "integer" and not whole):
        return None
    return scalar_text(int(number) if whole else number)


def _error(mistake: _Mistake, *, place: Place) -> ConfigError:
    key = printable(dotted(mistake.path), limit=2 * _LONGEST_NAME)
    where = place(mistake.path)
    if where is None:
        return ConfigError(mistake.problem, where=key or None, fix=mistake.fix)
    problem = f"{key}: {mistake.problem}" if key else mistake.problem
    return ConfigError(problem, where=where, fix=mistake.fix)
