"""The floor: the simple baselines that every trained model is compared with."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from textclf.evaluation.metrics import agreement, checked_targets
from textclf.progress import SILENT, Progress

if TYPE_CHECKING:
    import polars as pl
    from scipy.sparse import csr_matrix

Ints = npt.NDArray[np.int64]

# Up to this many training characters the floor uses words and characters, up to the
# second bound words only, above it words of a sample of that many characters. Every
# label is learnt apart, so characters times labels have bounds too.
_BOTH_UP_TO, _BOTH_FITS = 6_000_000, 200_000_000
_WORDS_UP_TO, _WORDS_FITS = 60_000_000, 2_000_000_000
_FEW_TEXTS = 200  # below this a term seen in one text counts; else it takes two
_PENALTY = 0.3  # LinearSVC's C
_TOLERANCE = 0.1  # liblinear's own; 1e-4 takes twice as long and scores the same
_MOST_WEIGHTS = 40_000_000  # of the linear model: labels times terms
_BLOCK_TEXTS = 8_192  # scored at once, which bounds memory
_DENSE_CODES = 1 << 22  # ranks are looked up in a table up to this code, else sorted
_UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
_UNSPACED_SHARE = 0.3  # of the letters, above which blanks do not part words
_LONG_PIECE = 25  # characters between blanks, above which they are no words
_LOOKED_AT = 2_000  # texts, and characters of each, that decide about blanks
_STREAM = 4_100


@dataclass(frozen=True)
class _Units:
    """The units of many texts in one flat row.

    `ids` are the units (-1: unknown), `rows` the text each belongs to, `pieces` the
    stretch that no n-gram may leave (a text, or a word), `base` a bound above all ids.
    """

    ids: Ints
    rows: Ints
    pieces: Ints
    base: int
    texts: int


_Cut = tuple[_Units, "pl.Series | None"]  # units, and the distinct words if words


@dataclass(frozen=True)
class _Family:
    """A kind of n-gram: its name, its lengths, and how texts become units."""

    name: str
    shortest: int
    longest: int
    cut: Callable[[Sequence[str], "pl.Series | None"], "_Cut"]


@dataclass(frozen=True)
class _Terms:
    """The n-grams of one family that training texts hold, in the order of columns."""

    family: _Family
    words: "pl.Series | None"
    codes: tuple[Ints, ...]  # ascending codes of the known n-grams of each length
    columns: Ints  # which of all counted n-grams are features

    def count(self, texts: Sequence[str]) -> "csr_matrix":
        """Returns how often each term occurs, float64 [texts, terms]."""
        units, _ = self.family.cut(texts, self.words)
        starts, grams = np.arange(len(units.ids)), units.ids
        blocks = []
        for length, known in enumerate(self.codes, start=1):
            starts, codes = _lengthened(units, starts, grams, length)
            grams = _located(codes, known)
            found = grams >= 0
            if length >= self.family.shortest:
                rows = units.rows[starts[found]]
                shape = (units.texts, len(known))
                blocks.append(_counted(rows, grams[found], shape))
        return _beside(blocks)[:, self.columns]


@dataclass(frozen=True)
class _Linear:
    """A linear support vector machine over TF-IDF weights of one or two families."""

    features: str
    terms: tuple[_Terms, ...]
    weightings: tuple[Any, ...]  # a fitted TfidfTransformer for each of `terms`
    machine: Any
    texts: int

    def chosen(self, texts: Sequence[str]) -> npt.NDArray[Any]:
        """Returns the label ids int[n], or the label sets {0, 1}[n, k]."""
        parts = []
        for first in range(0, len(texts), _BLOCK_TEXTS):
            block = texts[first : first + _BLOCK_TEXTS]
            counts = [terms.count(block) for terms in self.terms]
            parts.append(self.machine.predict(_weighted(self.weightings, counts)))
        return np.concatenate(parts)


@dataclass(frozen=True, eq=False)
class Floor:
    """The majority class and a linear TF-IDF model, trained on the training texts.

    The majority of a multi-label task is the set of labels that at least half of the
    texts have. The linear model weighs words and word pairs (1-2-grams of `\\w+` or one
    sign) and characters inside words (2-5-grams) by sublinear TF-IDF and separates them
    with LinearSVC; scripts without blanks get characters (1-4-grams) for words. Long
    training sets get words only, still longer ones words of a stratified sample. Strong
    for its cost: Wang & Manning 2012, "Baselines and Bigrams", Table 2.
    """

    labels: tuple[str, ...]
    task: str
    common: npt.NDArray[Any]  # the label id int[], or the label set bool[k]
    linear: _Linear | None
    note: str = ""  # why there is no linear model

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        targets: npt.ArrayLike,
        labels: tuple[str, ...],
        task: str,
        *,
        seed: int,
        progress: Progress = SILENT,
    ) -> Self:
        """Trains both baselines on int[n] label ids or a {0, 1}[n, k] multi-hot.

        Raises:
            DataError: There are no texts, or texts and targets differ in number.
        """
        truth = checked_targets(targets, n=len(texts), k=len(labels), task=task)
        with progress.task("floor"):
            linear, note = _trained(texts, truth, len(labels), seed=seed)
        return cls(labels, task, _most_common(truth, len(labels)), linear, note)

    @classmethod
    def majority_only(
        cls, targets: npt.ArrayLike, labels: tuple[str, ...], task: str
    ) -> Self:
        """Learns the majority class and trains no linear model.

        Raises:
            DataError: There are no targets, or one is no label.
        """
        n, k = len(np.asarray(targets)), len(labels)
        truth = checked_targets(targets, n=n, k=k, task=task)
        return cls(labels, task, _most_common(truth, k), None, "not trained")

    def describe(self) -> dict[str, Any]:
        """Returns what the baselines are, ready for JSON."""
        label: Any = [self.labels[place] for place in np.flatnonzero(self.common)]
        if self.common.ndim == 0:
            label = self.labels[int(self.common)]
        linear: dict[str, Any] = {"features": "none", "note": self.note}
        if self.linear is not None:
            terms = sum(len(terms.columns) for terms in self.linear.terms)
            linear = {"features": self.linear.features, "terms": terms}
            linear["texts"] = self.linear.texts
        return {"majority": {"label": label}, "linear": linear}

    def score(self, texts: Sequence[str], targets: npt.ArrayLike) -> dict[str, Any]:
        """Returns `describe()` with accuracy, macro F1 (and micro F1) of each.

        Where there is no linear model, the majority class answers in its place.

        Raises:
            DataError: There are no texts, or texts and targets differ in number.
        """
        k = len(self.labels)
        truth = checked_targets(targets, n=len(texts), k=k, task=self.task)
        always = np.broadcast_to(self.common, truth.shape)
        chosen = always if self.linear is None else self.linear.chosen(texts)
        scored = self.describe()
        scored["majority"] |= agreement(always, truth, task=self.task)
        scored["linear"] |= agreement(chosen, truth, task=self.task)
        return scored


def _most_common(truth: npt.NDArray[Any], k: int) -> npt.NDArray[Any]:
    if truth.ndim == 2:
        return np.asarray(truth.mean(axis=0) >= 0.5)
    return np.asarray(np.bincount(truth, minlength=k).argmax())


def _trained(
    texts: Sequence[str], truth: npt.NDArray[Any], k: int, *, seed: int
) -> tuple[_Linear | None, str]:
    """Returns the linear model, or None and why there is none."""
    if (truth == truth[0]).all():
        return None, "all training texts have the same label"
    families, share = _affordable(texts, k)
    if share < 1.0:
        rows = _sampled(truth, share, seed)
        texts, truth = [texts[row] for row in rows], truth[rows]
    min_df = 1 if len(texts) < _FEW_TEXTS else 2
    most = max(1, _MOST_WEIGHTS // (k * len(families)))
    learnt = [_learnt(texts, family, min_df=min_df, most=most) for family in families]
    learnt = [(terms, counts) for terms, counts in learnt if len(terms.columns)]
    if not learnt:
        return None, "no training text holds a term that counts"
    features = " and ".join(terms.family.name for terms, _ in learnt)
    if share < 1.0:
        features += f" of {len(texts):,} sampled texts"
    return _separated(learnt, truth, features=features, seed=seed), ""


def _separated(
    learnt: list[tuple[_Terms, "csr_matrix"]],
    truth: npt.NDArray[Any],
    *,
    features: str,
    seed: int,
) -> _Linear:
    from sklearn.feature_extraction.text import TfidfTransformer
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.svm import LinearSVC

    terms, counts = zip(*learnt, strict=True)
    unfitted = [TfidfTransformer(sublinear_tf=True) for _ in terms]
    weightings = tuple(map(TfidfTransformer.fit, unfitted, counts))
    balance = "balanced" if truth.ndim == 2 else None
    machine = LinearSVC(
        C=_PENALTY, tol=_TOLERANCE, class_weight=balance, random_state=seed
    )
    machine = OneVsRestClassifier(machine) if truth.ndim == 2 else machine
    with warnings.catch_warnings():
        # A label that no text or every text has, and a fit that stops early, make a
        # weaker floor and no fault.
        warnings.simplefilter("ignore")
        machine.fit(_weighted(weightings, counts), truth.astype(np.int64))
    return _Linear(features, terms, weightings, machine, len(truth))


def _affordable(texts: Sequence[str], k: int) -> tuple[list[_Family], float]:
    """Returns the families for texts of this size, and the share of texts to use."""
    characters = sum(map(len, texts))
    fits = characters * (1 if k == 2 else k)
    if not _has_blanks(texts):
        share = min(_BOTH_UP_TO / max(characters, 1), _BOTH_FITS / max(fits, 1))
        return [_CHARACTERS], min(1.0, share)
    if characters <= _BOTH_UP_TO and fits <= _BOTH_FITS:
        return [_WORDS, _INSIDE_WORDS], 1.0
    return [_WORDS], min(1.0, _WORDS_UP_TO / characters, _WORDS_FITS / fits)


def _sampled(truth: npt.NDArray[Any], share: float, seed: int) -> Ints:
    """Draws `share` of the texts of every label or label set, at least one of each."""
    _, groups = np.unique(truth, axis=0, return_inverse=True)
    shuffled = np.random.default_rng([seed, _STREAM]).permutation(len(truth))
    order = shuffled[np.argsort(groups[shuffled], kind="stable")]
    sizes = np.bincount(groups)
    places = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    wanted = np.repeat(np.maximum(1, np.floor(share * sizes)), sizes)
    return np.sort(order[places < wanted])


def _has_blanks(texts: Sequence[str]) -> bool:
    """Tells whether blanks part the words of these texts, as in most scripts."""
    looked_at = texts[:: -(-len(texts) // _LOOKED_AT)]
    column = _column([text[:_LOOKED_AT] for text in looked_at])
    patterns = (_UNSPACED, r"\w", r"\S+")
    counts = [column.str.count_matches(pattern).sum() for pattern in patterns]
    unspaced, letters, pieces = map(int, counts)
    parted = letters <= _LONG_PIECE * pieces
    return parted and unspaced <= _UNSPACED_SHARE * letters


def _column(texts: Sequence[str]) -> "pl.Series":
    import polars as pl

    try:
        return pl.Series("term", texts, dtype=pl.String)
    except UnicodeEncodeError:  # a lone surrogate
        whole = [text.encode("utf-8", "replace").decode() for text in texts]
        return pl.Series("term", whole, dtype=pl.String)


def _cut_words(texts: Sequence[str], words: "pl.Series | None") -> _Cut:
    lists = _column(texts).str.to_lowercase().str.extract_all(r"\w+|[^\w\s]")
    rows = np.repeat(np.arange(len(texts)), lists.list.len().to_numpy())
    flat = lists.explode().drop_nulls()  # an empty list explodes to a null
    words = flat.unique().sort() if words is None else words
    numbered = words.to_frame().with_row_index("id")
    found = flat.to_frame().join(numbered, on="term", how="left", maintain_order="left")
    ids = found["id"].cast(int).fill_null(-1).to_numpy()
    return _Units(ids, rows, rows, max(1, len(words)), len(texts)), words


def _cut_characters(texts: Sequence[str], _: "pl.Series | None") -> _Cut:
    return _from_characters([text.lower() for text in texts]), None


def _cut_inside_words(texts: Sequence[str], _: "pl.Series | None") -> _Cut:
    """Cuts into characters; every word has a blank at both ends and is a piece."""
    padded = [f" {'  '.join(text.lower().split())} " for text in texts]
    units = _from_characters(padded)
    blank = units.ids == ord(" ")
    pieces = np.cumsum(blank[1:] & blank[:-1])
    return replace(units, pieces=np.concatenate([[0], pieces])), None


def _from_characters(texts: Sequence[str]) -> _Units:
    flat = "".join(texts).encode("utf-32-le", "surrogatepass")
    ids = np.frombuffer(flat, dtype="<u4").astype(np.int64)
    rows = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    return _Units(ids, rows, rows, 0x110000, len(texts))


_WORDS = _Family("words", 1, 2, _cut_words)
_INSIDE_WORDS = _Family("characters", 2, 5, _cut_inside_words)
_CHARACTERS = _Family("characters", 1, 4, _cut_characters)


def _learnt(
    texts: Sequence[str], family: _Family, *, min_df: int, most: int
) -> tuple[_Terms, "csr_matrix"]:
    """Finds the n-grams in at least `min_df` texts; keeps the `most` widespread.

    Each length grows from the n-grams of the length before: an n-gram is in no more
    texts than the one it begins with, so none is missed.
    """
    units, words = family.cut(texts, None)
    starts, grams = np.arange(len(units.ids)), units.ids
    found, blocks = [], []
    for length in range(1, family.longest + 1):
        starts, codes = _lengthened(units, starts, grams, length)
        known, places = _ranked(codes)
        counts = _counted(units.rows[starts], places, (units.texts, len(known)))
        kept = np.bincount(counts.indices, minlength=len(known)) >= min_df
        grams = np.where(kept, np.cumsum(kept) - 1, -1)[places]
        found.append(known[kept])
        if length >= family.shortest:
            blocks.append(counts[:, np.flatnonzero(kept)])
    counts = _beside(blocks)
    spread = np.bincount(counts.indices, minlength=counts.shape[1])
    columns = np.sort(np.argsort(-spread, kind="stable")[:most])
    return _Terms(family, words, tuple(found), columns), counts[:, columns]


def _lengthened(
    units: _Units, starts: Ints, grams: Ints, length: int
) -> tuple[Ints, Ints]:
    """Returns starts and codes of the n-grams one unit longer than `grams`."""
    ends = starts + (length - 1)
    inside = (grams >= 0) & (ends < len(units.ids))
    starts, grams, ends = starts[inside], grams[inside], ends[inside]
    if length == 1:
        return starts, grams
    whole = (units.pieces[starts] == units.pieces[ends]) & (units.ids[ends] >= 0)
    return starts[whole], grams[whole] * units.base + units.ids[ends[whole]]


def _ranked(codes: Ints) -> tuple[Ints, Ints]:
    """Returns the ascending distinct codes, and the place of each code among them."""
    bound = int(codes.max(initial=-1)) + 1
    if bound > _DENSE_CODES:
        return np.unique(codes, return_inverse=True)
    seen = np.zeros(bound, dtype=bool)
    seen[codes] = True
    return np.flatnonzero(seen), (np.cumsum(seen) - 1)[codes]


def _located(codes: Ints, known: Ints) -> Ints:
    """Returns the place of each code among the ascending `known`, or -1."""
    if not len(known):
        return np.full(len(codes), -1)
    places = np.minimum(np.searchsorted(known, codes), len(known) - 1)
    return np.where(known[places] == codes, places, -1)


def _counted(rows: Ints, columns: Ints, shape: tuple[int, int]) -> "csr_matrix":
    from scipy.sparse import coo_matrix

    return coo_matrix((np.ones(len(rows)), (rows, columns)), shape=shape).tocsr()


def _weighted(weightings: Sequence[Any], counts: Sequence["csr_matrix"]) -> Any:
    pairs = zip(weightings, counts, strict=True)
    return _beside([weighting.transform(block) for weighting, block in pairs])


def _beside(blocks: Sequence["csr_matrix"]) -> "csr_matrix":
    from scipy.sparse import hstack

    return hstack(blocks, format="csr")
