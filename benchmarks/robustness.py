"""What typos, capital letters and missing ends do to each kind of model.

`python -m benchmarks.robustness SHARED`: trains each kind on the sentences of SST-2
with two seeds, judges it by the test sentences as they are and changed, and writes
ROBUSTNESS.md. Typos are those of `textclf behave`; each seed draws its own.
"""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.contestants import RECIPE
from benchmarks.rows import ROWS, splits_of
from benchmarks.shown import renew
from textclf import TextClassifier, machine
from textclf.behave.typos import typo_double, typo_drop, typo_swap
from textclf.config.load import config_from_mapping, load_config
from textclf.estimator.settings import parameters_of

REPORT = Path(__file__).with_name("ROBUSTNESS.md")
SEEDS = (1, 2)
SHARE = 0.3
"""Of the words of a text get a typo, where they have four letters or more."""

_WORDS = {"data": {"dataset": "sst2"}, "embedding": {"dim": 100}}
_FAST = {"training": {"optimizer": "lazy_adam", "learning_rate": 0.002}}
_SLOW = {"training": {"optimizer": "lazy_adam", "schedule": "cosine", "warmup": 0.1}}
_LETTERS = {"text": {"unit": "character", "max_length": 400}}
KINDS: Mapping[str, dict[str, Any]] = {
    "average": _WORDS | _FAST,
    "cnn": _WORDS | _FAST,
    "recurrent": _WORDS | _SLOW,
    "attention": _WORDS | _FAST,
    "transformer": _WORDS | _SLOW,
    "wordchar": _WORDS | _FAST,
    "charcnn": _WORDS | _SLOW | _LETTERS,
}
_TYPOS = (typo_swap, typo_drop, typo_double)

Change = Callable[[str, np.random.Generator], str]


def one_typo(text: str, rng: np.random.Generator) -> str:
    """Makes one slip in a text; none where every word is short."""
    return _TYPOS[rng.integers(len(_TYPOS))](text, rng) or text


def typos(text: str, rng: np.random.Generator) -> str:
    """Makes a slip in a share of the words."""
    slips = rng.random(len(text.split())) < SHARE
    words = zip(text.split(), slips, strict=True)
    return " ".join(one_typo(word, rng) if slip else word for word, slip in words)


def first_half(text: str, rng: np.random.Generator) -> str:
    """Keeps the first half of the words, one at least."""
    words = text.split()
    return " ".join(words[: max(1, len(words) // 2)])


CHANGES: Mapping[str, Change] = {
    "as written": lambda text, rng: text,
    "one typo": one_typo,
    f"typos in {SHARE:.0%} of the words": typos,
    "CAPITALS": lambda text, rng: text.upper(),
    "first half": first_half,
}


def settings() -> dict[str, dict[str, Any]]:
    """Returns the settings of each kind, the recommended ones first."""
    recipe = parameters_of(load_config(RECIPE).config) | {"refit": False}  # as others
    words = recipe | {"char_ngrams": None}
    return {"ngram, recommended": recipe, "ngram, words alone": words} | {
        kind: parameters_of(config_from_mapping(told | {"model": {"kind": kind}}))
        for kind, told in KINDS.items()
    }


def judged(told: dict[str, Any], shared: Path) -> dict[str, float]:
    """Trains with each seed; returns mean accuracies in percent, and seconds."""
    row = next(row for row in ROWS if row.name == "SST-2")
    train, dev, (texts, labels) = next(splits_of(row, shared / "data"))
    sums, spent = dict.fromkeys(CHANGES, 0.0), 0.0
    for seed in SEEDS:
        began = time.monotonic()
        model = TextClassifier(**told | {"seed": seed}).fit(*train, dev=dev)
        spent += time.monotonic() - began
        for name, change in CHANGES.items():
            rng = np.random.default_rng(seed)
            changed = [change(text, rng) for text in texts]
            right = model.predict(changed) == np.array(labels)
            sums[name] += 100 * right.mean() / len(SEEDS)
    return sums | {"train, s": spent / len(SEEDS)}


def page(found: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """Yields the lines of ROBUSTNESS.md."""
    facts = machine.environment()
    versions = ", ".join(f"{k} {v}" for k, v in facts["versions"].items())
    yield "# Typos, capitals, missing ends"
    yield ""
    yield (
        "`make robustness` (`python -m benchmarks.robustness ../shared`): each kind "
        f"trained on the 6,920 sentences of SST-2, mean of {len(SEEDS)} seeds, percent "
        "right of its 1,821 test sentences as they are written and changed; "
        f"{facts['cores']} cores, {versions}. Settings are not tuned: the recommended "
        "recipe, and each kind with 100 numbers a word (the script says all). Typos: "
        "two letters swapped, one dropped or doubled, inside words of four letters or "
        "more."
    )
    yield ""
    names = list(next(iter(found.values())))
    yield f"| kind | {' | '.join(names)} |"
    yield "|---|" + "---:|" * len(names)
    for kind, scores in found.items():
        yield f"| {kind} | {' | '.join(f'{score:.1f}' for score in scores.values())} |"


def main(shared: Path) -> None:
    found = {}
    for kind, told in settings().items():
        found[kind] = judged(told, shared)
        print(kind, {k: round(v, 1) for k, v in found[kind].items()}, flush=True)
    REPORT.write_text("\n".join(page(found)) + "\n", encoding="utf-8")
    renew(REPORT)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
