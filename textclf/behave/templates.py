"""Templates: sentences with slots, filled with every choice of words or with some."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")
_SLOT = re.compile(r"(?:([Aa]) )?([A-Za-z][a-z0-9_]*)")
_VOWELS = tuple("aeiou")

Words = Mapping[str, Sequence[str]]
Filling = Mapping[str, str]


@dataclass(frozen=True)
class _Slot:
    """A place for a word: `{good}`, `{Good}`, `{a good}` or `{A good}`."""

    name: str
    capital: bool
    article: str

    def fill(self, word: str) -> str:
        if self.article:
            an = "n" if word.lower().startswith(_VOWELS) else ""
            word = f"{self.article}{an} {word}"
        return word[:1].upper() + word[1:] if self.capital else word


@dataclass(frozen=True)
class Template:
    """A text with slots.

    `{good}` takes a word of the list `good`, the same wherever the slot occurs in one
    text; `{Good}` begins it with a capital, `{a good}` puts `a` or `an` before it.
    `{{` and `}}` are braces. An empty word takes one blank away with it.
    """

    parts: tuple[str | _Slot, ...]

    @classmethod
    def parse(cls, text: str) -> "Template":
        """Reads a template.

        Raises:
            ValueError: A brace has no partner, or holds no name of a slot.
        """
        return cls(tuple(_part(found) for found in _PART.finditer(text)))

    @property
    def slots(self) -> tuple[str, ...]:
        """The names of the slots, each once, in order."""
        named = [part.name for part in self.parts if isinstance(part, _Slot)]
        return tuple(dict.fromkeys(named))

    def fill(self, filling: Filling) -> str:
        """Returns the text with a word for each slot."""
        text = ""
        for part in self.parts:
            if isinstance(part, str):
                text += part
            elif word := filling[part.name]:
                text += part.fill(word)
            elif text.endswith(" "):
                text = text[:-1]
        return text.strip() if "" in filling.values() else text


def _part(found: re.Match[str]) -> str | _Slot:
    text = found[0]
    if text in ("{{", "}}"):
        return text[0]
    if text in ("{", "}"):
        raise ValueError(f"got a single {text}, write {text * 2} for the sign itself")
    if found[1] is None:
        return text
    slot = _SLOT.fullmatch(found[1])
    if slot is None:
        raise ValueError(
            f"got the slot {text}, expected a name of small letters, digits and _, "
            "with `a ` before it for an article"
        )
    article, name = slot[1] or "", slot[2]
    capital = name[0].isupper()
    return _Slot(name[0].lower() + name[1:], capital, article)


def fillings(
    slots: Sequence[str], words: Words, *, most: int, rng: np.random.Generator
) -> Iterator[Filling]:
    """Yields every choice of a word for each slot, or a sample of `most` of them.

    The number of choices is only ever calculated, however large it is.
    """
    sizes = [len(words[slot]) for slot in slots]
    total = math.prod(sizes)
    chosen = range(total) if total <= most else _sample(sizes, most, rng)
    for number in chosen:
        filling = {}
        for slot, size in zip(reversed(slots), reversed(sizes), strict=True):
            number, place = divmod(number, size)
            filling[slot] = words[slot][place]
        yield filling


def _sample(sizes: Sequence[int], most: int, rng: np.random.Generator) -> list[int]:
    """Draws `most` different numbers below the product of sizes, which may be huge."""
    total = math.prod(sizes)
    if total <= 4 * most:
        return sorted(rng.permutation(total)[:most].tolist())
    drawn: set[int] = set()
    while len(drawn) < most:
        number = 0
        for size in sizes:
            number = number * size + int(rng.integers(size))
        drawn.add(number)
    return sorted(drawn)


def shares(totals: Sequence[int], most: int) -> list[int]:
    """Divides `most` texts among templates as evenly as their totals allow."""
    left, parts = most, [0] * len(totals)
    order = sorted(range(len(totals)), key=totals.__getitem__)
    for done, place in enumerate(order):
        parts[place] = min(totals[place], left // (len(order) - done))
        left -= parts[place]
    return parts
