"""Numbers are read as Python reads them, minus what poisons a model."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.vectors.numbers import parse_numbers

REFUSED = [
    *(b"nan", b"NaN", b"-nan", b"inf", b"-inf", b"Infinity", b"1_000", b"0x1p3"),
    *(b"1e999", b"1e39", b"1,5", b"", b"-", b".", b"e5", b"1e", b"--1", b"1.2.3"),
    *(b"1-2", b"\t1", b"1\r", b"word", "١".encode(), "−1".encode(), b"\x00", b"1f"),
]


@pytest.mark.parametrize("bad", REFUSED)
def test_only_finite_decimal_numbers_are_read(bad):
    with pytest.raises(ValueError, match="as number 2 of 3"):
        parse_numbers(b"1 " + bad + b" 2", 3)


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1))
def test_any_float32_survives(values):
    payload = b" ".join(repr(value).encode() for value in values)
    row = parse_numbers(payload, len(values))
    assert row.dtype == np.float32
    np.testing.assert_array_equal(row, np.array(values, dtype=np.float32))


@pytest.mark.parametrize(
    "good", [b"1", b"+1", b"1.", b".5", b"-1E-3", b"1e-999", b"007"]
)
def test_every_decimal_notation_is_read(good):
    assert parse_numbers(good, 1)[0] == np.float32(float(good))


@pytest.mark.parametrize("payload", [b"1 2", b"1 2 3 4", b""])
def test_another_number_of_numbers_is_refused(payload):
    with pytest.raises(ValueError, match="expected 3"):
        parse_numbers(payload, 3)
