"""b: one training step."""

from functools import partial

from benchmarks.goals import faster
from benchmarks.records import (
    Benchmark,
    Case,
    Column,
    Contestant,
    Goal,
    Place,
    Seen,
)

_OURS, _ADAM, _ADAGRAD = "textclf", "stock Keras, Adam", "stock Keras, Adagrad"
_SIZES = {"20 k rows": 20_000, "200 k rows": 200_000, "2 M rows": 2_000_000}
_SMALL, _LARGE = "20 k rows", "2 M rows"


def _arguments(place: Place, case: Case) -> tuple[int, int]:
    return (case.values["rows"], 10 if place.quick else 30)


_entry = partial(Contestant.of_module, arguments=_arguments)


def _cases(quick: bool) -> tuple[Case, ...]:
    chosen = (_SMALL, _LARGE) if quick else tuple(_SIZES)
    return tuple(Case(name, {"rows": _SIZES[name]}) for name in chosen)


_MISSES = (
    "The work of a step is the same for 20 k and 2 M rows; what grows is waiting for "
    "memory, as the rows of a batch no longer lie in the cache (compare the columns of "
    "ids drawn as words and evenly). Stock Adam's dense pass is bound by memory alone, "
    "so the ratio moves with how busy the memory of the machine is."
)


def _growth(seen: Seen) -> float | None:
    small, large = (seen.median(c, _OURS, "zipf_ms") for c in (_SMALL, _LARGE))
    return None if small is None or large is None else large / small


def _goals(quick: bool) -> tuple[Goal, ...]:
    def against_adam(case: str, least: float) -> Goal:
        text = f"{case}: ≥ {least:g} × as fast as {_ADAM}"
        return faster(text, case, (_OURS, _ADAM), "zipf_ms", least=least, why=_MISSES)

    return (
        Goal(
            "our step at 2 M rows ≤ 1.5 × ours at 20 k", _growth, most=1.5, why=_MISSES
        ),
        against_adam(_LARGE, 60.0),
        against_adam(_SMALL, 1.5),
    )


BENCHMARK = Benchmark(
    letter="b",
    name="step",
    profiled=-1,
    title="One training step",
    text="Embedding (100 numbers a row), mean over 200 ids, one output; a batch of 64 "
    "texts; ids differ from step to step. Median milliseconds of 30 steps after 5 to "
    "warm up (10 after 2 where a step takes over 0.2 s, 10 in a quick run). Ids are "
    "drawn as words of a text are (Zipf: the n-th row with probability ~ 1/n), which "
    "the goals are about, or evenly, the worst case: almost every id of a batch "
    "another row. Adagrad and our lazy Adam write the touched rows only; stock Adam "
    "is dense by its definition.",
    contestants=(
        _entry(
            _OURS,
            "step.textclf_step",
            "model kind `average` without dropout, `lazy_adam`, the compiled step of "
            "training; the loss comes back after each step.",
            ours=True,
        ),
        _entry(
            _ADAM,
            "step.keras_step",
            "`Embedding`, `GlobalAveragePooling1D`, `Dense`; the fastest of "
            "`train_on_batch` with and without XLA and a `tf.function` step, found by "
            "trial in each process; the loss comes back after each step.",
            "Adam",
        ),
        _entry(_ADAGRAD, "step.keras_step", "The same with `Adagrad`.", "Adagrad"),
    ),
    cases=_cases,
    columns=(
        Column("zipf_ms", "ms, ids as in text", digits=2, spread=True),
        Column("uniform_ms", "ms, even ids", digits=2, spread=True),
        Column("way", "fastest way"),
        Column("peak_mb", "peak GB", scale=1e-3),
    ),
    goals=_goals,
    ratio=("zipf_ms", False),
    prepare=(),
    packages=("textclf", "keras", "tensorflow"),
)
