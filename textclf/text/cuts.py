"""Where UTF-8 can be cut into pieces so that no word, symbol or emoji spans a cut."""

import numpy as np

_BLANK, _APOSTROPHE, _UNDERSCORE = ord(" "), ord("'"), ord("_")
_END_OF_JOINER = 0x8D  # the last byte of U+200D, which ties a symbol to the next one


def piece_ends(
    data: np.ndarray, text_ends: np.ndarray, *, at_blanks: bool = False
) -> np.ndarray:
    """Cuts texts into pieces that hold a unit each, with few exceptions.

    A blank belongs to the piece before it. Where the neighbours of a place are not
    plain ASCII there may be no cut, and a piece has several units. No cut changes the
    Unicode normal form of what is around it.

    Args:
        data: uint8[total], the texts end to end.
        text_ends: int64[n], where each text ends in `data`.
        at_blanks: Only after blanks, where no lower case depends on the neighbours.

    Returns:
        int64[pieces]: where each piece ends, rising; every text's end is among them.
    """
    after = np.empty(len(data), dtype=bool)
    blank = data == _BLANK
    after[:-1] = blank[:-1] & ~blank[1:] if at_blanks else _safe(data)
    after[text_ends[text_ends > 0] - 1] = True
    return np.flatnonzero(after) + 1


def _safe(data: np.ndarray) -> np.ndarray:
    """Returns bool[total - 1], whether a cut after the byte splits no unit.

    An ASCII character that is neither of a word nor an apostrophe is a unit of its own,
    unless a mark or joiner follows it or a joiner stands before it. An apostrophe with
    such a neighbour is one too.
    """
    plain, blank, mark = data < 0x80, data == _BLANK, data == _APOSTROPHE
    symbol = plain & ~(_of_words(data) | mark)
    begins = symbol[1:] & (data[:-1] != _END_OF_JOINER)
    begins[:-1] |= mark[1:-1] & symbol[2:] & (data[:-2] != _END_OF_JOINER)
    ends = symbol[:-1]
    ends[1:] |= mark[1:-1] & symbol[:-2]
    ends &= plain[1:]
    return (begins | ends | blank[:-1]) & ~blank[1:]


def _of_words(data: np.ndarray) -> np.ndarray:
    letters = (data | 0x20) - np.uint8(ord("a")) < 26
    digits = data - np.uint8(ord("0")) < 10
    return letters | digits | (data == _UNDERSCORE)
