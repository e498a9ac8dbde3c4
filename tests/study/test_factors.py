"""Factors as written: lists, ranges, named levels; every mistake is told."""

import pytest

from textclf.errors import ConfigError
from textclf.study.design import Cell, grid, matching
from textclf.study.factors import read_space


def factors_of(scientific, reference=None):
    return read_space(scientific, reference=reference or {}).factors


def test_a_list_of_values_is_a_factor_named_by_the_key():
    (dim,) = factors_of({"embedding.dim": [2, 50]})
    assert (dim.name, dim.levels, dim.numeric) == ("dim", ("2", "50"), (2.0, 50.0))
    assert dim.reference == "2"
    assert dim.settings["50"] == {"embedding.dim": 50}


def test_named_levels_have_settings_of_their_own():
    word = {"regularisation.word_dropout": 0.3}
    (dropout,) = factors_of({"dropout": {"none": {}, "word": word}})
    assert (dropout.levels, dropout.numeric) == (("none", "word"), None)
    assert dropout.settings["word"] == word


def test_the_reference_can_be_chosen():
    (dim,) = factors_of({"embedding.dim": [2, 50]}, {"dim": 50})
    assert dim.reference == "50"


def test_a_range_has_numbers_between_its_ends():
    space = read_space({"embedding.dim": {"log": [2, 200]}}, reference={})
    span = space.ranges["dim"]
    assert [span.at(share) for share in (0, 0.5, 1)] == [2, 20, 200]
    linear = {"regularisation.dropout": {"linear": [0.0, 0.5]}}
    assert read_space(linear, reference={}).ranges["dropout"].at(0.5) == 0.25


@pytest.mark.parametrize(
    ("scientific", "told"),
    [
        ({"embedding.dims": [2, 5]}, "did you mean embedding.dim"),
        ({"embedding.dim": [2]}, "at least two"),
        ({"embedding.dim": [2, 2]}, "a level twice"),
        ({"embedding.dim": 2}, "expected a list"),
        ({"embedding.dim": {"log": [0, 5]}}, "begins above 0"),
        ({"embedding.dim": {"log": [5, 2]}}, "low below high"),
        ({"embedding.dim": {"log": [5, 9], "linear": [5, 9]}}, "low below high"),
        ({"d": {"a": {}, "b": {"training.rate": 1}}}, "scientific.d.b"),
        ({"d": {"a,b": {}, "c": {}}}, "without , and ="),
        ({"a=b": {"a": {}, "b": {}}}, "without , and ="),
        ({"": {"a": {}, "b": {}}}, "without , and ="),
        ({"x.": {"a": {}, "b": {}}}, "without , and ="),
        ({"implies": {"a": {}, "b": {}}}, "no word of constraints"),
        ({"d": {}}, "at least two"),
        (
            {"embedding.dim": [2, 5], "dim": {"a": {}, "b": {}}},
            "two factors called dim",
        ),
    ],
)
def test_mistakes_are_told(scientific, told):
    with pytest.raises(ConfigError, match=told):
        factors_of(scientific)


def test_a_reference_must_be_a_level_of_a_factor():
    with pytest.raises(ConfigError, match="reference.dim"):
        factors_of({"embedding.dim": [2, 5]}, {"dim": 7})
    with pytest.raises(ConfigError, match="whose levels are drawn"):
        factors_of({"embedding.dim": {"log": [2, 9]}}, {"dim": 3})
    with pytest.raises(ConfigError, match="there are dim"):
        factors_of({"embedding.dim": [2, 5]}, {"width": 2})


def test_the_grid_has_every_cell_once_and_the_last_factor_changes_fastest():
    factors = factors_of({"embedding.dim": [2, 5], "text.ngrams": [1, 2]})
    assert [str(cell) for cell in grid(factors)] == [
        "dim=2,ngrams=1",
        "dim=2,ngrams=2",
        "dim=5,ngrams=1",
        "dim=5,ngrams=2",
    ]


def test_cells_are_named_by_some_of_their_levels():
    factors = factors_of({"embedding.dim": [2, 5], "text.ngrams": [1, 2]})
    assert matching(" ngrams=2 , dim=5", factors) == {"ngrams": "2", "dim": "5"}
    with pytest.raises(ConfigError, match="did you mean dim="):
        matching("dims=5", factors)
    with pytest.raises(ConfigError, match="there are 2, 5"):
        matching("dim=7", factors)


def test_a_cell_says_its_levels():
    cell = Cell.of({"dim": "2", "dropout": "word"})
    assert (cell["dropout"], str(cell)) == ("word", "dim=2,dropout=word")
