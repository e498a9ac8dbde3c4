"""The findings of a study in plain sentences, the most important first."""

import math
from collections.abc import Iterator, Sequence

from textclf.evaluation.measures import shown_p
from textclf.study.analysis.anova import JOINT, anova
from textclf.study.analysis.cells import smallest_within_one_se, trend
from textclf.study.analysis.effects import Effect, contrasts, effects, is_compared
from textclf.study.analysis.verdict import LEAST_SEEDS, SIGNIFICANT
from textclf.study.design import Factor
from textclf.study.results import Results
from textclf.study.spec import LOWER_IS_BETTER, SEARCHES

_INTERACTION = 0.01
"""Share of variance from which a significant interaction is worth a sentence."""
_METRICS = {
    "accuracy": "accuracy",
    "macro_f1": "macro-F1",
    "log_loss": "log-loss",
    "brier": "Brier score",
    "ece": "calibration error",
}


def conclusions(results: Results) -> list[str]:
    """Returns what is known, what is not, and what to be careful with."""
    found = effects(results)
    lines: list[str] = []
    for factor in results.factors:
        own = [effect for effect in found if effect.factor == factor.name]
        lines += _of_factor(results, factor, own)
    lines += _interactions(results)
    lines += _winner(results)
    if lines and (name := results.data.get("name")):
        lines[0] = f"on {name}, {lines[0]}"
    return [_capital(line) for line in (*lines, *_cautions(results))]


def metric_name(results: Results) -> str:
    """Returns what the metric is called in a sentence."""
    return _METRICS[results.metric]


def unit(results: Results) -> str:
    """Returns ` points`, or nothing for a loss."""
    return "" if results.metric in LOWER_IS_BETTER else " points"


def with_unit(name: str, results: Results) -> str:
    """Returns `accuracy, points`, or the name of a loss."""
    return f"{name}{',' if unit(results) else ''}{unit(results)}"


def shown(value: float, results: Results) -> str:
    """Returns a score as it is shown: points with one place, a loss with three."""
    if not math.isfinite(value):
        return "–"
    return f"{value:.3f}" if results.metric in LOWER_IS_BETTER else f"{value:.1f}"


def signed(value: float, results: Results) -> str:
    """Returns a difference with its sign."""
    if not math.isfinite(value):
        return "–"
    return f"{value:+.3f}" if results.metric in LOWER_IS_BETTER else f"{value:+.2f}"


