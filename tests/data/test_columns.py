"""Columns: found by exact name, or refused with the nearest one."""

import pytest

from textclf.data.columns import MissingColumnError, position
from textclf.errors import DataError


def find(name: str, columns: list[str]) -> int:
    return position(name, columns, key="data.label", where="a.csv:1")


def test_the_position_of_a_name() -> None:
    assert find("label", ["text", "label"]) == 1


@pytest.mark.parametrize(
    ("name", "columns", "parts"),
    [
        ("label", ["text", "labels"], ["a.csv:1", "text, labels", 'to "labels"']),
        ("label", ["Text", "LABEL"], ['set data.label to "LABEL"']),
        ("label", ["text", " label"], ['set data.label to " label"']),
        ("label", ["x", "y"], ["set data.label to one of these"]),
        ("label", ["text;label"], ["';'"]),
        ("label", ["a\x1b[1m", "b"], ["a\\x1b[1m"]),
        ("label", ["label", "x", "label"], ["2 columns", "rename"]),
    ],
)
def test_other_names_are_refused(
    name: str, columns: list[str], parts: list[str]
) -> None:
    with pytest.raises(DataError) as caught:
        find(name, columns)
    assert all(part in str(caught.value) for part in parts), str(caught.value)


@pytest.mark.parametrize(
    ("columns", "fix"),
    [
        (["review", "stars"], "give --text NAME, one of these"),
        (["Text", "stars"], 'give --text "Text"'),
        (
            ["text\tstars"],
            "this file seems to have tabs between its fields: name it .tsv",
        ),
    ],
)
def test_a_command_names_its_own_flag(columns: list[str], fix: str) -> None:
    with pytest.raises(MissingColumnError) as caught:
        position("text", columns, key="data.text", where="a.csv:1")
    told = caught.value.by_flag("--text")
    assert told.fix == fix and told.problem == caught.value.problem


@pytest.mark.parametrize(
    ("columns", "fix"),
    [
        (["review", "stars"], 'rename one of these to "text" in the file'),
        (["Text", "stars"], 'rename "Text" to "text" in the file'),
        (
            ["text\tstars"],
            "this file seems to have tabs between its fields: name it .tsv",
        ),
    ],
)
def test_where_no_flag_names_a_column_it_is_renamed(
    columns: list[str], fix: str
) -> None:
    with pytest.raises(MissingColumnError) as caught:
        position("text", columns, key="data.text", where="a.csv:1")
    told = caught.value.by_renaming()
    assert told.fix == fix and told.problem == caught.value.problem
