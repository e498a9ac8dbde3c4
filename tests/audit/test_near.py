"""Near copies are those that a comparison of all pairs finds."""

import random
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.audit.near import ALIKE, jaccard, near_groups, near_pairs

WORDS = [f"w{i}" for i in range(400)]


def pairs_of_words(text: str) -> set[tuple[str, ...]]:
    words = "".join(c if c.isalnum() or c == " " else " " for c in text.lower()).split()
    marked = ["", *words, ""]
    return set(zip(marked, marked[1:], strict=False)) if words else set()


def share(one: str, other: str) -> float:
    a, b = pairs_of_words(one), pairs_of_words(other)
    return len(a & b) / len(a | b) if a | b else 0.0


def edited(words: list[str], edits: int, rng: random.Random) -> list[str]:
    words = list(words)
    for _ in range(edits):
        words[rng.randrange(len(words))] = rng.choice(WORDS)
    return words


def test_planted_near_copies_are_found_and_nothing_else():
    rng = random.Random(3)
    texts = [" ".join(rng.choices(WORDS, k=rng.randint(20, 60))) for _ in range(150)]
    texts += [" ".join(edited(t.split(), rng.randint(1, 6), rng)) for t in texts[:100]]
    truth = {
        (a, b)
        for a, b in combinations(range(len(texts)), 2)
        if share(texts[a], texts[b]) >= ALIKE
    }
    found = {tuple(pair) for pair in near_pairs(texts, characters=False).tolist()}
    assert 20 < len(truth) < 100
    assert found <= truth
    assert len(found) >= 0.98 * len(truth)


def test_case_and_signs_do_not_count_but_words_do():
    texts = ["Is there an auto top-up?", "is there an auto shop", "", "...", "!?"]
    assert len(set(near_groups(texts, characters=False).tolist())) == 5
    texts[1] = "IS THERE, an auto (top up)"
    groups = near_groups(texts, characters=False).tolist()
    assert groups[0] == groups[1]
    assert len(set(groups[1:])) == 4


def test_the_same_letters_are_near_however_words_are_parted():
    texts = ["It's (not) good.", "it 's -not- good", "its not bad", "ÉTÉ", "été!", "e"]
    groups = near_groups(texts, characters=False).tolist()
    assert groups[0] == groups[1] and groups[3] == groups[4]
    assert len(set(groups)) == 4


def test_texts_without_blanks_are_compared_by_characters():
    one = "这个宾馆比较陈旧了特价的房间也很一般总体来说一般下次不会再来住了真的很失望"
    texts = [one, one.replace("真的", "实在"), one[::-1]]
    groups = near_groups(texts, characters=True).tolist()
    assert groups[0] == groups[1] != groups[2]


def test_many_copies_of_one_text_make_one_cluster_by_few_pairs():
    head = " ".join(WORDS[:60])
    texts = [f"{head} {i}" for i in range(500)]
    pairs = near_pairs(texts, characters=False)
    assert len(pairs) <= 2 * 16 * len(texts)
    assert len(set(near_groups(texts, characters=False).tolist())) == 1


@given(st.lists(st.integers(0, 20)), st.lists(st.integers(0, 20)))
def test_jaccard_is_that_of_sets(one, other):
    a, b = set(one), set(other)
    expected = len(a & b) / max(len(a | b), 1)
    arrays = (np.array(v, dtype=np.int64) for v in (one, other))
    assert jaccard(*arrays) == pytest.approx(expected)


@pytest.mark.parametrize("texts", [[], ["one"], ["", ""], ["..."]])
def test_few_texts_are_near_to_none(texts):
    assert near_groups(texts, characters=False).tolist() == list(range(len(texts)))