def span(low: float, high: float, results: Results) -> str:
    """Returns `[0.4, 1.8]`; empty where nothing is known."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "[unknown: one seed]"
    places = 3 if results.metric in LOWER_IS_BETTER else 2
    return f"[{low:.{places}f}, {high:.{places}f}]"


def interval_of(effect: Effect, results: Results) -> str:
    """Returns the interval of a difference; a dash where there are no pairs."""
    return span(effect.low, effect.high, results) if effect.seeds else "–"


def _of_factor(
    results: Results, factor: Factor, own: Sequence[Effect]
) -> Iterator[str]:
    if not is_compared(results, factor):
        yield from _trend(results, factor)
        return
    pairs = contrasts(results, factor.name)
    if pairs and all(effect.verdict == "equivalent" for effect in pairs):
        yield (
            f"{factor.name} {_levels(factor)} are equivalent within "
            f"±{results.rope:g}{unit(results)} of {metric_name(results)}."
        )
    else:
        yield from _one_by_one(results, factor, own)
    if factor.numeric is not None and (
        level := smallest_within_one_se(results, factor)
    ):
        yield (
            f"the smallest {factor.name} within one standard error of the best is "
            f"{level}."
        )


def _trend(results: Results, factor: Factor) -> Iterator[str]:
    """Says whether scores go up or down with numbers that were drawn."""
    found = trend(results, factor)
    if found is None:
        return
    told = f"rank correlation {found.rank:+.2f}, p {shown_p(found.p_value)}"
    over = f"over {found.cells:,} cells"
    name = metric_name(results)
    if found.p_value < SIGNIFICANT:
        way = "rises" if found.rank > 0 else "falls"
        yield f"{over}, {name} {way} with {factor.name} ({told})."
    else:
        yield f"{over}, no trend of {name} with {factor.name} can be told ({told})."


def _one_by_one(
    results: Results, factor: Factor, own: Sequence[Effect]
) -> Iterator[str]:
    """Says each level that differs; those of one verdict without a difference share."""
    for effect in sorted(own, key=lambda e: -abs(e.difference)):
        if effect.verdict in ("better", "worse"):
            yield (
                f"{factor.name} {effect.level} is {effect.verdict} than "
                f"{effect.reference} by {shown(abs(effect.difference), results)}"
                f"{unit(results)} {_absolute(effect, results)}."
            )
    same = [effect for effect in own if effect.verdict == "equivalent"]
    if same:
        yield (
            f"{factor.name} {_listed([e.level for e in same])} "
            f"{'is' if len(same) == 1 else 'are'} equivalent to {factor.reference} "
            f"within ±{results.rope:g}{unit(results)}."
        )
    for effect in own:
        if not effect.seeds:
            yield (
                f"{factor.name} {effect.level} cannot be compared with "
                f"{factor.reference}: no seed is there of both."
            )
        elif effect.verdict == "undecided":
            yield _open_question(effect, results)


def _open_question(effect: Effect, results: Results) -> str:
    more = (
        "; more seeds alone will not decide it"
        if effect.more_seeds is None
        else f"; a verdict needs {LEAST_SEEDS} seeds, {effect.more_seeds} more"
        if effect.seeds + effect.more_seeds == LEAST_SEEDS
        else f"; about {effect.more_seeds:,} more seeds would decide it"
    )
    return (
        f"whether {effect.factor} {effect.level} differs from {effect.reference} is "
        f"undecided: {signed(effect.difference, results)}{unit(results)} "
        f"{span(effect.low, effect.high, results)}{more}."
    )


def _interactions(results: Results) -> Iterator[str]:
    analysis = anova(results)
    for row in analysis.rows if analysis else ():
        clear = row.p_value < SIGNIFICANT and row.omega_squared >= _INTERACTION
        if JOINT in row.term and clear:
            one, other = row.term.split(JOINT)
            yield (
                f"{one} and {other} do not act independently: their interaction "
                f"explains {row.omega_squared:.0%} of the variance (p "
                f"{shown_p(row.p_value)}), so look at the cells and not at each alone."
            )


def _winner(results: Results) -> Iterator[str]:
    winner = results.winner
    if winner is None:
        return
    factor = 1.0 if results.metric in LOWER_IS_BETTER else 100.0
    line = (
        f"the best cell was {winner['cell']}; on {winner['seeds']} fresh seeds it came "
        f"to {shown(factor * winner['mean'], results)} ("
        f"{shown(factor * winner['low'], results)} to "
        f"{shown(factor * winner['high'], results)})"
    )
    if winner.get("test_mean") is not None:
        line += (
            f", and on the test texts, looked at this once, to "
            f"{shown(factor * winner['test_mean'], results)}"
        )
    yield line + "."
    if results.floor is not None:
        better = winner["mean"] > results.floor
        yield (
            f"a linear model of words and characters reaches "
            f"{shown(factor * results.floor, results)} on such folds"
            + ("." if better else ": the floor is not beaten.")
        )


def _cautions(results: Results) -> Iterator[str]:
    edged = [cell for cell, told in results.nuisance.items() if told["at_edge"]]
    if edged:
        yield (
            f"careful: {len(edged)} of {len(results.nuisance)} cells chose a nuisance "
            "setting at the edge of its range, so a wider range may favour them."
        )
    if not results.nuisance and any(map(_is_of_size, results.factors)):
        yield (
            "careful: the learning rate was the same in all cells; a rate tuned in "
            "each cell (section nuisance) could change comparisons of size."
        )
    if len(results.frame) < results.planned:
        yield (
            f"careful: the study is not at its end, {len(results.frame):,} of "
            f"{results.planned:,} trials are there; run it again, and it goes on."
        )
    failed = results.frame[results.frame["status"] != "done"]
    if len(failed):
        counts = failed["status"].value_counts().items()
        kinds = ", ".join(f"{count} {status}" for status, count in counts)
        yield f"careful: {len(failed)} of {len(results.frame)} trials failed ({kinds})."
    kind = results.spec.get("sampler", {}).get("kind")
    if kind in SEARCHES:
        yield (
            "careful: a search went where scores were high, so differences between "
            "levels are not effects."
        )
    if kind == "quasi_random" and any(is_compared(results, f) for f in results.factors):
        yield (
            "careful: few cells were drawn of many, so levels were compared by a fit "
            "without interactions; intervals tell of seeds and not of other cells."
        )


def _is_of_size(factor: Factor) -> bool:
    keys = [key for settings in factor.settings.values() for key in settings]
    return any(key == "embedding.dim" or key.startswith("model.") for key in keys)


def _levels(factor: Factor) -> str:
    """Returns `2 to 300`, or a list."""
    if factor.numeric is not None and list(factor.numeric) == sorted(factor.numeric):
        return f"{factor.levels[0]} to {factor.levels[-1]}"
    return _listed(factor.levels)


def _listed(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _absolute(effect: Effect, results: Results) -> str:
    """Returns the interval of the size of a difference."""
    low, high = effect.low, effect.high
    if effect.difference < 0:
        low, high = -high, -low
    return span(low, high, results)


def _capital(line: str) -> str:
    return line[:1].upper() + line[1:]
