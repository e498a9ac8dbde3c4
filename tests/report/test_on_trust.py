"""What the report of a run says of how far its answers can be trusted."""

import numpy as np

from tests.evaluation.test_answers import SINGLE, kept, predictions
from textclf.evaluation.answers import read_answers
from textclf.evaluation.decision import Decision
from textclf.report.on_trust import trust_told
from textclf.run import Run


def test_trust_is_told_with_what_was_fitted(tmp_path):
    # Surest first: right, right, right, wrong.
    rows = [[98, 1, 1], [1, 90, 9], [80, 10, 10], [70, 20, 10]]
    decision = Decision(2.0, (), 0.75)
    answers = predictions(SINGLE, rows, decision)
    kept(tmp_path, SINGLE, answers, np.array([0, 1, 0, 1], dtype=np.int32))
    read = read_answers(Run(tmp_path), "test", labels=SINGLE, decision=decision)
    told = " ".join(trust_told(read)).replace("\u00a0", " ")
    assert "The surest 50.0 % of the answers are right 100.0 % of the time" in told
    assert "all of them 75.0 %" in told
    assert "before the temperature 2.00, which was fitted on dev texts, by" in told
    assert "Below a confidence of 0.75" in told and "25.0 % of these texts" in told
