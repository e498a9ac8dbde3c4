"""Two cells: answers are joined by text, and each text counts once."""

import json

import numpy as np
import pytest

from tests.study.frames import noisy, record, results
from textclf.errors import ConfigError, DataError
from textclf.evaluation.mcnemar import mcnemar
from textclf.study.analysis.effects import compare_cells
from textclf.study.comparison import Comparison, _all_joined
from textclf.study.packing import pack


def judged(seed, ids, predicted):
    answers = {"ids": np.array(ids), "targets": np.zeros(len(ids), dtype=int)}
    answers["predicted"] = np.array(predicted)
    packed = {name: pack(values) for name, values in answers.items()}
    return record({"dim": "2"}, seed, 0.5).__class__(
        record({"dim": "2"}, seed, 0.5).trial, "done", answers=packed
    )


def test_a_text_that_several_seeds_judge_counts_once():
    a = {0: judged(0, [3, 1], [0, 0]), 1: judged(1, [1, 2], [1, 0])}
    b = {0: judged(0, [1, 3], [1, 0]), 1: judged(1, [2, 1], [1, 0])}
    joined = _all_joined(a, b)
    assert joined.ids.tolist() == [1, 2, 3]
    assert joined.right_a.tolist() == [True, True, True]
    assert joined.right_b.tolist() == [False, False, True]


def test_what_one_seed_cannot_tell_is_said_and_is_null_in_json():
    study = results(noisy({"dim=10": 0.02}), seeds=1)
    effect = compare_cells(study, "dim=2,dropout=none", "dim=10,dropout=none")
    found = Comparison(
        effect, 1.0, 1.0, mcnemar(np.array([True]), np.array([False])), " points"
    )
    text = "\n".join(found.to_lines())
    assert "[unknown: one seed] over 1 seed\n" in text
    assert "nan" not in text
    json.dumps(found.to_json(), allow_nan=False)
    assert found.to_json()["effect"]["low"] is None


@pytest.mark.parametrize(
    ("seeds", "order", "reverse", "said"),
    [
        (6, 0.05, 1.0, "from worst to best, those of A are better than those of B"),
        (6, 1.0, 0.11, "from worst to best, those of B are better than those of A"),
        (6, 0.4, 0.6, "neither has the better ones"),
        (3, 1.0, 0.11, "that needs 5 seeds"),
    ],
)
def test_all_scores_are_compared_in_words(seeds, order, reverse, said):
    study = results(noisy({"dim=10": 0.02}, sd=0.0), seeds=seeds)
    effect = compare_cells(study, "dim=2,dropout=none", "dim=10,dropout=none")
    texts = mcnemar(np.array([True]), np.array([False]))
    text = "\n".join(Comparison(effect, order, reverse, texts, " points").to_lines())
    assert said in text
    assert f"A wins       with 0 of {seeds} seeds" in text


def test_answers_without_a_common_seed_or_text_are_refused():
    with pytest.raises(ConfigError, match="no seed"):
        _all_joined({0: judged(0, [1], [0])}, {1: judged(1, [1], [0])})
    with pytest.raises(DataError, match="different texts"):
        _all_joined({0: judged(0, [1], [0])}, {0: judged(0, [2], [0])})
