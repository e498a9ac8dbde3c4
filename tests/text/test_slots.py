"""Slots against a dictionary."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from textclf.text.slots import MISSING, Slots

STRINGS = st.lists(
    st.text("a\x00é👍", min_size=1, max_size=5).map(str.encode), max_size=20
)


def laid_out(strings: list[bytes]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    data = np.frombuffer(b"".join(strings) + bytes(32), dtype=np.uint8)
    sizes = np.array([len(s) for s in strings], dtype=np.int64)
    return data, np.cumsum(sizes) - sizes, sizes


@given(STRINGS, STRINGS, st.sampled_from([1, 4]), st.sampled_from([3, 4, 10]))
def test_finds_what_was_added_or_nothing(known, asked, words, bits):
    slots = Slots(words=words, bits=bits)
    fitting = [s for s in dict.fromkeys(known) if len(s) <= slots.longest]
    values = {string: row for row, string in enumerate(fitting)}
    slots.add(*laid_out(fitting), np.arange(len(fitting), dtype=np.int32))
    asked = [s for s in [*asked, *known] if len(s) <= slots.longest]
    got = slots.find(*laid_out(asked)).tolist()
    for string, value in zip(asked, got, strict=True):
        assert value == MISSING or value == values[string]
    if fitting:
        assert max(slots.find(*laid_out(fitting))) >= 0


def test_a_taken_slot_is_kept():
    slots = Slots(words=1, bits=3)
    strings = [f"w{i}".encode() for i in range(9)]
    for row, string in enumerate(strings):
        slots.add(*laid_out([string]), np.array([row], dtype=np.int32))
    assert slots.find(*laid_out(strings)).tolist() == [0, 1, 2, 3, 4, 5, 6, 7, MISSING]
