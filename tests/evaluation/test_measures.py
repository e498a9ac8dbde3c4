"""How values are written."""

import pytest

from textclf.evaluation.measures import shown_p


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.0, "< 0.001"), (0.00099, "< 0.001"), (0.001, "0.001"), (1.0, "1.000")],
)
def test_a_small_p_value_is_never_nought(value, told):
    assert shown_p(value) == told


def test_no_p_value_is_a_dash():
    assert shown_p(float("nan")) == "–"
