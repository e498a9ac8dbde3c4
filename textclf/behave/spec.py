"""What a suite is told: one YAML file, checked before a model is asked anything."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from textclf.behave.changes import ChangeName
from textclf.behave.lexicon import Lexicon
from textclf.config.schema import Name
from textclf.config.section import Section

MOST_TEXTS = 200_000
"""Texts of a whole suite."""

_Text = Annotated[str, Field(max_length=10_000, pattern=r"\S")]
_Texts = Annotated[list[_Text], Field(max_length=10_000)]
_Pair = Annotated[list[_Text], Field(min_length=2, max_length=2)]
_Pairs = Annotated[list[_Pair], Field(max_length=10_000)]
_Short = Annotated[str, Field(min_length=1, max_length=300)]
_Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
_Word = Annotated[str, Field(max_length=200)]
WordLists = dict[_Key, Annotated[list[_Word], Field(min_length=1, max_length=2_000)]]
_Rate = Annotated[float, Field(ge=0.0, le=1.0)]


def _as_list(given: Any) -> Any:
    return [given] if isinstance(given, str) else given


_ONE_OR_MORE = {
    "anyOf": [
        {"type": "string", "minLength": 1},
        {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1},
    ]
}
_OneOrMore = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=1_000)]],
    Field(min_length=1, max_length=50),
    BeforeValidator(_as_list),
    WithJsonSchema(_ONE_OR_MORE),
]


class BaseTest(Section):
    """What all tests have."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}$")] = Field(
        description="Names the test; each name once."
    )
    capability: Annotated[str, Field(min_length=1, max_length=40)] = Field(
        description="What it is about, e.g. negation; the report adds up by this."
    )
    checks: _Short = Field(description="What must hold, in one sentence.")
    texts: _Texts = Field([], description="Texts, verbatim.")
    templates: _Texts = Field(
        [], description='Texts with slots, e.g. "The {thing} was {good}."'
    )
    words: WordLists = Field({}, description="Words for slots, over the suite's.")
    sample: Annotated[int, Field(ge=1, le=10_000)] = Field(
        200, description="Most texts made of the templates; drawn with the seed."
    )
    max_failure_rate: _Rate | None = Field(
        None, description="The test passes up to here; null: the suite's."
    )


class MinimumTest(BaseTest):
    """Minimum functionality: texts whose answer anybody knows."""

    kind: Literal["minimum"] = Field(description="What has to hold.")
    label: _OneOrMore = Field(
        description="The key of the right label in `labels`, or a list: any of them."
    )


class ComparisonTest(BaseTest):
    """What tests of a text before and after a change have."""

    pairs: _Pairs = Field([], description="[before, after], verbatim.")
    template_pairs: _Pairs = Field(
        [], description="[before, after] with slots, filled with the same words."
    )
    changes: list[ChangeName] = Field(
        [], max_length=50, description="Changes, each made to each text."
    )
    vary: _Key | None = Field(
        None,
        description="A slot of the templates: its first word is before, the others "
        "are after.",
    )
    dev_texts: Annotated[int, Field(ge=0, le=10_000)] = Field(
        0, description="How many of the run's own dev texts are changed; drawn."
    )


class InvarianceTest(ComparisonTest):
    """A change that must not matter."""

    kind: Literal["invariance"] = Field(description="What has to hold.")
    margin: _Rate | None = Field(
        0.1,
        description="Most that a probability may move; null: only the label counts.",
    )


class DirectionTest(ComparisonTest):
    """A change that must move the probability of a label."""

    kind: Literal["direction"] = Field(description="What has to hold.")
    label: _Key = Field(description="The key in `labels` of the label that moves.")
    expect: Literal["rise", "fall"] = Field(description="Where its probability goes.")
    margin: Annotated[float, Field(ge=-1.0, le=1.0)] = Field(
        0.0,
        description="At least this far; 0: it may stay; below 0: it may go that far "
        "the other way.",
    )


AnyTest = Annotated[
    MinimumTest | InvarianceTest | DirectionTest, Field(discriminator="kind")
]


class SuiteSpec(Section):
    """Behavioural tests, after CheckList (Ribeiro et al. 2020)."""

    suite: Name = Field(description="Names the suite.")
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] = Field(
        "en", description="Of the texts; rules of English are refused elsewhere."
    )
    about: str = Field("", max_length=1_000, description="For people.")
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = Field(
        7, description="Draws samples and changes."
    )
    labels: dict[_Key, _OneOrMore] = Field(
        {},
        description="What the tests call a label: what the model calls it, or a list "
        "of usual names.",
    )
    optional_labels: list[_Key] = Field(
        [], description="Keys that a model may lack; their tests are then left out."
    )
    max_failure_rate: _Rate = Field(
        0.1, description="Tests without their own pass up to this share of failures."
    )
    words: WordLists = Field({}, description="Words for the slots of all tests.")
    lexicon: Lexicon = Lexicon()
    tests: Annotated[list[AnyTest], Field(min_length=1, max_length=500)]

    @model_validator(mode="after")
    def _every_key_is_used_once(self) -> Self:
        names = [name for names in self.labels.values() for name in names]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"labels: got {twice[0]!r} for two keys")
        return self

    def limit(self, test: AnyTest) -> float:
        """Returns the share of failures up to which a test passes."""
        own = test.max_failure_rate
        return self.max_failure_rate if own is None else own

    @property
    def wants_texts(self) -> bool:
        """Whether a test changes the run's own texts."""
        return any(isinstance(t, ComparisonTest) and t.dev_texts for t in self.tests)
