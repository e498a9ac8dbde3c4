"""Rules that cells obey, e.g. `init == 'random' implies train == 'finetune'`."""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from textclf.errors import ConfigError, nearest, one_of, printable

Value = str | float
Values = Mapping[str, Value]
Levels = Mapping[str, Sequence[str] | None]
"""The levels of each factor; None: they are numbers."""
_Rule = Callable[[Values], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<word>[A-Za-z_][\w-]*)|(?P<sign>==|!=|<=|>=|<|>|\(|\)|\[|\]|,))"
)
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_EQUAL = ("==", "!=", "in")
_FORM = "write e.g. init == 'random' implies train == 'finetune'"
_DEEPEST = 50


@dataclass(frozen=True)
class Constraint:
    """A rule over the levels of a cell.

    Comparisons `== != < <= > >=` and `in […]` of factor names, numbers and quoted text,
    joined by `not`, `and`, `or` and `implies`, weakest last; parentheses group.

    Attributes:
        text: As it was written.
    """

    text: str
    _rule: _Rule

    @classmethod
    def parse(cls, text: str, *, levels: Levels) -> "Constraint":
        """Reads a rule.

        Args:
            text: The rule.
            levels: The factors it may speak of.

        Raises:
            ConfigError: It is no rule, names a factor or a level that is not there, or
                compares what cannot be compared.
        """
        return cls(text, _Parser(text, levels).whole())

    def holds(self, values: Values) -> bool:
        """Tells whether a cell obeys.

        Args:
            values: The level of each factor; a number where all its levels are numbers.
        """
        return self._rule(values)


@dataclass(frozen=True)
class _Term:
    """A factor, or a value that was written."""

    at: int
    factor: str | None = None
    value: Value = ""

    def of(self, values: Values) -> Value:
        return self.value if self.factor is None else values[self.factor]


class _Parser:
    """Reads from left to right, by the weakest joint first."""

    def __init__(self, text: str, levels: Levels) -> None:
        self._text, self._levels = text, levels
        self._tokens = self._cut()
        self._at, self._depth = 0, 0

    def whole(self) -> _Rule:
        rule = self._implies()
        if self._at < len(self._tokens):
            raise self._wrong("the end")
        return rule

    def _implies(self) -> _Rule:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._wrong(f"at most {_DEEPEST} levels of parentheses")
        left = self._either()
        if self._take("implies"):
            right = self._implies()
            left = _implied(left, right)
        self._depth -= 1
        return left

    def _either(self) -> _Rule:
        parts = [self._both()]
        while self._take("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else _any_of(parts)

    def _both(self) -> _Rule:
        parts = [self._single()]
        while self._take("and"):
            parts.append(self._single())
        return parts[0] if len(parts) == 1 else _all_of(parts)

    def _single(self) -> _Rule:
        flips = 0
        while self._take("not"):
            flips += 1
        if self._take("("):
            rule = self._implies()
            self._expect(")")
        else:
            rule = self._comparison()
        return _negated(rule) if flips % 2 else rule

    def _comparison(self) -> _Rule:
        left = self._term()
        if self._take("in"):
            terms = self._list()
            for term in terms:
                self._check("in", left, term)
            return _within(left, terms)
        sign = self._next()
        if sign not in _COMPARISONS:
            self._at -= 1
            raise self._wrong("a comparison: == != < <= > >= or in […]")
        right = self._term()
        self._check(sign, left, right)
        return _compared(_COMPARISONS[sign], left, right)

    def _check(self, sign: str, left: _Term, right: _Term) -> None:
        """Refuses what could never be true, or has no order."""
        for one, other in ((left, right), (right, left)):
            if self._is_number(one) and not self._is_number(other):
                raise self._fault(other.at, "a number, as it is compared with one")
            if sign not in _EQUAL and not self._is_number(one):
                raise self._fault(one.at, f"a number beside {sign}")
            known = self._levels[one.factor] if one.factor else None
            if known is not None and other.factor is None and other.value not in known:
                close = nearest(str(other.value), known)
                hint = f", did you mean {close}?" if close else ""
                raise self._fault(
                    other.at, f"a level of {one.factor} ({one_of(known)}){hint}"
                )

    def _is_number(self, term: _Term) -> bool:
        if term.factor is None:
            return not isinstance(term.value, str)
        return self._levels[term.factor] is None

    def _list(self) -> list[_Term]:
        self._expect("[")
        terms = [self._term()]
        while self._take(","):
            terms.append(self._term())
        self._expect("]")
        return terms

    def _term(self) -> _Term:
        token = self._next()
        at = self._tokens[self._at - 1][1]
        if token[:1] in "'\"":
            return _Term(at, value=token[1:-1])
        if token[:1].isdigit() or (token[:1] == "-" and len(token) > 1):
            return _Term(at, value=float(token))
        if token in self._levels:
            return _Term(at, factor=token)
        self._at -= 1
        close = nearest(token, self._levels)
        hint = f", did you mean {close}?" if close else ""
        raise self._wrong(
            f"a factor ({one_of(self._levels)}), a number or 'text'{hint}"
        )

    def _cut(self) -> list[tuple[str, int]]:
        tokens, at = [], 0
        text = self._text.rstrip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                at += len(text[at:]) - len(text[at:].lstrip())
                raise self._fault(at, "a name, a number, 'text' or a comparison")
            tokens.append(
                (found.group().strip(), found.end() - len(found.group().strip()))
            )
            at = found.end()
        return tokens

    def _next(self) -> str:
        if self._at == len(self._tokens):
            return self._beyond()
        self._at += 1
        return self._tokens[self._at - 1][0]

    def _beyond(self) -> str:
        raise self._wrong("more")

    def _take(self, token: str) -> bool:
        found = self._at < len(self._tokens) and self._tokens[self._at][0] == token
        self._at += found
        return found

    def _expect(self, token: str) -> None:
        if not self._take(token):
            raise self._wrong(token)

    def _wrong(self, expected: str) -> ConfigError:
        ended = self._at >= len(self._tokens)
        place = len(self._text) if ended else self._tokens[self._at][1]
        return self._fault(place, expected)

    def _fault(self, place: int, expected: str) -> ConfigError:
        rest = printable(self._text[place:], limit=30) or "the end"
        return ConfigError(
            f"got {rest!r} at character {place + 1} of {printable(self._text)!r}, "
            f"expected {expected}",
            where="constraints",
            fix=_FORM,
        )


def _compared(compare: Callable[[Any, Any], bool], left: _Term, right: _Term) -> _Rule:
    return lambda values: compare(left.of(values), right.of(values))


def _within(left: _Term, terms: list[_Term]) -> _Rule:
    return lambda values: left.of(values) in [term.of(values) for term in terms]


def _implied(left: _Rule, right: _Rule) -> _Rule:
    return lambda values: not left(values) or right(values)


def _any_of(parts: list[_Rule]) -> _Rule:
    return lambda values: any(part(values) for part in parts)


def _all_of(parts: list[_Rule]) -> _Rule:
    return lambda values: all(part(values) for part in parts)


def _negated(rule: _Rule) -> _Rule:
    return lambda values: not rule(values)
