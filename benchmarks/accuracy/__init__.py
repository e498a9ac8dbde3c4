"""c: from a command to an accuracy on IMDB."""

import json
from collections.abc import Callable
from functools import partial

from benchmarks.goals import faster, figure
from benchmarks.prepare.sizes import reviews
from benchmarks.records import (
    ROOT,
    Benchmark,
    Case,
    Column,
    Contestant,
    Figures,
    Goal,
    Place,
    Seen,
    python,
)

NGRAM, AVERAGE = "textclf, ngram", "textclf, average"
_NBSVM, _TFIDF = "scikit-learn NBSVM", "scikit-learn TF-IDF"
_FASTTEXT, _KERAS = "fastText", "stock Keras average"
CONFIGS = {
    NGRAM: ROOT / "configs" / "imdb_ngram.yaml",
    AVERAGE: ROOT / "benchmarks" / "imdb_average.yaml",
}


def train(place: Place, name: str) -> list[str]:
    """Returns the command that trains one of ours into a new run.

    Raises:
        FileNotFoundError: Its configuration does not exist.
    """
    config = CONFIGS[name]
    if not config.is_file():
        raise FileNotFoundError(2, "no such configuration", config.name)
    run = place.fresh_run(name)
    return python("textclf", "train", "--config", config, "--run-dir", run, "--json")


def _ours(name: str, settings: str) -> Contestant:
    def read(output: str) -> Figures:
        summary = json.loads(output)
        return {"accuracy": summary["test"]["accuracy"]}

    return Contestant(name, settings, lambda p, _: train(p, name), read, ours=True)


_peer = partial(Contestant.of_module, arguments=lambda place, _: (place.imdb,))


def _fasttext(place: Place, case: Case) -> list[str]:
    files = [place.work / f"fasttext-{part}.txt" for part in ("train", "test")]
    module = "benchmarks.accuracy.fasttext_bigram"
    return python(module, *files, program=place.fasttext_python)


def _case(quick: bool) -> Case:
    return Case(f"{reviews(quick):,} + {reviews(quick):,} reviews")


def _goals(quick: bool) -> tuple[Goal, ...]:
    case = _case(quick).name
    return (
        Goal(
            "`ngram` reaches ≥ 92.2 %",
            _percent(case, NGRAM),
            least=92.2,
            unit="%",
        ),
        faster(
            f"`ngram` takes ≤ 0.5 × the time of {_NBSVM}: ≥ 2 × as fast",
            case,
            (NGRAM, _NBSVM),
            "wall_s",
            least=2.0,
        ),
        Goal(
            "`ngram` takes ≤ 15 s (moonshot)",
            figure(case, NGRAM, "wall_s"),
            most=15.0,
            unit="s",
            why=_FLOOR,
        ),
        Goal("`average` reaches ≥ 88 %", _percent(case, AVERAGE), least=88.0, unit="%"),
        faster(
            f"`average` takes ≤ 0.5 × the time of {_KERAS}: ≥ 2 × as fast",
            case,
            (AVERAGE, _KERAS),
            "wall_s",
            least=2.0,
        ),
    )


_FLOOR = (
    "The command also imports TensorFlow, trains the linear baseline that every report "
    "stands beside, and writes a verified bundle and two reports with intervals and "
    "pictures; the profile is below."
)


def _percent(case: str, name: str) -> Callable[[Seen], float | None]:
    read = figure(case, name, "accuracy")
    return lambda seen: None if (share := read(seen)) is None else 100 * share


BENCHMARK = Benchmark(
    letter="c",
    name="accuracy",
    title="Time to accuracy",
    text="IMDB, the official halves. Timed is the whole process: imports, reading the "
    "Parquet files, learning vocabulary and weights, predicting the test half, telling "
    "the accuracy. Ours is `textclf train`, which besides trains its linear baseline, "
    "writes a bundle, checks it, and writes two reports with intervals and pictures. "
    "Settings were chosen on a part of the training half.",
    contestants=(
        _ours(NGRAM, "`configs/imdb_ngram.yaml`."),
        _ours(
            AVERAGE,
            "`benchmarks/imdb_average.yaml`: words, 30,000 rows of 32, 400 words of "
            "a text (both ends), lazy Adam, batch 128, at most 3 epochs.",
        ),
        _peer(
            _NBSVM,
            "accuracy.sklearn_nbsvm",
            "`CountVectorizer` of 1 to 3 words and punctuation marks, binary, float32; "
            "times log-count ratio; `LinearSVC(C=0.01)`.",
        ),
        _peer(
            _TFIDF,
            "accuracy.sklearn_tfidf",
            "`TfidfVectorizer` of 1 and 2 words, `min_df=2`, sublinear; "
            "`LogisticRegression(C=20, solver='liblinear')`.",
        ),
        Contestant(
            _FASTTEXT,
            "Words, pairs, 5 epochs, rate 0.5, dim 50, 2,000,000 buckets, 2 threads; "
            "on a file that was tokenised and shuffled before (not in its time), with "
            "NumPy 1 in an environment of its own.",
            _fasttext,
        ),
        _peer(
            _KERAS,
            "accuracy.keras_average",
            "`TextVectorization` of 30,000 words, padded to 400, `Embedding` of 100 "
            "with mask, mean, dropout 0.5, Adam 0.003, batch 64; stops when a tenth "
            "held out gets no better; ids computed once, before `fit`.",
        ),
    ),
    cases=lambda quick: (_case(quick),),
    columns=(
        Column("accuracy", "accuracy, %", scale=100.0, digits=2),
        Column("wall_s", "wall s", spread=True),
        Column("cpu_s", "CPU s"),
        Column("peak_mb", "peak GB", scale=1e-3, digits=2),
    ),
    goals=_goals,
    ratio=("wall_s", False),
    prepare=("imdb", "fasttext"),
    packages=(
        "textclf",
        "polars",
        "keras",
        "tensorflow",
        "scikit-learn",
        "scipy",
        "pandas",
        "fasttext-wheel",
    ),
)
