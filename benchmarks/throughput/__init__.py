"""f: examples a second while training."""

from functools import partial

from benchmarks.goals import faster
from benchmarks.records import Benchmark, Case, Column, Contestant, Goal, Place

_OURS, _PLAIN, _XLA = "textclf", "stock Keras `fit`", "stock Keras `fit`, XLA"
_IMDB, _SST2 = "IMDB", "SST-2"
_TEXTS = {
    f"{_IMDB}, average": (6400, 1280),
    f"{_IMDB}, cnn": (3200, 320),
    f"{_SST2}, average": (6912, 1280),
    f"{_SST2}, cnn": (6912, 640),
}
"""How many texts an epoch has, in a full run and in a quick one."""


def _arguments(place: Place, case: Case) -> tuple[object, ...]:
    values = case.values
    return (place.data, values["set"], values["kind"], values["texts"])


_entry = partial(Contestant.of_module, arguments=_arguments)


def _cases(quick: bool) -> tuple[Case, ...]:
    cases = []
    for name, sizes in _TEXTS.items():
        data, kind = name.split(", ")
        values = {
            "set": data.lower().replace("-", ""),
            "kind": kind,
            "texts": sizes[quick],
        }
        cases.append(Case(name, values))
    return tuple(cases)


_CONVOLUTIONS = (
    "`cnn` spends its time inside TensorFlow's compiled step (profile below), in the "
    "same oneDNN convolutions as the peer; the gain comes from length buckets alone, "
    "so it ends at the share of padding among the 400 places that the peer computes."
)


def _goals(quick: bool) -> tuple[Goal, ...]:
    goals = []
    for case in _cases(quick):
        least = 2.0 if case.name.startswith(_IMDB) else 1.5
        for other in (_PLAIN, _XLA):
            text = f"{case.name}: ≥ {least:g} × as fast as {other}"
            pair = (_OURS, other)
            rate = "texts_per_s"
            goals.append(
                faster(
                    text,
                    case.name,
                    pair,
                    rate,
                    least=least,
                    more_is_better=True,
                    why=_CONVOLUTIONS,
                )
            )
    return tuple(goals)


BENCHMARK = Benchmark(
    letter="f",
    name="throughput",
    profiled=1,
    title="Training throughput",
    text="Texts a second over the second epoch of a fixed sample of the training "
    "texts (IMDB 6,400 for `average` and 3,200 for `cnn`, SST-2 6,912; fewer in a "
    "quick run); what the first epoch took longer is told as the start (tracing, "
    "XLA). Both train on the same ids: 30,000 words, at most 400 of a review, SST-2 "
    "whole (the longest sentence gives the width). The same network: an embedding of "
    "100; masked mean, or convolutions of 3, 4, 5 words with 100 filters each and "
    "their maxima; dropout 0.5; one output; batches of 64. What differs: textclf pads "
    "each batch to the longest of texts of like length and its lazy Adam updates the "
    "touched rows only; stock pads all texts to one width and its Adam updates every "
    "row. In ours the maximum of `cnn` ignores padding, in stock it does not.",
    contestants=(
        _entry(
            _OURS,
            "throughput.textclf_fit",
            "`training.fit.fit`, lazy Adam; the dev prediction after the epoch is not "
            "in the time.",
            ours=True,
        ),
        _entry(
            _PLAIN,
            "throughput.keras_fit",
            "`fit` on a NumPy array with shuffling, Adam, `jit_compile=False`, no "
            "metrics, no validation.",
            "plain",
        ),
        _entry(
            _XLA, "throughput.keras_fit", "The same with `jit_compile=True`.", "xla"
        ),
    ),
    cases=_cases,
    columns=(
        Column("texts_per_s", "texts/s", digits=0, spread=True),
        Column("start_s", "start s"),
        Column("peak_mb", "peak GB", scale=1e-3, digits=2),
    ),
    goals=_goals,
    ratio=("texts_per_s", True),
    prepare=(),
    packages=("textclf", "keras", "tensorflow"),
)
