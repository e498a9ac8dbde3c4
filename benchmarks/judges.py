"""How each published finding is judged: the studies it rests on, and its rule."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from textclf.cli.console import Console
from textclf.config.schema import DataConfig, TextConfig
from textclf.data.named import Places, open_sources, with_columns
from textclf.study.analysis.bootstrap import interval
from textclf.study.analysis.effects import Effect, contrasts, effects
from textclf.study.folds import Folds
from textclf.study.pip_loss import PipLoss, pip_losses
from textclf.study.results import Results
from textclf.study.spec import SplitConfig
from textclf.study.study import Study

ROOT = Path(__file__).parent
STUDIES = ROOT / "studies"
RUNS = ROOT.parent / "runs" / "findings"
DIMENSIONS = (25, 50, 100, 200, 300)
_GOOGLE = "GoogleNews-300d.13605words.bin.gz"
_MOST_FALSE = 2
_REPEATS, _PAIRS = 20, 5


@dataclass(frozen=True)
class Outcome:
    """What was found, and whether the rule holds."""

    found: str
    passed: bool


@dataclass
class Bench:
    """Runs studies, each once."""

    shared: Path
    workers: int

    def __post_init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.places = Places((ROOT.parent,), self.shared / "data", {})
        self._done: dict[str, Results] = {}

    def study(self, name: str) -> Results:
        """Returns the results of `studies/NAME.yaml`; vectors are learnt before."""
        if name not in self._done:
            learn_vectors(self)
            began = time.monotonic()
            places = Places((STUDIES, ROOT.parent), self.shared / "data", {})
            study = Study(STUDIES / f"{name}.yaml", places=places)
            found = study.run(RUNS / name, workers=self.workers, progress=Console())
            self._done[name] = found.results
            self.seconds[name] = time.monotonic() - began
        return self._done[name]

    def texts(self, name: str) -> tuple[list[str], np.ndarray]:
        """Returns the training texts of a data set and their label ids."""
        data = with_columns(DataConfig(dataset=name))
        table = open_sources(data, self.places).train
        codes = np.unique(list(table.labels or []), return_inverse=True)[1]
        return list(table.texts), codes

    def folds(self, name: str, **split: object) -> Folds:
        """Returns the divided training rows of a data set."""
        data = with_columns(DataConfig(dataset=name))
        tables = open_sources(data, self.places)
        return Folds(data, tables, split=SplitConfig.model_validate(split), seed=7)


def effect_of(found: Sequence[Effect], level: str, reference: str) -> Effect:
    """Returns the effect of a level against another; signs turned where need be."""
    for effect in found:
        if (effect.level, effect.reference) == (level, reference):
            return effect
    raise LookupError(f"{level} against {reference}")


def told(effect: Effect) -> str:
    """Says an effect: its size, interval and verdict."""
    return (
        f"{effect.level} − {effect.reference} {effect.difference:+.2f} "
        f"[{effect.low:.2f}, {effect.high:.2f}], n {effect.seeds}, {effect.verdict}"
    )


def vectors_beat_chance(bench: Bench) -> Outcome:
    found = contrasts(bench.study("cnn_start_mr"), "start")
    frozen = effect_of(found, "frozen", "random")
    tuned = effect_of(found, "fine-tuned", "random")
    passed = min(frozen.difference, tuned.difference) >= 3
    return Outcome(f"MR: {told(frozen)}; {told(tuned)}", passed)


def fine_tuning_helps(bench: Bench) -> Outcome:
    pairs = {}
    for name in ("mr", "sst2", "trec", "subj"):
        found = contrasts(bench.study(f"cnn_tuned_{name}"), "train")
        pairs[name] = effect_of(found, "fine-tuned", "frozen")
    lines = [
        f"{name} {e.difference:+.2f} [{e.low:.2f}, {e.high:.2f}]"
        for name, e in pairs.items()
    ]
    return Outcome("; ".join(lines), sum(e.difference > 0 for e in pairs.values()) >= 3)


def output_dropout_matters_little(bench: Bench) -> Outcome:
    found = effects(bench.study("cnn_dropout_mr"))
    dropout = effect_of(found, "half", "none")
    norm = effect_of(found, "at most 3", "free")
    passed = abs(dropout.difference) < 1 and abs(norm.difference) < 0.5
    return Outcome(f"{told(dropout)}; {told(norm)}", passed)


def word_dropout_helps(bench: Bench) -> Outcome:
    (effect,) = effects(bench.study("word_dropout_mr"))
    passed = effect.low > 0 and effect.seeds >= 15
    return Outcome(told(effect), passed)


def dimension_is_flat(bench: Bench) -> Outcome:
    found = contrasts(bench.study("flat_dimension_mr"), "dim")
    near = effect_of(found, "50", "2")
    words = {e.verdict for e in found}
    passed = abs(near.difference) < 1 and words <= {"equivalent", "undecided"}
    return Outcome("; ".join(map(told, found)), passed)


def trec_needs_dimensions(bench: Bench) -> Outcome:
    results = bench.study("dimension_trec")
    found = contrasts(results, "dim")
    steep, flat = effect_of(found, "5", "1"), effect_of(found, "300", "10")
    clear = effect_of(effects(results), "1", "10").verdict == "worse"
    passed = steep.difference > 10 and abs(flat.difference) < 2 and clear
    return Outcome(f"{told(steep)}; {told(flat)}", passed)


def wide_vectors_help_to_a_point(bench: Bench) -> Outcome:
    found = contrasts(bench.study("vectors_imdb"), "dim")
    gain, rest = effect_of(found, "300", "50"), effect_of(found, "300", "200")
    passed = gain.difference >= 0.5 and rest.difference < 0.5
    poor = effect_of(found, "50", "25")
    return Outcome("; ".join(map(told, (gain, rest, poor))), passed)


def learn_vectors(bench: Bench) -> None:
    """Learns skip-gram vectors of the unlabelled reviews, two dimensions at a time.

    Beside them lies the slice of the vectors of Kim 2014.
    """
    began, waiting = time.monotonic(), list(DIMENSIONS)[::-1]
    RUNS.mkdir(parents=True, exist_ok=True)
    waiting = [dim for dim in waiting if not (RUNS / f"imdb-{dim}.bin").exists()]
    google = RUNS / "google-300.bin.gz"
    if not google.is_symlink():
        google.symlink_to(bench.shared / "vectors" / _GOOGLE)
    texts = bench.shared / "data" / "imdb" / "unsup.parquet"
    while waiting:
        running = []
        for dim in waiting[: bench.workers]:
            command = f"-m textclf vectors train {texts} --method skipgram --dim {dim}"
            target = RUNS / f"imdb-{dim}.bin"
            words = [*command.split(), "--output", str(target)]
            running.append(subprocess.Popen([sys.executable, *words]))
        waiting = waiting[bench.workers :]
        for process in running:
            if process.wait():
                raise SystemExit(f"vectors could not be learnt: {process.args}")
    bench.seconds.setdefault("vectors", time.monotonic() - began)


def naive_bayes_beats_svm_on_snippets(bench: Bench) -> Outcome:
    snippets = linear_difference(bench.folds("mr", folds=10), range(10))
    documents = linear_difference(bench.folds("imdb", folds=10), range(5))
    passed = snippets.mean() > 0 > documents.mean()
    return Outcome(
        f"MR {mean_told(snippets)}; IMDB {mean_told(documents)} (NB − SVM, pairs of "
        "words)",
        passed,
    )


def linear_difference(folds: Folds, seeds: range) -> np.ndarray:
    """Returns accuracy of multinomial Naive Bayes − linear SVM, points by fold."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.naive_bayes import MultinomialNB
    from sklearn.svm import LinearSVC

    differences = []
    for seed in seeds:
        splits = folds.of(seed).splits
        train, held = splits.train, splits.test
        if held is None:
            raise SystemExit("a fold holds texts out")
        counter = CountVectorizer(ngram_range=(1, 2), binary=True, min_df=2)
        counts = counter.fit_transform(list(train.texts))
        judged = counter.transform(list(held.texts))
        scores = [
            model.fit(counts, train.targets).score(judged, held.targets)
            for model in (MultinomialNB(), LinearSVC(C=0.1))
        ]
        differences.append(100 * (scores[0] - scores[1]))
    return np.array(differences)


