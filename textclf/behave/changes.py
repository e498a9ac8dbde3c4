"""The changes a suite can ask for, by name: from a text to another one, or to none."""

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from textclf.behave import surface, typos, wording
from textclf.behave.lexicon import Lexicon

ChangeName = Literal[
    "typo_swap",
    "typo_drop",
    "typo_double",
    "upper_case",
    "lower_case",
    "punctuation_removed",
    "punctuation_added",
    "whitespace_added",
    "numbers_changed",
    "url_added",
    "handle_added",
    "sentence_added",
    "names_changed",
    "places_changed",
    "contractions_made",
    "contractions_undone",
    "negation_added",
    "negation_removed",
    "intensifier_added",
    "intensifier_removed",
    "gender_swapped",
]


@dataclass(frozen=True)
class Change:
    """A change of a text.

    Attributes:
        function: Takes the text and, by these names, `rng` and `lexicon` if it wants
            them; returns None where there is nothing to change.
        english: Whether its rules are those of English.
        lists: The lists of the lexicon that it draws from.
    """

    function: Callable[..., str | None]
    english: bool = False
    lists: tuple[str, ...] = ()

    def __call__(
        self, text: str, *, rng: np.random.Generator, lexicon: Lexicon
    ) -> str | None:
        """Returns the changed text; None where the change does not apply."""
        given: dict[str, Any] = {"rng": rng, "lexicon": lexicon}
        return self.function(text, **{name: given[name] for name in self._wanted})

    @functools.cached_property
    def _wanted(self) -> tuple[str, ...]:
        return tuple(inspect.signature(self.function).parameters)[1:]


CHANGES: Mapping[str, Change] = {
    "typo_swap": Change(typos.typo_swap),
    "typo_drop": Change(typos.typo_drop),
    "typo_double": Change(typos.typo_double),
    "upper_case": Change(surface.upper_case),
    "lower_case": Change(surface.lower_case),
    "punctuation_removed": Change(surface.punctuation_removed),
    "punctuation_added": Change(surface.punctuation_added),
    "whitespace_added": Change(surface.whitespace_added),
    "numbers_changed": Change(surface.numbers_changed),
    "url_added": Change(surface.url_added),
    "handle_added": Change(surface.handle_added),
    "sentence_added": Change(surface.sentence_added, lists=("sentences",)),
    "names_changed": Change(
        surface.names_changed, lists=("female_names", "male_names", "last_names")
    ),
    "places_changed": Change(surface.places_changed, lists=("places",)),
    "contractions_made": Change(wording.contractions_made, english=True),
    "contractions_undone": Change(wording.contractions_undone, english=True),
    "negation_added": Change(wording.negation_added, english=True),
    "negation_removed": Change(wording.negation_removed, english=True),
    "intensifier_added": Change(
        wording.intensifier_added, lists=("adjectives", "intensifiers")
    ),
    "intensifier_removed": Change(wording.intensifier_removed, lists=("intensifiers",)),
    "gender_swapped": Change(wording.gender_swapped, english=True),
}
