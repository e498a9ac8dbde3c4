"""What is written reads back, by our reader and by other people's."""

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from textclf.config.yaml12 import read_yaml
from textclf.config.yaml_text import entry_lines, flow_text, scalar_text

AWKWARD = (
    *("no", "Yes", "on", "null", "~", "", "true", "01", "1e-3", "0x1", ".5", ".inf"),
    *("12:30", "2020-01-01", "a: b", "a #b", "- a", "|", "'", '"', "\\", " a", "a "),
    *(
        "a\nb",
        "\t",
        "\x00",
        "\x7f",
        "\x85",
        "\u2028",
        "\ufeff",
        "\ufffe",
        "é中😀",
        "<<",
    ),
    *("...", "---", "%a", "@a", "`a", "{a", "[a", "a, b", "y", "-", "?", "a" * 2000),
)


def read(key: str, value: object) -> object:
    return read_yaml("\n".join(entry_lines(key, value)), where="w").mapping[key]


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_text_survives_as_value_item_and_key(text):
    assert read("a", text) == text
    assert read("a", [text, text]) == [text, text]
    assert read("a", {text: 1, "x": 2}) == {text: 1, "x": 2}


_text = st.text(st.characters(exclude_categories=["Cs"]))
_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | _text,
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@given(_text, st.dictionaries(_text, _values, max_size=3) | _values)
@example("a", {})
def test_values_read_back_with_their_types(key, value):
    back = read(key, value)
    assert repr(back) == repr(value)


@given(st.floats(allow_nan=False) | _text.filter(lambda text: len(text) < 100))
@example(1e-05)
@example(1e22)
def test_yaml_1_1_readers_agree(value):
    assert yaml.safe_load(f"a: {scalar_text(value)}")["a"] == value


def test_plain_words_and_paths_stay_unquoted():
    for text in ("utf-8", "data/train set.csv", "../a.csv", "./a", "/a/b_c.tsv", "a+b"):
        assert scalar_text(text) == text


def test_flow_text_is_one_line():
    value = {"a": [1, "x\ny", {"b": None}]}
    assert flow_text(value) == r'{a: [1, "x\ny", {b: null}]}'
