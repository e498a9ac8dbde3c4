"""Word vectors as a notebook shows them."""

from collections.abc import Sequence

import numpy as np

from textclf.page.document import fragment
from textclf.page.parts import table, tiles

_WORDS, _NUMBERS, _MEASURED = 8, 5, 100_000


def vectors_html(tokens: Sequence[str], matrix: np.ndarray) -> str:
    """Returns size, lengths, and the first words with their first numbers.

    Args:
        tokens: The words.
        matrix: float32[words, dim], a row a word.
    """
    lengths = np.linalg.norm(matrix[:_MEASURED], axis=1)
    words, dim = matrix.shape
    facts = [("words", f"{words:,}", ""), ("dimensions", f"{dim:,}", "")]
    if words:
        spread = f"standard deviation {lengths.std():.2f}"
        facts.append(("mean length", f"{lengths.mean():.2f}", spread))
    rows = [
        [token[:40], f"{length:.2f}", *(f"{number:.3f}" for number in row)]
        for token, length, row in zip(
            tokens[:_WORDS], lengths, matrix[:, :_NUMBERS], strict=False
        )
    ]
    columns = [str(place + 1) for place in range(min(dim, _NUMBERS))]
    more = f"the first {len(rows)} words, {len(columns)} of {dim:,} numbers"
    head = ["word", "length", *columns]
    return fragment(
        tiles(facts), table(head, rows, numeric=range(1, len(head)), caption=more)
    )
