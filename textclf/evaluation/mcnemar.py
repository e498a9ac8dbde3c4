"""Do two models err on different texts?"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


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


def mcnemar(right_a: npt.NDArray[np.bool_], right_b: npt.NDArray[np.bool_]) -> Mcnemar:
    """Tests whether two models are right equally often.

    Args:
        right_a: bool[n], whether the first is right on each text.
        right_b: bool[n], whether the second is right on the same texts.
    """
    from scipy import stats

    only_a = int((right_a & ~right_b).sum())
    only_b = int((right_b & ~right_a).sum())
    total = only_a + only_b
    p_value = stats.binomtest(only_a, total).pvalue if total else 1.0
    return Mcnemar(only_a, only_b, float(p_value))
