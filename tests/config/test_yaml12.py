"""The reader against the YAML 1.2 core schema, JSON, and hostile files."""

import json
import math
import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.config.yaml12 import (
    MAX_DEPTH,
    MAX_NODES,
    read_value,
    read_yaml,
    read_yaml_file,
)
from textclf.config.yaml_source import MAX_BYTES, UNSAFE
from textclf.errors import ConfigError

GROSS_SECONDS = 10


def refused(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read_yaml(text, where="c.yaml")
    assert caught.value.exit_code == 2
    assert str(caught.value).isprintable()
    return str(caught.value)


# Fault 3 and 4: the tables of YAML 1.2.2, section 10.3.2, and what YAML 1.1 made of it.
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("Null", None),
        ("NULL", None),
        ("nULL", "nULL"),
        ("true", True),
        ("True", True),
        ("TRUE", True),
        ("tRUE", "tRUE"),
        ("false", False),
        ("False", False),
        ("FALSE", False),
        ("no", "no"),
        ("No", "No"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("0", 0),
        ("-0", 0),
        ("+12", 12),
        ("010", 10),
        ("08", 8),
        ("0o14", 12),
        ("0xC", 12),
        ("0xfF", 255),
        ("-0x1", "-0x1"),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("2020-01-01", "2020-01-01"),
        ("1e-3", 0.001),
        ("1E3", 1000.0),
        ("-2.5e+3", -2500.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("+.5", 0.5),
        ("1.5.2", "1.5.2"),
        (".", "."),
        ("e3", "e3"),
        ("nan", "nan"),
        ("inf", "inf"),
        ("<<", "<<"),
        ("=", "="),
        ("'1'", "1"),
        ('"no"', "no"),
        ("[1, a, ]", [1, "a"]),
        ("{a: 1, b: }", {"a": 1, "b": None}),
        (r'"\u00e9\x41\n\/"', "éA\n/"),
    ],
)
def test_values_follow_the_core_schema(written, meant):
    got = read_yaml(f"a: {written}\n", where="c.yaml").mapping["a"]
    assert got == meant
    assert type(got) is type(meant)
    assert read_value(written, where="--set") == meant


def test_infinity_and_nan_are_numbers_to_be_refused_later():
    text = "[.inf, -.inf, +.INF, .nan, .NaN]"
    plus, minus, signed, *nans = read_value(text, where="w")
    assert (plus, minus, signed) == (math.inf, -math.inf, math.inf)
    assert all(math.isnan(value) for value in nans)


def test_every_key_has_its_line():
    text = "a: 1\n\n# comment\nb:\n  c: [1,\n    2]\n  d: {e: 5}\n"
    document = read_yaml(text, where="c.yaml")
    assert document.mapping == {"a": 1, "b": {"c": [1, 2], "d": {"e": 5}}}
    assert document.lines == {
        ("a",): 1,
        ("b",): 4,
        ("b", "c"): 5,
        ("b", "c", 0): 5,
        ("b", "c", 1): 6,
        ("b", "d"): 7,
        ("b", "d", "e"): 7,
    }


def test_merge_keys_are_plain_keys():
    assert read_yaml("<<: {a: 1}", where="c.yaml").mapping == {"<<": {"a": 1}}


JSON_STRING = re.compile(r'("(?:[^"\\]|\\.)*")|Infinity')
_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _text,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(_text, inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(_text, _json, max_size=4))
def test_json_is_read_as_json_reads_it(value):
    text = json.dumps(value, ensure_ascii=False)
    text = JSON_STRING.sub(
        lambda match: match[1] or match[0].replace("Infinity", ".inf"), text
    )
    text = UNSAFE.sub(
        lambda match: f"\\U{ord(match[0]):08x}" if match[0] > " " else match[0], text
    )
    assert read_yaml(text, where="c.yaml").mapping == value


# Fault 2.
@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a: 1\nb: 2\na: 3\n", "lines 1 and 3"),
        ("s:\n  a: 1\n  'a': 1\n", "lines 2 and 3"),
        ("s: {a: 1, a: 1}", "lines 1 and 1"),
        ("a: {}\n\na: {}\n", "lines 1 and 3"),
    ],
)
def test_repeated_keys_are_refused_with_both_lines(text, lines):
    message = refused(text)
    assert lines in message
    assert '"a" twice' in message


def test_equal_keys_of_different_sections_are_no_repetition():
    assert read_yaml("a: {x: 1}\nb: {x: 1}", where="c").mapping["b"] == {"x": 1}


