"""JSON Lines: strict JSON, strings only, faults named by line."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.data import jsonl
from textclf.data.lines import Decoding
from textclf.errors import DataError

STRICT = Decoding("utf-8", "strict")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def read(path: Path) -> list[tuple[int, str, str, str]]:
    return list(jsonl.read(path, text="text", label="label", decoding=STRICT))


@given(
    rows=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4),
    escaped=st.booleans(),
)
def test_every_string_survives(
    tmp_path: Path, rows: list[tuple[str, str]], escaped: bool
) -> None:
    path = tmp_path / "a.jsonl"
    objects = [{"text": text, "label": label} for text, label in rows]
    lines = [json.dumps(value, ensure_ascii=escaped) for value in objects]
    path.write_bytes("\r\n\n".join(lines).encode())
    expected = [(1 + 2 * at, text, label, "") for at, (text, label) in enumerate(rows)]
    assert read(path) == expected


def test_other_keys_may_hold_anything(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    huge = "9" * 5000
    path.write_text(f'{{"text":"01","label":"null","n":{huge},"m":[1e999,{{}}]}}')
    assert read(path) == [(1, "01", "null", "")]


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("{", "no valid JSON"),
        ('{"text":"a","label":"b"} x', "no valid JSON"),
        ("{'text':'a'}", "no valid JSON"),
        ('{"text":"a\tb","label":"c"}', "no valid JSON"),
        ('{"text":"a","text":"b","label":"c"}', 'the key "text" twice'),
        ('{"text":"a","label":"c","x":{"y":1,"y":2}}', 'the key "y" twice'),
        ('{"text":"a","label":"c","x":NaN}', "NaN"),
        ('{"text":"a","label":"c","x":-Infinity}', "-Infinity"),
        ('{"text":null,"label":"c"}', 'null as "text"'),
        (
            '{"text":"a","label":1}',
            'number 1 as "label", expected a string; fix: quote',
        ),
        ('{"text":"a","label":true}', 'quote it: "true"'),
        ('{"text":"a","label":["b"]}', "label_separator"),
        ('{"text":{},"label":"b"}', "an object"),
        ('{"txt":"a","label":"b"}', 'set data.text to "txt"'),
        ('["a","b"]', "got an array"),
        ('"text"', "got a string"),
        ("[" * 200_000, "nested too deeply"),
        ('{"text":"a","label":"b","x":' + "[" * 200_000, "nested too deeply"),
        (r'{"text":"a\ud800","label":"b"}', "surrogate"),
        (r'{"text":"a","label":"\udcff"}', "surrogate"),
        ('{"text":"a","label":' + "9" * 5000 + "}", "number 999"),
    ],
)
def test_faults_are_named_by_line(tmp_path: Path, line: str, part: str) -> None:
    path = tmp_path / "a.jsonl"  # rows 18 and 23
    path.write_text('{"text":"a","label":"b"}\n\n' + line + "\n")
    with pytest.raises(DataError) as caught:
        read(path)
    assert "a.jsonl:3: " in str(caught.value)
    assert part in str(caught.value)
    assert len(str(caught.value)) < 400


def test_pairs_of_surrogates_are_characters(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(r'{"text":"\ud83d\ude00","label":"\u0000"}')
    assert read(path) == [(1, "😀", "\0", "")]


@given(at=st.integers(0, 60), new=st.sampled_from('{}[]":,\\ux0\n\ttfn'))
def test_any_changed_byte_is_read_or_refused(tmp_path: Path, at: int, new: str) -> None:
    path = tmp_path / "a.jsonl"
    good = '{"text": "caf\\u00e9 \\n", "label": "b", "n": [1, null, true]}'
    path.write_text(good[:at] + new + good[at + 1 :])
    try:
        assert all(type(row[1]) is str for row in read(path))
    except DataError as fault:
        assert ":1" in str(fault.where) or ":2" in str(fault.where)


def test_columns_and_preview(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text":"a","n":1,"label":"x"}\n{"label":"y","text":"b"}\n')
    assert jsonl.columns(path, decoding=STRICT) == ["text", "n", "label"]
    assert jsonl.preview(path, rows=9, decoding=STRICT) == {
        "text": ["a", "b"],
        "label": ["x", "y"],
    }
