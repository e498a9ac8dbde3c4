"""Constraints: their meaning against Python's own, their mistakes, nothing is run."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.errors import ConfigError
from textclf.study.constraints import Constraint

LEVELS = {"init": ("random", "glove"), "train": ("frozen", "finetune"), "dim": None}
VALUES = [
    {"init": init, "train": train, "dim": dim}
    for init, train, dim in itertools.product(
        ("random", "glove"), ("frozen", "finetune"), (2.0, 50.0)
    )
]
ATOMS = st.sampled_from(
    [
        "init == 'random'",
        'train != "frozen"',
        "dim < 10",
        "dim >= 50",
        "dim in [2, 3]",
        "init in ['glove']",
    ]
)
RULES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda parts: "(" + " ".join(parts) + ")"
        ),
        inner.map(lambda rule: f"not ({rule})"),
    ),
    max_leaves=6,
)


@given(RULES)
def test_it_means_what_python_means(text):
    rule = Constraint.parse(text, levels=LEVELS)
    for values in VALUES:
        assert rule.holds(values) == eval(text, {}, dict(values))  # noqa: S307


def test_implies_is_the_weakest_and_groups_to_the_right():
    text = "init == 'random' and dim < 10 implies train == 'finetune'"
    rule = Constraint.parse(text, levels=LEVELS)
    for values in VALUES:
        condition = values["init"] == "random" and values["dim"] < 10
        assert rule.holds(values) == (not condition or values["train"] == "finetune")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("inti == 'random'", "did you mean init"),
        ("init = 'random'", "character 6"),
        ("init == 'random", "character 9"),
        ("init", "expected"),
        ("(init == 'glove'", r"expected \)"),
        ("init == 'glove' init == 'random'", "expected the end"),
        ("dim in []", "expected"),
        ("", "expected"),
        ("__import__('os')", "expected a factor"),
        ("(" * 80 + "dim < 1" + ")" * 80, "50 levels"),
    ],
)
def test_mistakes_name_the_place(text, told):
    with pytest.raises(ConfigError, match=told):
        Constraint.parse(text, levels=LEVELS)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("init < 3", "a number beside <"),
        ("init < 'random'", "a number beside <"),
        ("dim == '2'", "expected a number"),
        ("dim in [2, 'x']", "expected a number"),
        ("init == 2", r"a level of init \(random, glove\)"),
        ("init == train", None),
        ("init == 'radnom'", "did you mean random"),
        ("'radnom' != init", "did you mean random"),
        ("init in ['random', 'w2v']", r"a level of init \(random, glove\)"),
    ],
)
def test_what_could_never_be_true_is_refused(text, told):
    if told is None:
        assert Constraint.parse(text, levels=LEVELS)
        return
    with pytest.raises(ConfigError, match=told):
        Constraint.parse(text, levels=LEVELS)
