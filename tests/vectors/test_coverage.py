"""Coverage counted by hand, kept in JSON, shown without harm."""

import json
from dataclasses import replace

import numpy as np
import pytest

from textclf.errors import ArtefactError
from textclf.text.vocabulary import RESERVED, Vocabulary
from textclf.vectors import Coverage, seed_rows


@pytest.fixture
def coverage(write) -> Coverage:
    words = ["the", "Paris", "the", "film", "x\udcff", "film"]
    path = write("word2vec-text", words, np.ones((6, 2)) * [1, 2], packed=True)
    tokens = (*RESERVED, "the", "paris", "unheard", "evil\x1b[31m", "film", "Film")
    counts = np.array([0, 1000, 50, 20, 15, 10, 3, 2])
    known = Vocabulary(tokens, counts)
    return seed_rows(path, known, dim=2, rng=np.random.default_rng(0)).coverage


def test_types_and_running_words_are_counted_without_the_reserved(coverage):
    assert coverage == Coverage(
        file="vectors.dat",
        format="word2vec-text",
        rows=6,
        dim=2,
        types=6,
        types_found=4,
        words=100,
        words_found=75,
        fallback_types=2,
        fallback_words=22,
        duplicates=2,
        undecodable=1,
        missing=(("unheard", 15), ("evil\x1b[31m", 10)),
    )


def test_json_gives_the_same_back(coverage):
    assert Coverage.from_json(json.loads(json.dumps(coverage.to_json()))) == coverage


def test_lines_say_it_and_escape_words(coverage):
    lines = coverage.to_lines()
    assert "4 of 6 (66.7 %)" in lines[1]
    assert "75 of 100 (75.0 %)" in lines[2]
    assert all("\x1b" not in line and "\n" not in line for line in lines)
    assert "unheard (15), evil\\x1b[31m (10)" in lines[-1]


def test_only_the_twenty_most_frequent_missing_words_are_kept(write):
    path = write("glove", ["a", "b"], [[1, 2], [3, 4]])
    tokens = (*RESERVED, "a", *(f"m{i:02}" for i in range(30)))
    counts = np.array([0, 0, 9, *range(30)])
    known = Vocabulary(tokens, counts)
    got = seed_rows(path, known, dim=2, rng=np.random.default_rng(0)).coverage
    assert [count for _, count in got.missing] == list(range(29, 9, -1))


def test_impossible_counts_are_refused(coverage):
    for change in ({"types_found": 7}, {"words_found": 101}, {"fallback_types": 5}):
        with pytest.raises(ArtefactError, match="impossible"):
            replace(coverage, **change)


# Shares of running words, lower-cased and split on blanks: the shared README.
@pytest.mark.parametrize(
    ("name", "dim", "share"),
    [
        ("glove.6B.50d.first10000.txt.gz", 50, 82.4),
        ("glove.6B.100d.first2604.txt.gz", 100, 70.6),
        ("glove.twitter.27B.25d.11925words.txt.gz", 25, 71.5),
    ],
)
def test_coverage_of_mr_agrees_with_the_published_table(shared, name, dim, share):
    raw = shared / "data" / "mr" / "raw"
    words = [
        word
        for part in ("rt-polarity.pos", "rt-polarity.neg")
        for word in (raw / part).read_text("windows-1252").lower().split()
    ]
    types, counts = np.unique(words, return_counts=True)
    known = Vocabulary.build(types.tolist(), counts, size=100_000, min_count=1)
    rng = np.random.default_rng(0)
    got = seed_rows(shared / "vectors" / name, known, dim=dim, rng=rng).coverage
    assert got.words == len(words)
    exact = got.words_found - got.fallback_words
    assert 100 * exact / got.words == pytest.approx(share, abs=0.06)
