"""e: an embedding's first rows from a file of word vectors."""

from functools import partial
from pathlib import Path

from benchmarks.goals import faster, figure
from benchmarks.prepare.sizes import SEEDED_ROWS, VECTOR_DIM, binary_rows, text_rows
from benchmarks.records import Benchmark, Case, Column, Contestant, Goal, Place

_OURS, _GENSIM = "textclf", "gensim"
_CASES = (
    Case("GloVe text", {"file": "glove.txt"}),
    Case("word2vec binary", {"file": "word2vec.bin"}),
)
_KEPT_MB = SEEDED_ROWS * VECTOR_DIM * 4 / 1e6
_ROOM_MB = 200
_PASSES = (
    "Words have any length, so their ends must be found one after the other before "
    "their rows can be read as a block: that search is most of what remains."
)


def _arguments(place: Place, case: Case) -> tuple[Path, Path]:
    return (place.work / case.values["file"], place.work / "vocabulary.txt")


_entry = partial(Contestant.of_module, arguments=_arguments)


def _goals(quick: bool) -> tuple[Goal, ...]:
    goals = []
    for case in _CASES:
        text = f"{case.name}: ≥ 3 × as fast as gensim"
        pair = (_OURS, _GENSIM)
        goals.append(faster(text, case.name, pair, "seconds", least=3.0, why=_PASSES))
        text = f"{case.name}: memory ≤ the kept rows ({_KEPT_MB:g} MB) + {_ROOM_MB} MB"
        memory = figure(case.name, _OURS, "memory_mb")
        goals.append(Goal(text, memory, most=_KEPT_MB + _ROOM_MB, unit="MB"))
    return tuple(goals)


BENCHMARK = Benchmark(
    letter="e",
    name="vectors",
    profiled=1,
    title="Seeding from word vectors",
    text=f"A float32 matrix of {SEEDED_ROWS:,} words from word2vec binary of "
    f"{binary_rows(False):,} × {VECTOR_DIM} ({binary_rows(True):,} in a quick run): 87 "
    "% of the words of IMDB, mixed with made-up ones roughly by falling frequency; "
    f"and from GloVe text of its first {text_rows(False):,} rows "
    f"({text_rows(True):,}), numbers with five decimals. Timed from the "
    "path to the matrix, imports done; the file is in the system's cache. Memory is "
    "the peak of the process less what it held after the imports.",
    contestants=(
        _entry(
            _OURS,
            "vectors.textclf_seed_rows",
            "`vectors.seed_rows`: looks for other cases of a word too, draws what is "
            "not found, checks every row.",
            ours=True,
        ),
        _entry(
            _GENSIM,
            "vectors.gensim_keyed_vectors",
            "`KeyedVectors.load_word2vec_format` (`no_header=True` for GloVe), "
            "float32, then one row a word; zeros for what is not found.",
        ),
    ),
    cases=lambda quick: _CASES,
    columns=(
        Column("seconds", "s", digits=2, spread=True),
        Column("memory_mb", "memory MB", digits=0),
        Column("found", "words found", digits=0),
    ),
    goals=_goals,
    ratio=("seconds", False),
    prepare=("vectors",),
    packages=("textclf", "numpy", "gensim"),
    quick_rounds=3,
)
