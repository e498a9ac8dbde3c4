"""Changes of what a text looks like or is about, which leave its opinion alone."""

import re
from collections.abc import Sequence

import numpy as np

from textclf.behave.lexicon import Lexicon

_MARKS = re.compile(r"(?<![.,;:!?])[.,;:!?]++(?=\s|$)")  # possessive: linear time
_NUMBER = re.compile(r"[0-9]+")
_SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789"


def upper_case(text: str) -> str | None:
    """Writes everything in capital letters."""
    return _other(text, text.upper())


def lower_case(text: str) -> str | None:
    """Writes everything in small letters."""
    return _other(text, text.lower())


def punctuation_removed(text: str) -> str | None:
    """Leaves out the marks after words; those inside words and numbers stay."""
    return _other(text, _MARKS.sub("", text))


def punctuation_added(text: str) -> str | None:
    """Writes the final mark three times, or adds a full stop where there is none."""
    body = text.rstrip()
    if not body:
        return None
    return body + 2 * body[-1] if body[-1] in ".!?" else f"{body}."


def whitespace_added(text: str) -> str | None:
    """Doubles every blank and adds one at either end."""
    return f" {text.replace(' ', '  ')} " if text.strip() else None


def numbers_changed(text: str, rng: np.random.Generator) -> str | None:
    """Replaces each number by another of as many digits."""
    return _other(text, _NUMBER.sub(lambda found: _number(found[0], rng), text))


def url_added(text: str, rng: np.random.Generator) -> str:
    """Adds an address at the end."""
    return f"{text.rstrip()} https://example.org/{_code(rng, 6)}".lstrip()


def handle_added(text: str, rng: np.random.Generator) -> str:
    """Adds a user's name in front."""
    return f"@{_code(rng, 7)} {text.lstrip()}".rstrip()


def sentence_added(text: str, rng: np.random.Generator, lexicon: Lexicon) -> str:
    """Adds a sentence without an opinion at the end."""
    return f"{text.rstrip()} {_pick(lexicon.sentences, rng)}".lstrip()


def names_changed(text: str, rng: np.random.Generator, lexicon: Lexicon) -> str | None:
    """Replaces each name of a person by another, the same each time it occurs."""
    lists = (lexicon.female_names, lexicon.male_names, lexicon.last_names)
    return _other(text, _renamed(text, lists, rng))


def places_changed(text: str, rng: np.random.Generator, lexicon: Lexicon) -> str | None:
    """Replaces each place by another, the same each time it occurs."""
    return _other(text, _renamed(text, (lexicon.places,), rng))


def _renamed(
    text: str, lists: Sequence[Sequence[str]], rng: np.random.Generator
) -> str:
    home = {name: names for names in reversed(lists) for name in names}
    pattern = "|".join(map(re.escape, sorted(home, key=len, reverse=True)))
    new: dict[str, str] = {}

    def renamed(found: re.Match[str]) -> str:
        name = found[0]
        if name not in new:
            new[name] = _pick([other for other in home[name] if other != name], rng)
        return new[name]

    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", renamed, text)


def _number(digits: str, rng: np.random.Generator) -> str:
    """Draws as many digits; the first is 0 only where it was."""
    while True:
        drawn = [int(digit) for digit in rng.integers(0, 10, size=len(digits))]
        if digits[0] != "0":
            drawn[0] = int(rng.integers(1, 10))
        if (number := "".join(map(str, drawn))) != digits:
            return number


def _code(rng: np.random.Generator, length: int) -> str:
    return "".join(_SIGNS[place] for place in rng.integers(len(_SIGNS), size=length))


def _pick(words: Sequence[str], rng: np.random.Generator) -> str:
    return words[int(rng.integers(len(words)))]


def _other(before: str, after: str) -> str | None:
    """Returns the changed text, or None where nothing changed."""
    return None if after == before else after
