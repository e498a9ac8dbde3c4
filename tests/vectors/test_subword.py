"""n-grams and their hashes, as fastText makes them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.errors import ArtefactError
from textclf.vectors.subword import Subwords, hash_of

WORDS = st.one_of(
    st.text(max_size=12), st.text("aé日🙂ß", max_size=10), st.binary(max_size=14)
)


def plain_hash(content):
    """FNV-1a with the bytes as signed characters, in 32 bits."""
    value = np.uint32(2166136261)
    with np.errstate(over="ignore"):
        for byte in np.frombuffer(content, np.int8):
            value ^= byte.astype(np.uint32)
            value *= np.uint32(16777619)
    return int(value)


def plain_grams(word, shortest, longest):
    """As `Dictionary::computeSubwords` walks: byte by byte."""
    word, grams = b"<" + word + b">", []
    for i in range(len(word)):
        if word[i] & 0xC0 == 0x80:
            continue
        gram, j, n = b"", i, 1
        while j < len(word) and n <= longest:
            gram += word[j : j + 1]
            j += 1
            while j < len(word) and word[j] & 0xC0 == 0x80:
                gram += word[j : j + 1]
                j += 1
            if n >= shortest and not (n == 1 and (i == 0 or j == len(word))):
                grams.append(gram)
            n += 1
    return grams


@given(WORDS, st.integers(0, 4), st.integers(1, 6), st.integers(1, 5000))
def test_buckets_are_those_of_a_plain_walk(word, shortest, longest, buckets):
    content = word if isinstance(word, bytes) else word.encode("utf-8", "surrogatepass")
    expected = [
        plain_hash(g) % buckets for g in plain_grams(content, shortest, longest)
    ]
    assert Subwords(shortest, longest, buckets).of(content) == expected


@given(st.text(st.characters(codec="utf-8"), max_size=15))
def test_hashes_and_ngrams_are_gensims(word):
    compiled = pytest.importorskip("gensim.models.fasttext_inner")
    content = word.encode()
    assert hash_of(content) == compiled.ft_hash_bytes(content)
    grams = compiled.compute_ngrams_bytes(word, 3, 6)
    got = Subwords(3, 6, 1 << 31).of(content)
    assert got == [compiled.ft_hash_bytes(gram) % (1 << 31) for gram in grams]


@pytest.mark.parametrize("sizes", [(3, 0, 100), (3, 6, 0)])
def test_without_length_or_buckets_there_are_none(sizes):
    assert not Subwords(*sizes)
    assert Subwords(*sizes).of(b"word") == []


@pytest.mark.parametrize("sizes", [(-1, 6, 9), (3, 65, 9), (3, -1, 9), (3, 6, -9)])
def test_impossible_sizes_are_refused(sizes):
    with pytest.raises(ArtefactError, match="n-grams"):
        Subwords(*sizes)
