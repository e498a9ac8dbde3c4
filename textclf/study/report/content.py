"""Everything a report says, worked out once and shown in several forms."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from textclf.config.yaml_text import scalar_text
from textclf.evaluation.measures import shown_p
from textclf.study.analysis.anova import CHANCE, RESIDUAL, anova, importance
from textclf.study.analysis.cells import cell_table
from textclf.study.analysis.effects import Effect, effects
from textclf.study.analysis.verdict import LEAST_SEEDS
from textclf.study.design import Factor
from textclf.study.report.conclusions import (
    conclusions,
    interval_of,
    metric_name,
    shown,
    signed,
    span,
    unit,
)
from textclf.study.results import Results

_SEEDS = (
    "Seed s stands for the same split, order of texts, initial numbers and dropout "
    "masks in every cell, so that levels are compared pair by pair."
)
_PAIRED = (
    "A level is compared with the reference of its factor by the mean, over all "
    "combinations of the other factors, of the paired differences."
)
_FITTED = (
    "Not every combination was trained, so a level is compared with the reference of "
    "its factor by the main effects of a least-squares fit, seed by seed."
)
_METHOD = (
    "Intervals are expanded percentile bootstrap intervals of 95 % over seeds "
    "(Hesterberg 2015); they tell how sure a difference is on these texts.",
    "p-values allow for training texts that seeds share (Nadeau and Bengio 2003) and "
    "are corrected for the number of comparisons within a factor (Holm 1979).",
    "Equivalent: the interval lies within ± the margin. Better or worse: the interval "
    "excludes zero, the corrected p-value is below 0.05 and the difference is at least "
    f"the margin. Everything else is undecided, and so are fewer than {LEAST_SEEDS} "
    "seeds.",
    "An interval that leaves out zero may still be undecided, because it is corrected "
    "neither for training texts that seeds share nor for several comparisons, and the "
    "p-value is; the analysis of variance may differ from both, because it weighs a "
    "factor against the chance left in all cells, not against the spread of that "
    "factor's own paired differences, and makes neither correction.",
    "Scores are those of held-out texts, which had no part in training, early stopping "
    "or tuning. Test texts are looked at once, by the winner alone.",
)


@dataclass(frozen=True)
class Table:
    """Rows for people; numbers stand to the right.

    Attributes:
        head: Names of the columns.
        rows: Cells as text.
        numeric: Which columns are numbers.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int]


@dataclass(frozen=True, eq=False)
class Content:
    """A report before it has a form.

    Attributes:
        title: The study's name.
        question: What was asked, if it was written down.
        conclusions: Sentences, the most important first.
        asked: What was varied and how, name and value.
        effects: Every level against its reference, if levels can be compared.
        anova: Shares of variance, if they can be told.
        cells: Every cell.
        failed: Trials that failed, if any.
        nuisance: What was tuned in each cell, if anything.
        method: How the numbers are made.
        environment: Versions and machine, name and value.
        command: What reproduces the study.
    """

    title: str
    question: str | None
    conclusions: tuple[str, ...]
    asked: tuple[tuple[str, str], ...]
    effects: Table | None
    anova: Table | None
    cells: Table
    failed: Table | None
    nuisance: Table | None
    method: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]
    command: str


def content_of(results: Results) -> Content:
    """Works out what a report says."""
    return Content(
        title=results.name,
        question=results.spec.get("question"),
        conclusions=tuple(conclusions(results)),
        asked=tuple(_asked(results)),
        effects=_effects(results, found) if (found := effects(results)) else None,
        anova=_anova(results),
        cells=_cells(results, cell_table(results)),
        failed=_failed(results.frame),
        nuisance=_nuisance(results),
        method=_method(results),
        environment=tuple(_flat(results.environment)),
        command=results.command,
    )


def _method(results: Results) -> tuple[str, ...]:
    kind = results.spec.get("sampler", {}).get("kind")
    part = kind in ("fractional", "quasi_random")
    return (_SEEDS, _FITTED if part else _PAIRED, *_METHOD)


def _asked(results: Results) -> list[tuple[str, str]]:
    spec, data = results.spec, results.data
    lines = [(f.name, _levels(f)) for f in results.factors]
    if data:
        lines.append(
            (
                "data",
                f"{data['name']}: {data['texts']:,} texts, {len(data['labels'])} labels"
                + (
                    f", {data['test_texts']:,} test texts apart"
                    if data["test_texts"]
                    else ""
                ),
            )
        )
    if split := spec.get("split"):
        lines.append(("split", _SPLITS[split["kind"]].format(**split)))
    frame = results.frame
    seeds = frame.groupby("cell")["seed"].nunique()
    if len(seeds):
        lines.append(("cells", f"{len(seeds):,}"))
        lines.append(("seeds a cell", _between(int(seeds.min()), int(seeds.max()))))
    if nuisance := spec.get("nuisance"):
        tuned = ", ".join(nuisance["settings"])
        lines.append(("tuned in each cell", f"{tuned}, by {nuisance['select']}"))
    lines.append(("compared by", metric_name(results)))
    lines.append(("counts as no difference", f"±{results.rope:g}{unit(results)}"))
    if constraints := spec.get("constraints"):
        lines.append(("constraints", "; ".join(constraints)))
    fixed = [f"{key}: {value}" for key, value in _flat(spec.get("fixed", {}))]
    if fixed:
        lines.append(("fixed", ", ".join(fixed)))
    return lines


