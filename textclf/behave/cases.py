"""The texts of a test: cases of one text, or of a text before and after changes."""

import math
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from textclf.behave.changes import CHANGES
from textclf.behave.spec import (
    MOST_TEXTS,
    AnyTest,
    BaseTest,
    ComparisonTest,
    SuiteSpec,
)
from textclf.behave.templates import Template, Words, fillings, shares
from textclf.errors import ConfigError

_FILL, _OWN, _CHANGE = 1, 2, 3  # streams of a test


@dataclass(frozen=True)
class Case:
    """One text, or a text and what it was changed to.

    A case with several changes is one case: it fails if one of them does, so that cases
    are counted that have little to do with one another.
    """

    before: str
    afters: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """All texts of the case."""
        return (self.before, *self.afters)


def all_cases(spec: SuiteSpec, own: Sequence[str]) -> list[list[Case]]:
    """Returns the cases of every test of a suite.

    Raises:
        ConfigError: They have more than 200,000 texts.
    """
    cases, total = [], 0
    for test in spec.tests:
        cases.append(cases_of(spec, test, own))
        total += sum(len(case.texts) for case in cases[-1])
        if total > MOST_TEXTS:
            raise ConfigError(
                f"got more than {MOST_TEXTS:,} texts up to the test {test.name!r}",
                where="tests",
                fix="set sample or dev_texts lower, or divide the suite",
            )
    return cases


def cases_of(spec: SuiteSpec, test: AnyTest, own: Sequence[str]) -> list[Case]:
    """Returns the cases of a test, each once.

    Args:
        spec: The suite; its seed and the test's name draw what is drawn.
        test: One of its tests.
        own: Texts of the run, for `dev_texts`.
    """
    words = {**spec.words, **test.words}
    if not isinstance(test, ComparisonTest):
        texts = [*test.texts, *_filled(spec, test, words)]
        return [Case(text) for text in dict.fromkeys(texts)]
    cases = [Case(before, (after,)) for before, after in test.pairs]
    cases += _filled_pairs(spec, test, words)
    cases += _varied(spec, test, words) if test.vary else _changed(spec, test, own)
    return list(dict.fromkeys(cases))


def _stream(spec: SuiteSpec, test: BaseTest, *stream: int) -> np.random.Generator:
    """Returns the generator of a test: other tests do not move what it draws."""
    return np.random.default_rng([spec.seed, zlib.crc32(test.name.encode()), *stream])


def _filled(spec: SuiteSpec, test: BaseTest, words: Words) -> Iterator[str]:
    templates = [Template.parse(text) for text in test.templates]
    rng = _stream(spec, test, _FILL)
    parts = _shares([template.slots for template in templates], words, test.sample)
    for template, most in zip(templates, parts, strict=True):
        for filling in fillings(template.slots, words, most=most, rng=rng):
            yield template.fill(filling)


def _filled_pairs(
    spec: SuiteSpec, test: ComparisonTest, words: Words
) -> Iterator[Case]:
    both = [[Template.parse(text) for text in pair] for pair in test.template_pairs]
    slots = [_joined(pair) for pair in both]
    rng = _stream(spec, test, _FILL)
    for pair, named, most in zip(
        both, slots, _shares(slots, words, test.sample), strict=True
    ):
        for filling in fillings(named, words, most=most, rng=rng):
            before, after = (template.fill(filling) for template in pair)
            if before != after:
                yield Case(before, (after,))


def _varied(spec: SuiteSpec, test: ComparisonTest, words: Words) -> Iterator[Case]:
    """Yields a case for each choice of the other slots."""
    slot = test.vary or ""
    templates = [Template.parse(text) for text in test.templates]
    others = [tuple(s for s in t.slots if s != slot) for t in templates]
    rng = _stream(spec, test, _FILL)
    for template, named, most in zip(
        templates, others, _shares(others, words, test.sample), strict=True
    ):
        for filling in fillings(named, words, most=most, rng=rng):
            texts = [template.fill({**filling, slot: word}) for word in words[slot]]
            before, *afters = dict.fromkeys(texts)
            yield Case(before, tuple(afters))


def _changed(
    spec: SuiteSpec, test: ComparisonTest, own: Sequence[str]
) -> Iterator[Case]:
    """Yields each text with its changes; texts that none applies to are left out."""
    words = {**spec.words, **test.words}
    texts = [*test.texts]
    if test.changes:
        texts += _filled(spec, test, words)
    texts += _drawn(spec, test, own)
    for place, text in enumerate(dict.fromkeys(texts)):
        rng = _stream(spec, test, _CHANGE, place)
        made = (
            CHANGES[name](text, rng=rng, lexicon=spec.lexicon) for name in test.changes
        )
        afters = dict.fromkeys(after for after in made if after not in (None, text))
        if afters:
            yield Case(text, tuple(after for after in afters if after is not None))


def _drawn(spec: SuiteSpec, test: ComparisonTest, own: Sequence[str]) -> list[str]:
    if not test.dev_texts or not len(own):
        return []
    rng = _stream(spec, test, _OWN)
    rows = rng.permutation(len(own))[: test.dev_texts]
    return [own[int(row)] for row in np.sort(rows)]


def _joined(pair: Sequence[Template]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(slot for template in pair for slot in template.slots))


def _shares(slots: Sequence[Sequence[str]], words: Words, most: int) -> list[int]:
    totals = [math.prod(len(words[slot]) for slot in named) for named in slots]
    return shares(totals, most)
