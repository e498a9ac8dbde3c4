"""The analysis of variance: against statsmodels, with holes, and what it finds."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.study.frames import frame_without, noisy, results
from textclf.study.analysis.anova import CHANCE, RESIDUAL, SEED, anova, importance
from textclf.study.design import Factor


def by_statsmodels(frame: pd.DataFrame) -> pd.DataFrame:
    formula = pytest.importorskip("statsmodels.formula.api")
    linear = pytest.importorskip("statsmodels.api")
    points = frame.assign(points=100 * frame["accuracy"])
    terms = "C(dim, Sum) * C(dropout, Sum) + C(seed, Sum)"
    model = formula.ols(f"points ~ {terms}", points).fit()
    return linear.stats.anova_lm(model, typ=2)


@pytest.mark.parametrize("holes", [[], [0, 7, 23, 40]])
def test_it_equals_statsmodels_also_with_missing_trials(holes):
    study = results(noisy({"dim=100": 0.01, "dropout=word": 0.02}))
    frame = frame_without(study.frame, np.array(holes, dtype=int))
    object.__setattr__(study, "frame", frame)
    expected = by_statsmodels(frame)
    found = anova(study)
    for term, name in (
        ("dim", "C(dim, Sum)"),
        ("dropout", "C(dropout, Sum)"),
        ("dim × dropout", "C(dim, Sum):C(dropout, Sum)"),
        (SEED, "C(seed, Sum)"),
    ):
        row = found.of(term)
        assert row.sum_of_squares == pytest.approx(expected.loc[name, "sum_sq"])
        assert row.degrees == expected.loc[name, "df"]
        assert row.f == pytest.approx(expected.loc[name, "F"])
        assert row.p_value == pytest.approx(expected.loc[name, "PR(>F)"], abs=1e-9)
    assert found.of(RESIDUAL).degrees == expected.loc["Residual", "df"]


def test_an_interaction_is_told_from_main_effects():
    def score(cell, seed, rng):
        both = cell == {"dim": "100", "dropout": "word"}
        return 0.75 + 0.03 * both + 0.002 * rng.standard_normal()

    assert anova(results(score)).of("dim × dropout").p_value < 0.001
    plain = anova(results(noisy({"dim=100": 0.03, "dropout=word": 0.03})))
    assert plain.of("dim × dropout").p_value > 0.01


def test_pairs_are_left_out_where_they_hide_a_factor():
    """In half of a 2 × 2 × 2 grid each factor is the product of the other two."""
    factors = [Factor(name, ("0", "1"), None, "0") for name in "abc"]
    whole = results(
        lambda cell, seed, rng: (
            0.7 + 0.05 * (cell["a"] == "1") + 0.002 * rng.standard_normal()
        ),
        factors=factors,
    )
    frame = whole.frame
    half = frame[frame[list("abc")].astype(int).sum(axis=1) % 2 == 0]
    found = anova(replace(whole, frame=half))
    assert [row.term for row in found.rows] == ["a", "b", "c", SEED, RESIDUAL]
    assert found.of("a").p_value < 0.001 < found.of("b").p_value
    assert any(" × " in row.term for row in anova(whole).rows)


def test_shares_of_importance_add_up_and_name_the_cause():
    shares = importance(results(noisy({"dropout=word": 0.03})))
    assert sum(shares.values()) == pytest.approx(1.0)
    assert next(iter(shares)) == "dropout"
    assert list(shares)[-1] == CHANCE


def test_many_levels_do_not_gather_importance_by_chance():
    """Where nothing is planted, as much is explained as chance alone would."""
    told = [
        importance(results(noisy({}, sd=0.01 + number / 1000), seeds=20))
        for number in range(5)
    ]
    assert min(shares[CHANCE] for shares in told) > 0.85


def test_one_seed_leaves_nothing_to_tell_chance_by():
    assert anova(results(noisy({}), seeds=1)) is None
    assert importance(results(noisy({}), seeds=1)) == {}
