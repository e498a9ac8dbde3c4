"""Two cells of a study, compared in every way that its store allows."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from textclf.errors import ConfigError
from textclf.evaluation.mcnemar import Mcnemar, mcnemar
from textclf.evaluation.measures import shown_p
from textclf.study.analysis.aso import CLAIM_BELOW, almost_stochastic_order
from textclf.study.analysis.effects import Effect, compare_cells
from textclf.study.analysis.pairing import Answers, Joined, joined
from textclf.study.analysis.verdict import LEAST_SEEDS
from textclf.study.design import matching
from textclf.study.packing import unpack
from textclf.study.records import Record
from textclf.study.results import Results
from textclf.study.saved import records_of, results_of
from textclf.study.spec import LOWER_IS_BETTER

_STREAM = 53


@dataclass(frozen=True)
class Comparison:
    """Cell A against cell B.

    Attributes:
        effect: A − B, paired by seed.
        order: Almost stochastic order of A over B (Dror et al. 2019): below 0.2 the
            scores of A as a whole may be called the better ones.
        reverse: The same of B over A.
        texts: Different answers, joined by the ids of the texts, each text once.
        unit: What the difference is in.
    """

    effect: Effect
    order: float
    reverse: float
    texts: Mcnemar
    unit: str

    @classmethod
    def of(cls, folder: Path, a: str, b: str) -> "Comparison":
        """Compares two cells of the study in a folder.

        Args:
            folder: The study.
            a: The levels of one cell, e.g. `dim=50,dropout=word`.
            b: The levels of the other.

        Raises:
            ConfigError: These name no single cell that was trained.
            DataError: Answers of one seed are to different texts.
        """
        results = results_of(folder)
        cells = [_cell(results, text, where=n) for text, n in ((a, "A"), (b, "B"))]
        if cells[0] == cells[1]:
            raise ConfigError(f"got the same cell twice, {cells[0]}", where="B")
        records = [r for r in records_of(folder) if r.trial.kind == "trial" and r.done]
        sides = [_by_seed(records, cell) for cell in cells]
        answers = _all_joined(*sides)
        scores = [_scores(side.values(), results.metric) for side in sides]
        rng = np.random.default_rng(_STREAM)
        return cls(
            effect=compare_cells(results, *cells),
            order=almost_stochastic_order(scores[0], scores[1], rng=rng),
            reverse=almost_stochastic_order(scores[1], scores[0], rng=rng),
            texts=mcnemar(answers.right_a, answers.right_b),
            unit="" if results.metric in LOWER_IS_BETTER else " points",
        )

    def to_lines(self) -> list[str]:
        """Says it for people."""
        effect, more = self.effect, self.effect.more_seeds
        needs = f", needs about {more} more seed{'s' * (more > 1)}" if more else ""
        places = 2 if self.unit else 3
        span = f"[{effect.low:.{places}f}, {effect.high:.{places}f}]"
        if effect.seeds < 2:
            span = "[unknown: one seed]"
        known = math.isfinite(effect.hedges_g)
        return [
            f"A  {effect.level}",
            f"B  {effect.reference}",
            f"A − B        {effect.difference:+.{places}f}{self.unit} {span} over "
            f"{effect.seeds} seed{'s' * (effect.seeds > 1)}",
            f"verdict      {effect.verdict}{needs}",
            f"A wins       with {effect.probability * effect.seeds:g} of "
            f"{effect.seeds} seeds (a tie counts half)",
            f"Hedges' g    {effect.hedges_g:.2f}" if known else "Hedges' g    –",
            f"p            {shown_p(effect.p_value)} "
            "(allowing for shared training texts)",
            f"all scores   {self._ordered()}",
            f"texts        only A right {self.texts.only_a:,}, only B right "
            f"{self.texts.only_b:,}, McNemar p {shown_p(self.texts.p_value)}",
        ]

    def _ordered(self) -> str:
        """Says which scores are the better ones at every rank, best to worst."""
        if self.effect.seeds < LEAST_SEEDS:
            return f"not compared from worst to best: that needs {LEAST_SEEDS} seeds"
        values = {"A": self.order, "B": self.reverse}
        better = min(values, key=lambda side: values[side])
        other = "B" if better == "A" else "A"
        test = f"almost stochastic order {values[better]:.2f}, Dror et al. 2019"
        if values[better] < CLAIM_BELOW:
            return (
                f"from worst to best, those of {better} are better than those of "
                f"{other} ({test}: below {CLAIM_BELOW})"
            )
        return (
            f"neither has the better ones from worst to best ({test}: not below "
            f"{CLAIM_BELOW})"
        )

    def to_json(self) -> dict[str, Any]:
        """Returns the comparison as a mapping."""
        return asdict(self) | {"effect": self.effect.to_json()}


def _cell(results: Results, text: str, *, where: str) -> str:
    wanted = matching(text, results.factors, where=where)
    frame = results.frame
    for factor, level in wanted.items():
        frame = frame[frame[factor] == level]
    cells = list(dict.fromkeys(frame["cell"]))
    if len(cells) != 1:
        raise ConfigError(
            f"got {text!r}, which names {len(cells)} cells that were trained, expected "
            "one",
            where=where,
            fix=f"write a level of each factor, e.g. {results.frame['cell'].iloc[0]}"
            if len(results.frame)
            else None,
        )
    return str(cells[0])


def _by_seed(records: Sequence[Record], cell: str) -> dict[int, Record]:
    return {r.trial.seed: r for r in records if str(r.trial.cell) == cell}


def _scores(records: Any, metric: str) -> np.ndarray:
    sign = -1.0 if metric in LOWER_IS_BETTER else 1.0
    return np.array([sign * record.scores[metric] for record in records])


def answers_of(record: Record) -> Answers:
    """Returns what a trial said of the texts it was judged by."""
    return Answers(**{name: unpack(part) for name, part in record.answers.items()})


def _all_joined(a: dict[int, Record], b: dict[int, Record]) -> Joined:
    """Joins all answers; a text counts once, with the first seed it was judged in.

    Later seeds judge the same texts again, and to count them would make two models look
    surer of their difference than so many texts can be.
    """
    parts = [joined(answers_of(a[s]), answers_of(b[s])) for s in sorted(a.keys() & b)]
    if not parts:
        raise ConfigError("got no seed that both cells were trained with")
    ids = np.concatenate([part.ids for part in parts])
    first = np.unique(ids, return_index=True)[1]
    return Joined(
        ids[first],
        np.concatenate([part.right_a for part in parts])[first],
        np.concatenate([part.right_b for part in parts])[first],
    )
