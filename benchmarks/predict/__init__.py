"""d: predicting a file of reviews."""

from collections.abc import Callable

from benchmarks.accuracy import AVERAGE, NGRAM
from benchmarks.goals import faster
from benchmarks.predict.files import (
    fasttext_file,
    keras_file,
    sklearn_file,
    vocabulary_file,
)
from benchmarks.prepare.sizes import reviews
from benchmarks.records import (
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

_SKLEARN, _KERAS = "scikit-learn pipeline", "stock Keras `predict`"
_FASTTEXT = "fastText"

_START = (
    "Whole commands are compared, and ours has a start too (see 1 review): importing "
    "NumPy, polars, pyarrow and scipy, and replaying the bundle's golden texts. The "
    "rest is looking n-grams up, reading the file, encoding and writing (profile "
    "below). Without the start the ratio is another: see the texts/s below."
)


def _many(quick: bool) -> Case:
    return Case(
        f"{reviews(quick):,} reviews", {"texts": reviews(quick), "file": "reviews"}
    )


_ONE = Case("1 review", {"texts": 1, "file": "review"})


def _ours(name: str) -> Contestant:
    def command(place: Place, case: Case) -> list[str]:
        run = place.run(name)
        if not run.exists():
            raise FileNotFoundError(2, "no such run", run)
        source = place.work / f"{case.values['file']}.csv"
        target = place.scratch / "out.jsonl"
        options = ("--run", run, "--input", source, "--output", target)
        return python("textclf", "predict", *options)

    settings = "The bundle of c; `textclf predict --input CSV --output JSONL`."
    return Contestant(name, settings, command, _nothing, ours=True)


def _nothing(output: str) -> Figures:
    return {}


def _sklearn(place: Place, case: Case) -> list[str]:
    source = place.work / f"{case.values['file']}.csv"
    module = "benchmarks.predict.sklearn_pipeline"
    return python(module, sklearn_file(place), source, place.scratch / "out.csv")


def _keras(place: Place, case: Case) -> list[str]:
    source = place.work / f"{case.values['file']}.csv"
    files = (keras_file(place), vocabulary_file(place), source)
    return python("benchmarks.predict.keras_predict", *files, place.scratch / "out.csv")


def _fasttext(place: Place, case: Case) -> list[str]:
    source = place.work / f"fasttext-{case.values['file']}.txt"
    files = (fasttext_file(place), source, place.scratch / "out.csv")
    module = "benchmarks.predict.fasttext_predict"
    return python(module, *files, program=place.fasttext_python)


def _steady(name: str, many: Case) -> Callable[[Seen], float | None]:
    """Returns what computes texts/s without the start: of the difference of walls."""

    def value(seen: Seen) -> float | None:
        walls = [seen.median(case.name, name, "wall_s") for case in (many, _ONE)]
        if walls[0] is None or walls[1] is None or walls[0] <= walls[1]:
            return None
        rate: float = (many.values["texts"] - 1) / (walls[0] - walls[1])
        return rate

    return value


def _goals(quick: bool) -> tuple[Goal, ...]:
    many, goals = _many(quick), list[Goal]()
    for name in (NGRAM, AVERAGE):
        for other, least in ((_SKLEARN, 3.0), (_KERAS, 10.0), (_FASTTEXT, None)):
            wanted = f"≥ {least:g} × as fast as" if least else "as fast, times, as"
            text = f"whole command, {name}: {wanted} {other}"
            pair = (name, other)
            why = _START if least else ""
            goals.append(faster(text, many.name, pair, "wall_s", least=least, why=why))
    for name in (NGRAM, AVERAGE, _SKLEARN, _KERAS, _FASTTEXT):
        text = f"without the start, {name}"
        goals.append(Goal(text, _steady(name, many), unit="texts/s"))
    return tuple(goals)


BENCHMARK = Benchmark(
    letter="d",
    name="predict",
    title="Predicting a file",
    text="The test half of IMDB from a CSV file to a file of labels and probabilities, "
    "the whole process; texts/s is the number of texts over its wall time. The same "
    "with one review shows the start; the difference of both medians gives the rate "
    "without it. Training was done before.",
    contestants=(
        _ours(NGRAM),
        _ours(AVERAGE),
        Contestant(
            _SKLEARN,
            "The TF-IDF pipeline of c: `joblib.load`, `pandas.read_csv`, "
            "`predict_proba`, `to_csv`.",
            _sklearn,
        ),
        Contestant(
            _KERAS,
            "The model of c: `load_model`, `read_csv`, `TextVectorization` over "
            "tf.data, `predict` in batches of 1,024, `to_csv`.",
            _keras,
        ),
        Contestant(
            _FASTTEXT,
            "The model of c, on lines that were tokenised before: `load_model`, "
            "`predict` of all lines at once, written as CSV.",
            _fasttext,
        ),
    ),
    cases=lambda quick: (_many(quick), _ONE),
    columns=(
        Column("wall_s", "wall s", digits=2, spread=True),
        Column("texts_per_s", "texts/s", digits=0),
        Column("cpu_s", "CPU s"),
        Column("peak_mb", "peak GB", scale=1e-3, digits=2),
    ),
    goals=_goals,
    ratio=("wall_s", False),
    prepare=(
        "imdb",
        "reviews",
        "fasttext",
        "sklearn_model",
        "keras_model",
        "fasttext_model",
        "textclf_models",
    ),
    packages=(
        "textclf",
        "polars",
        "keras",
        "tensorflow",
        "scikit-learn",
        "pandas",
        "fasttext-wheel",
    ),
)
