"""a: from texts to ids."""

from functools import partial
from pathlib import Path

from benchmarks.goals import faster, figure
from benchmarks.prepare.sizes import text_sizes
from benchmarks.records import Benchmark, Case, Column, Contestant, Goal, Place

_OURS, _KERAS = "textclf", "Keras TextVectorization"
_HF, _SKLEARN = "HF tokenizers", "scikit-learn CountVectorizer"
_WANTED = {_KERAS: 2.5, _HF: 7.0, _SKLEARN: 3.0}

_SMALL = (
    "Learning the first occurrence of each word does not grow with the text: it weighs "
    "at small sizes (compare 300 MB). What remains is spread thinly over finding cuts, "
    "making keys of words, comparing and copying them (profile below, which has the "
    "imports and the reading of the file in it too), each a pass over memory."
)
_MEMORY = (
    "The list of texts (1.1 × the text), 4 bytes an id and the code of the native "
    "libraries that is paged in are there in any case; the buffers of two threads and "
    "the table of words do not grow with the text, so the share falls with its size."
)


def _arguments(place: Place, case: Case) -> tuple[Path]:
    return (place.work / f"texts-{case.values['size']}.txt",)


_entry = partial(Contestant.of_module, arguments=_arguments)


def _cases(quick: bool) -> tuple[Case, ...]:
    return tuple(Case(f"{size} MB", {"size": size}) for size in text_sizes(quick))


def _goals(quick: bool) -> tuple[Goal, ...]:
    goals = []
    for case in _cases(quick):
        for name, least in _WANTED.items():
            text = f"{case.name}: ≥ {least:g} × as fast as {name}"
            pair = (_OURS, name)
            goals.append(
                faster(text, case.name, pair, "seconds", least=least, why=_SMALL)
            )
        memory = figure(case.name, _OURS, "memory_per_text")
        text = f"{case.name}: memory ≤ 2.5 × the text"
        goals.append(Goal(text, memory, most=2.5, why=_MEMORY))
    return tuple(goals)


BENCHMARK = Benchmark(
    letter="a",
    name="tokenise",
    title="Tokenise, count and encode",
    text="IMDB reviews, repeated where more are needed, as a Python list of strings. "
    "Timed is the way from that list to the ids of all texts, the vocabulary of 30,000 "
    "learnt on the way; imports and loading are not. Words are counted once, as "
    r"`\w+`. Memory is the peak of the process less what it held after the imports, "
    "so the list of texts itself (about 1.1 × the text) is in it.",
    contestants=(
        _entry(
            _OURS,
            "tokenise.textclf_encoder",
            "`TextEncoder.fit_encode`: words and punctuation marks, lower case, NFKC; "
            "one flat int32 array of ids.",
            ours=True,
        ),
        _entry(
            _KERAS,
            "tokenise.keras_text_vectorization",
            "`adapt`, then `map` of the layer; tf.data batches of 2,048 from a "
            "generator (faster here than one tensor, and than padded output), ragged "
            "output, parallel map, prefetch; lower case, punctuation stripped.",
        ),
        _entry(
            _HF,
            "tokenise.tokenizers_word_level",
            "`WordLevel`, `Lowercase`, pre-tokeniser `Whitespace` (twice as fast here "
            "as `BertPreTokenizer`), `train_from_iterator`, `encode_batch_fast` in "
            "batches of 4,096, native threads on; ids copied into NumPy.",
        ),
        _entry(
            _SKLEARN,
            "tokenise.sklearn_count_vectorizer",
            "`fit_transform`, lower case, default pattern (words of two letters and "
            "more), `max_features=30000`; gives counts, no order of words.",
        ),
    ),
    cases=_cases,
    columns=(
        Column("seconds", "s", digits=2, spread=True),
        Column("mb_per_s", "MB/s"),
        Column("words_per_s", "million words/s", scale=1e-6, digits=2),
        Column("memory_per_text", "memory / text", digits=2),
    ),
    goals=_goals,
    ratio=("seconds", False),
    prepare=("texts",),
    packages=("textclf", "polars", "keras", "tensorflow", "tokenizers", "scikit-learn"),
    quick_rounds=3,
)
