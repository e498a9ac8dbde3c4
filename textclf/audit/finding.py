"""What an audit finds: how much of it, where, and what to do."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

Weight = Literal["serious", "notable", "note"]
"""`serious`: a score or a model will be wrong; `notable`: look; `note`: know it."""

WEIGHTS: tuple[Weight, ...] = get_args(Weight)

MOST_EXAMPLES = 1_000
"""Examples that are kept of a finding."""

_EXCERPT = 300  # characters of a text
_BEFORE = 40  # of them before what is meant


@dataclass(frozen=True)
class Example:
    """A row that a finding is about.

    Attributes:
        place: Where it stands, as `file:line`.
        text: The text, shortened; the part that is meant where there is one.
        label: Its label cell.
        note: What is said of it.
    """

    place: str
    text: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing that an audit found.

    Attributes:
        kind: What it is; a name that stays, such as `leak`.
        weight: How much it matters.
        split: Where it was found: train, dev or test, or empty for all of them.
        count: How often.
        of: Out of how many.
        told: The finding in a sentence.
        advice: What to do.
        examples: Rows it is about, at most 1,000; the clearest first.
    """

    kind: str
    weight: Weight
    split: str
    count: int
    of: int
    told: str
    advice: str
    examples: tuple[Example, ...] = ()

    @property
    def share(self) -> float:
        """Count of the whole, 0 to 1."""
        return self.count / max(self.of, 1)

    def to_json(self, *, examples: int = MOST_EXAMPLES) -> dict[str, Any]:
        """Returns the finding as JSON, with that many examples."""
        value = asdict(self)
        value["share"] = round(self.share, 6)
        value["examples"] = [asdict(one) for one in self.examples[:examples]]
        return value


def told_share(count: int, of: int) -> str:
    """Says `123 of 25,000 (0.5 %)`."""
    share = 100 * count / max(of, 1)
    told = f"{share:.1f}" if share >= 0.1 or not count else f"{max(share, 0.01):.2f}"
    return f"{count:,} of {of:,} ({told} %)"


def excerpt(text: str, at: int = 0) -> str:
    """Returns the part of a text that begins a little before a place."""
    first = max(0, at - _BEFORE) if len(text) > _EXCERPT else 0
    part = text[first : first + _EXCERPT]
    return f"{'…' * (first > 0)}{part}{'…' * (first + _EXCERPT < len(text))}"


def kept(rows: Iterable[int], example: Callable[[int], Example]) -> tuple[Example, ...]:
    """Makes examples of the first rows."""
    return tuple(
        example(int(row)) for row, _ in zip(rows, range(MOST_EXAMPLES), strict=False)
    )