def mean_told(values: np.ndarray) -> str:
    span = interval(values, rng=np.random.default_rng(1))
    return f"{values.mean():+.2f} [{span.low:.2f}, {span.high:.2f}], n {len(values)}"


def word_pairs_help(bench: Bench) -> Outcome:
    lines, passed = [], True
    for name in ("imdb", "mr"):
        pairs = effect_of(effects(bench.study(f"ngrams_{name}")), "2", "1")
        lines.append(f"{name} {told(pairs)}")
        passed = passed and pairs.difference > 0
    return Outcome("; ".join(lines), passed)


def seeds_alone_move_scores(bench: Bench) -> Outcome:
    frame = bench.study("seeds_sst1").frame
    spread = frame.groupby("cell")["accuracy"].std() * 100
    ranges = frame.groupby("cell")["accuracy"].agg(lambda a: 100 * (a.max() - a.min()))
    listed = ", ".join(f"{value:.2f}" for value in spread)
    return Outcome(
        f"SST-1: standard deviation over 5 seeds {listed} points, range up to "
        f"{ranges.max():.1f}",
        bool(spread.max() > 0.3),
    )


def same_is_not_called_different(bench: Bench) -> Outcome:
    results = bench.study("same_mr")
    called = [_called(results, number) for number in range(_REPEATS)]
    false = sum(word in ("better", "worse") for word in called)
    return Outcome(
        f"{false} of {_REPEATS} comparisons of a cell with itself were called better "
        f"or worse ({called.count('undecided')} undecided, "
        f"{called.count('equivalent')} equivalent)",
        false <= _MOST_FALSE,
    )


