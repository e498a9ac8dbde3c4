"""Do two models err on different texts?"""

from dataclasses import dataclass

from scipy import stats

from textclf.study.analysis.pairing import Joined


@dataclass(frozen=True)
class Mcnemar:
    """Disagreements of two models on the same texts.

    Attributes:
        only_a: Texts that only the first answers rightly.
        only_b: Texts that only the second does.
        p_value: Exact and two-sided (McNemar 1947, as a binomial test).
    """

    only_a: int
    only_b: int
    p_value: float


def mcnemar(joined: Joined) -> Mcnemar:
    """Tests whether the two are right equally often."""
    only_a = int((joined.right_a & ~joined.right_b).sum())
    only_b = int((joined.right_b & ~joined.right_a).sum())
    total = only_a + only_b
    p_value = stats.binomtest(only_a, total).pvalue if total else 1.0
    return Mcnemar(only_a, only_b, float(p_value))
