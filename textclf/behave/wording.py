"""Changes of English wording: contractions, negation, intensifiers, gender."""

import re
from collections.abc import Mapping

import numpy as np

from textclf.behave.lexicon import Lexicon

_CONTRACTED = {
    "is not": "isn't",
    "are not": "aren't",
    "was not": "wasn't",
    "were not": "weren't",
    "do not": "don't",
    "does not": "doesn't",
    "did not": "didn't",
    "has not": "hasn't",
    "have not": "haven't",
    "had not": "hadn't",
    "will not": "won't",
    "would not": "wouldn't",
    "could not": "couldn't",
    "should not": "shouldn't",
    "cannot": "can't",
    "I am": "I'm",
    "I have": "I've",
    "we have": "we've",
    "we are": "we're",
    "you are": "you're",
    "they are": "they're",
}
_EXPANDED = {short: long for long, short in _CONTRACTED.items()}

_AUXILIARY = (
    "is|are|was|were|am|will|would|can|could|should|must|has|have|had|do|does|did"
)
_PRESENT = "love|like|enjoy|recommend|want|need|hate|trust|believe|use|buy"
_PAST = {
    "loved": "love",
    "liked": "like",
    "enjoyed": "enjoy",
    "hated": "hate",
    "wanted": "want",
    "recommended": "recommend",
}
_AFTER_AUXILIARY = re.compile(
    rf"(?<![\w'])({_AUXILIARY})(?![\w'])(?! not\b)", re.IGNORECASE
)
_PLAIN_VERB = re.compile(
    rf"(?<![\w'])(I|we|you|they) ({_PRESENT}|{'|'.join(_PAST)})(?![\w'])",
    re.IGNORECASE,
)
_NEGATED_VERB = re.compile(
    rf"(?<![\w'])(I|we|you|they) (do|did) not ({_PRESENT})(?![\w'])",
    re.IGNORECASE,
)
_LOOSE_NEGATION = re.compile(r"(?<=\w) (?:not|never)(?![\w'])", re.IGNORECASE)
_NT = re.compile(r"(?<![\w'])(\w+n't|cannot)(?![\w'])", re.IGNORECASE)
_NT_STEMS = {"won't": "will", "can't": "can", "cannot": "can", "shan't": "shall"}

_GENDER = {
    "he": "she",
    "him": "her",
    "himself": "herself",
    "man": "woman",
    "men": "women",
    "boy": "girl",
    "boys": "girls",
    "father": "mother",
    "brother": "sister",
    "son": "daughter",
    "husband": "wife",
    "uncle": "aunt",
    "actor": "actress",
    "actors": "actresses",
    "waiter": "waitress",
    "king": "queen",
    "mr": "mrs",
}
_SWAPPED = {
    **_GENDER,
    **{female: male for male, female in _GENDER.items()},
    "his": "her",
    "hers": "his",
}
# "Her" is "his" before what is hers, and else "him".
_HER = re.compile(
    r"(?<![\w'])her(?= (?!(?:and|or|but|in|on|at|to|for|with|as|that|because|when|if|"
    r"was|is|again|too|so|very|a|an|the)\b)[^\W\d_])",
    re.IGNORECASE,
)


def contractions_made(text: str) -> str | None:
    """Writes `is not` as `isn't`, and so on."""
    return _replaced(text, _CONTRACTED)


def contractions_undone(text: str) -> str | None:
    """Writes `isn't` as `is not`, and so on."""
    return _replaced(text, _EXPANDED)


def negation_added(text: str) -> str | None:
    """Negates the first verb that can be: `was` to `was not`."""
    auxiliary, verb = _AFTER_AUXILIARY.search(text), _PLAIN_VERB.search(text)
    if verb and (not auxiliary or verb.start() < auxiliary.start()):
        word = verb[2].lower()
        helper = f"did not {_PAST[word]}" if word in _PAST else f"do not {word}"
        return f"{text[: verb.start()]}{verb[1]} {helper}{text[verb.end() :]}"
    if not auxiliary:
        return None
    return f"{text[: auxiliary.end()]} not{text[auxiliary.end() :]}"


def negation_removed(text: str) -> str | None:
    """Takes the first `not`, `n't` or `never` away."""
    loose, contracted = _LOOSE_NEGATION.search(text), _NT.search(text)
    if contracted and (not loose or contracted.start() < loose.start()):
        word = contracted[0].lower()
        stem = _like(contracted[0], _NT_STEMS.get(word, word.removesuffix("n't")))
        return text[: contracted.start()] + stem + text[contracted.end() :]
    verb = _NEGATED_VERB.search(text)
    if verb and loose and verb.start() < loose.start() < verb.end():
        word = verb[3]
        if verb[2].lower() == "did":
            word = next((p for p, v in _PAST.items() if v == word.lower()), f"{word}ed")
        return f"{text[: verb.start()]}{verb[1]} {word}{text[verb.end() :]}"
    return text[: loose.start()] + text[loose.end() :] if loose else None


def intensifier_added(
    text: str, rng: np.random.Generator, lexicon: Lexicon
) -> str | None:
    """Puts an intensifier before the first adjective of the list."""
    strong = set(lexicon.intensifiers)
    for found in re.finditer(_any_of(lexicon.adjectives), text, re.IGNORECASE):
        before = text[: found.start()].split()
        # "a awful": an article must fit the intensifier that comes between.
        if before and before[-1].lower() in strong | {"a", "an"}:
            continue
        word = lexicon.intensifiers[int(rng.integers(len(lexicon.intensifiers)))]
        start, adjective = found.start(), found[0]
        if not before and adjective[0].isupper():
            word, adjective = word.capitalize(), adjective[0].lower() + adjective[1:]
        return f"{text[:start]}{word} {adjective}{text[found.end() :]}"
    return None


def intensifier_removed(text: str, lexicon: Lexicon) -> str | None:
    """Takes the first intensifier away, unless `a` or `an` stands before it."""
    pattern = rf"(?<!\ba )(?<!\ban ){_any_of(lexicon.intensifiers)} (?=\w)"
    found = re.search(pattern, text, re.IGNORECASE)
    if found is None:
        return None
    rest = text[found.end() :]
    if found[0][0].isupper():
        rest = rest[0].upper() + rest[1:]
    return text[: found.start()] + rest


def gender_swapped(text: str) -> str | None:
    """Writes `she` for `he`, `mother` for `father`, and the other way round."""
    owned = {found.start() for found in _HER.finditer(text)}

    def swapped(found: re.Match[str]) -> str:
        word = found[0].lower()
        new = "his" if found.start() in owned else _SWAPPED[word]
        return _like(found[0], new)

    after = re.sub(_any_of(_SWAPPED), swapped, text, flags=re.IGNORECASE)
    return None if after == text else after


def _replaced(text: str, table: Mapping[str, str]) -> str | None:
    by_lower = {old.lower(): new for old, new in table.items()}

    def replaced(found: re.Match[str]) -> str:
        return _like(found[0], by_lower[found[0].lower()])

    after = re.sub(_any_of(table), replaced, text, flags=re.IGNORECASE)
    return None if after == text else after


def _any_of(words: "Mapping[str, str] | list[str]") -> str:
    listed = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return rf"(?<![\w'])(?:{listed})(?![\w'])"


def _like(old: str, new: str) -> str:
    """Writes a word in the case of the one it replaces."""
    if len(old) > 1 and old.isupper():
        return new.upper()
    if old[0].isupper():
        return new[0].upper() + new[1:]
    return new