def _called(results: Results, number: int) -> str:
    """Compares a cell with itself: ten seeds, five on either side."""
    from dataclasses import replace

    from textclf.study.design import Factor

    first = 2 * _PAIRS * number
    frame = results.frame[
        (results.frame["seed"] >= first) & (results.frame["seed"] < first + 2 * _PAIRS)
    ].copy()
    side = (frame["seed"] - first) % 2
    frame["side"] = np.where(side == 0, "a", "b")
    frame["seed"] = (frame["seed"] - first) // 2
    frame["cell"] = "side=" + frame["side"]
    factor = Factor("side", ("a", "b"), None, "a")
    (effect,) = effects(replace(results, factors=(factor,), frame=frame))
    return effect.verdict


def pip_is_a_band(bench: Bench) -> Outcome:
    began = time.monotonic()
    small = _losses(bench.texts("mr")[0])
    merged = [t for n in ("mr", "sst2", "trec", "subj") for t in bench.texts(n)[0]]
    large = _losses(merged + bench.texts("ag_news")[0])
    bench.seconds["pip"] = time.monotonic() - began
    cost = [small["log_count", alpha].cost_of_all for alpha in (0.25, 1.0)]
    best = [losses["ppmi", 0.5].best for losses in (small, large)]
    counts = [losses["log_count", 0.5].best for losses in (small, large)]
    passed = cost[0] < 0.8 and cost[1] > 0.95 and best[1] > best[0]
    return Outcome(
        f"MR, log-count: least loss / loss of all dimensions {cost[0]:.2f} at α 0.25, "
        f"{cost[1]:.2f} at α 1; PPMI at α 0.5: k* {best[0]} on MR, {best[1]} on five "
        f"corpora (log-count {counts[0]} and {counts[1]})",
        passed,
    )


def _losses(texts: Sequence[str]) -> Mapping[tuple[str, float], PipLoss]:
    _, losses = pip_losses(texts, TextConfig())
    return {(loss.matrix, loss.alpha): loss for loss in losses}