def _levels(factor: Factor) -> str:
    if not factor.drawn:
        return ", ".join(factor.levels)
    ends = f"{factor.levels[0]} to {factor.levels[-1]}" if factor.levels else "a range"
    return f"{ends}, drawn ({factor.drawn})"


_SPLITS = {
    "repeated_cv": "{folds}-fold cross-validation, divided anew after each round",
    "holdout": "a random share of {fraction} held out, anew for each seed",
    "given": "the dev file is held out",
}


def _effects(results: Results, found: Sequence[Effect]) -> Table:
    rows = tuple(
        (
            f"{e.factor} {e.level}",
            e.reference,
            e.verdict,
            signed(e.difference, results),
            interval_of(e, results),
            f"{e.seeds}",
            _number(e.hedges_g, 2),
            f"{_number(e.probability, 2)}",
            shown_p(e.p_holm),
            f"{e.more_seeds:,}" if e.more_seeds else "",
        )
        for e in found
    )
    head = (
        "level",
        "against",
        "verdict",
        unit(results).strip() or "difference",
        "95 % interval",
        "seeds",
        "Hedges' g",
        "P(better)",
        "p (Holm)",
        "more seeds",
    )
    return Table(head, rows, frozenset(range(3, len(head))))


def _anova(results: Results) -> Table | None:
    analysis = anova(results)
    if analysis is None:
        return None
    shares = importance(results)
    rows = tuple(
        (
            row.term,
            f"{row.degrees}",
            _number(row.f, 1),
            shown_p(row.p_value),
            _number(row.omega_squared, 3),
            f"{shares[name]:.0%}"
            if (name := _NAMES.get(row.term, row.term)) in shares
            else "",
        )
        for row in analysis.rows
    )
    head = ("term", "degrees", "F", "p", "ω²", "share, seeds apart")
    return Table(head, rows, frozenset(range(1, 6)))


_NAMES = {RESIDUAL: CHANCE}


def _cells(results: Results, cells: pd.DataFrame) -> Table:
    names = [factor.name for factor in results.factors]
    head = (
        *names,
        "seeds",
        f"{metric_name(results)} mean",
        "95 % interval",
        "lowest to highest",
        "gap",
        "ECE",
        "log-loss",
        "MB",
        "ms p50",
        "ms p95",
        "CPU s",
        "front",
    )
    rows = tuple(
        (
            *(str(row[name]) for name in names),
            f"{row['seeds']}" + (f" ({row['failed']} failed)" if row["failed"] else ""),
            shown(row["mean"], results),
            span(row["low"], row["high"], results),
            f"{shown(row['lowest'], results)} to {shown(row['highest'], results)}",
            _number(row["gap"], 1),
            _number(row["ece"], 3),
            _number(row["log_loss"], 3),
            _number(row["megabytes"], 2),
            _number(row["latency_p50_ms"], 2),
            _number(row["latency_p95_ms"], 2),
            _number(row["cpu_seconds"], 1),
            "yes" if row["on_front"] else "",
        )
        for _, row in cells.iterrows()
    )
    numeric = range(len(names), len(head) - 1)
    return Table(head, rows, frozenset(numeric))


def _failed(frame: pd.DataFrame) -> Table | None:
    failed = frame[frame["status"] != "done"]
    if failed.empty:
        return None
    rows = tuple(
        (
            row["cell"],
            f"{row['seed']}",
            row["status"],
            str(row["error"]),
            str(row["log"]),
        )
        for _, row in failed.iterrows()
    )
    return Table(("cell", "seed", "status", "error", "log"), rows, frozenset({1}))


def _nuisance(results: Results) -> Table | None:
    if not results.nuisance:
        return None
    keys = [key for key in next(iter(results.nuisance.values())) if key != "at_edge"]
    rows = tuple(
        (
            cell,
            *(str(told[key]) for key in keys),
            ", ".join(told["at_edge"]),
        )
        for cell, told in results.nuisance.items()
    )
    numeric = frozenset(range(1, 1 + len(keys)))
    return Table(("cell", *keys, "at the edge"), rows, numeric)


def _flat(value: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    for key, part in value.items():
        if isinstance(part, Mapping):
            lines += _flat(part, f"{prefix}{key}.")
        else:
            plain = part is None or isinstance(part, str | int | float | bool)
            lines.append((f"{prefix}{key}", scalar_text(part) if plain else str(part)))
    return lines


def _number(value: float, places: int) -> str:
    return f"{value:.{places}f}" if value is not None and math.isfinite(value) else "–"


def _between(low: int, high: int) -> str:
    return f"{low}" if low == high else f"{low} to {high}"