# Fault 5, and the rest of what a configuration cannot be.
@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ("a: !!python/object/apply:os.system [x]", "c.yaml:1:4", "tag"),
        ("a: !!str x", "c.yaml:1:4", "tag"),
        ("!x a: 1", "c.yaml:1:1", "tag"),
        ("a: ! x", "c.yaml:1:4", "tag"),
        ("a: &x 1\nb: *x", "c.yaml:1:4", "anchor (&x)"),
        ("&x a: 1", "c.yaml:1:1", "anchor"),
        ("a: *x", "c.yaml:1:4", "alias (*x)"),
        ("a: 1\n---\nb: 2", "c.yaml:2:1", "second document"),
        ("%YAML 1.1\n---\na: 1", "c.yaml:1:1", "directive"),
        ("%TAG ! x:\n---\na: 1", "c.yaml:1:1", "directive"),
        ("a: 1\n2: b", "c.yaml:2:1", "a number as key"),
        ("null: b", "c.yaml:1:1", "null as key"),
        ("true: b", "c.yaml:1:1", "a truth value as key"),
        ("[a]: b", "c.yaml:1:1", "a list as key"),
        ("? {a: 1}\n: b", "c.yaml:1:3", "a mapping as key"),
        ("a:\n\tb: 1", "c.yaml:2:1", "use spaces, not tabs"),
        ("a: @x", "c.yaml:1:4", "quotes"),
        ("a: b: c", "c.yaml:1:5", "mapping values"),
        ("a: [1, 2", "c.yaml:1:9", "got the end"),
        ('a: "x', "c.yaml:1:6", "unexpected end"),
        ('a: "C:\\data"', "c.yaml:1:8", "single quotes"),
        ("a: |\nb: 1", "c.yaml:1:4", 'a | itself is written "|"'),
        ("a: 1\n b: 2", "c.yaml:2:3", "mapping values"),
        ("a:\n    b: 1\n  c: 2", "c.yaml:3:3", "indentation"),
        ("a: x\x00y", "c.yaml:1:5", "U+0000"),
        ("# ok\r\na: \x1b[31m", "c.yaml:2:4", "U+001B"),
        ("a: x\u2028y", "c.yaml:1:5", "U+2028"),
        ("\ufeffa: 1", "c.yaml", "byte order mark"),
        (r'a: "\ud800"', "c.yaml:1:4", "surrogate"),
        (r'a: "\UFFFFFFFF"', "c.yaml", "cannot be read"),
        ("a: " + "1" * 101, "c.yaml:1:4", "101 digits"),
        ("a: 0x" + "f" * 5000, "c.yaml:1:4", "5,002 digits"),
        ("", "c.yaml", "got nothing"),
        ("# only a comment", "c.yaml", "got nothing"),
        ("- a", "c.yaml", "got a list"),
        ("word", "c.yaml", "got text"),
        ("a: " + "x" * MAX_BYTES, "c.yaml", "allowed are 1,048,576"),
    ],
)
def test_what_is_no_configuration_is_refused_at_its_place(text, place, problem):
    message = refused(text)
    assert message.startswith(f"{place}: ")
    assert problem in message


def test_depth_is_bounded_exactly():
    fits = "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)
    read_yaml(f"a: {fits}", where="c.yaml")
    assert "more than 50 levels" in refused(f"a: [{fits}]")


_HOSTILE = {
    "3000 brackets": "[" * 3000,
    "brackets": "[" * 1_000_000,
    "brackets on lines": "[\n" * 500_000,
    "braces": "{" * 1_000_000,
    "dashes": "- " * 500_000,
    "question marks": "? " * 500_000,
    "empty lists": "a: [" + "[]," * 300_000,
    "numbers": "a: [" + "1," * 500_000,
    "keys": "".join(f"k{i}: 1\n" for i in range(80_000)),
    "documents": "---\n" * 250_000,
    "directives": "%a\n" * 300_000,
    "laughs": "a: &a [x]\n" + "".join(f"b{i}: [*a, *a]\n" for i in range(99)),
    "long tag": "a: !<" + "x" * 1_000_000,
    "long anchor": "a: &" + "x" * 1_000_000,
    "quotes": '"' * 1_000_000,
    "colons": ":" * 1_000_000,
    "spaces": " " * 1_000_000,
    "lines": "\n" * 1_000_000,
}


@pytest.mark.parametrize("name", _HOSTILE)
def test_hostile_text_is_refused_without_a_hang(name):
    begin = time.monotonic()
    message = refused(_HOSTILE[name])
    assert time.monotonic() - begin < GROSS_SECONDS
    assert len(message) < 400


def test_the_number_of_values_is_bounded():
    most = ", ".join("1" for _ in range(MAX_NODES - 3))
    assert len(read_yaml(f"a: [{most}]", where="c").mapping["a"]) == MAX_NODES - 3
    assert "more than 20,000 values" in refused(f"a: [{most}, 1]")


@given(st.text(alphabet="ab:{}[],-?&*!|>'\"%@#~ \n\\0x1.\x85", max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        document = read_yaml(text, where="c.yaml")
    except ConfigError as error:
        assert str(error).startswith("c.yaml")
    else:
        assert isinstance(document.mapping, dict)


# A value of the command line.
@pytest.mark.parametrize("mark", ["|", ",", "#", "-", "||", "---", "&", "@", ">"])
def test_indicators_alone_stand_for_themselves(mark):
    assert read_value(mark, where="--set a=|") == mark


def test_a_bad_value_is_reported_without_line_numbers():
    with pytest.raises(ConfigError) as caught:
        read_value("[1", where="--set a=[1")
    assert caught.value.where == "--set a=[1"


# Fault 9, for configurations.
def test_files_are_read_as_utf8(tmp_path: Path):
    path = tmp_path / "c.yaml"
    path.write_text("a: é\r\nb: 中\n", encoding="utf-8", newline="")
    assert read_yaml_file(path).mapping == {"a": "é", "b": "中"}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\xef\xbb\xbfa: 1", "byte order mark"),
        ("a: 1".encode("utf-16"), "UTF-16"),
        ("a: 1".encode("utf-16-be"), "U+0000"),
        (b"a: 1\nb: \xff", "c.yaml:2: got the byte 0xff at byte 8"),
        (b"a: \x00", "U+0000"),
        (b"a" * (MAX_BYTES + 1), "allowed are 1,048,576"),
    ],
)
def test_bytes_that_are_no_utf8_text_are_refused(tmp_path, content, problem):
    path = tmp_path / "c.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="c.yaml") as caught:
        read_yaml_file(path)
    assert problem in str(caught.value)


@pytest.mark.timeout(20)
def test_what_is_no_file_is_refused(tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for path in (fifo, tmp_path, tmp_path / "missing", Path("/dev/zero")):
        with pytest.raises(ConfigError) as caught:
            read_yaml_file(path)
        assert caught.value.where == str(path)
