"""Scripts and languages: whether some texts are written in another one than most.

A script is told by its letters. A language that is written in Latin letters is told by
its most frequent words; short texts stay without one.
"""

from collections.abc import Iterator

import numpy as np
import polars as pl

from textclf.audit.finding import Finding, kept, told_share
from textclf.audit.pool import Pool
from textclf.text.normalise import text_column

SCRIPTS = (
    "Latin",
    "Han",
    "Kana",
    "Hangul",
    "Cyrillic",
    "Greek",
    "Arabic",
    "Hebrew",
    "Thai",
    "Devanagari",
)
_CLASSES = {"Kana": r"[\p{Hiragana}\p{Katakana}]"}
_LANGUAGES = {
    "English": "the of and to is in that it was you for with this are have not but",
    "German": "der und das ist nicht ich ein zu mit auf auch sich den von wir eine",
    "French": "les des est et une dans pas que pour qui sur avec vous je cette",
    "Spanish": "el los las y una del lo pero muy más como este esta por qué todo",
    "Italian": "il di che non è sono della gli mi più anche questo nel molto così",
    "Portuguese": "não uma os em um mas muito você isso são foi ele também meu",
    "Dutch": "het een ik niet dat voor zijn maar ook naar wat bij deze heb heel",
    "Swedish": "och att det som inte är jag på för av till ett också mycket",
    "Polish": "nie się że jest ale jak po tak czy przez dla bardzo już tylko",
    "Turkish": "bir ve bu çok için ama gibi daha ile değil olarak kadar sonra",
}
_LEAST_LETTERS = 5  # of a text, to tell its script
_LEAST_HITS = 3  # frequent words of a language, to tell it
_AHEAD = 2  # times the hits of the next language
_SHARE_OF_WORDS = 0.1
_READ = 1_000  # characters of a text, to tell its language


def on_languages(pool: Pool) -> Iterator[Finding]:
    """Yields the texts in another script, or another language, than most."""
    column = text_column(pool.texts)
    yield from _others(
        pool,
        _scripts(column),
        SCRIPTS,
        kind="script_mix",
        what="mostly written in",
    )
    yield from _others(
        pool,
        languages(column),
        tuple(_LANGUAGES),
        kind="language_mix",
        what="by their most frequent words in",
    )


def _scripts(column: pl.Series) -> np.ndarray:
    """Returns int64[n]: the script of most letters; -1 where there are too few."""
    counts = np.zeros((len(column), len(SCRIPTS)), dtype=np.int64)
    beyond = (column.str.len_bytes() != column.str.len_chars()).to_numpy()
    latin = column.filter(pl.Series(~beyond)).str.count_matches("[A-Za-z]")
    counts[~beyond, 0] = latin.to_numpy()
    wide = column.filter(pl.Series(beyond))
    for at, script in enumerate(SCRIPTS):
        pattern = _CLASSES.get(script, rf"\p{{{script}}}")
        counts[beyond, at] = wide.str.count_matches(pattern).to_numpy()
    kana, han = SCRIPTS.index("Kana"), SCRIPTS.index("Han")
    japanese = counts[:, kana] > 0  # written in both
    counts[japanese, kana] += counts[japanese, han]
    best = counts.argmax(axis=1)
    return np.where(counts.max(axis=1) >= _LEAST_LETTERS, best, -1)


def languages(column: pl.Series) -> np.ndarray:
    """Returns int64[n]: the language of each text, by its place; -1: cannot be told."""
    lowered = column.str.head(_READ).str.to_lowercase()
    hits = np.stack(
        [
            lowered.str.count_matches(rf"\b(?:{'|'.join(words.split())})\b").to_numpy()
            for words in _LANGUAGES.values()
        ],
        axis=1,
    ).astype(np.int64)
    words = lowered.str.count_matches(r"\w+").to_numpy()
    ranked = np.sort(hits, axis=1)
    sure = (
        (ranked[:, -1] >= _LEAST_HITS)
        & (ranked[:, -1] >= _AHEAD * ranked[:, -2])
        & (ranked[:, -1] >= _SHARE_OF_WORDS * words)
    )
    return np.where(sure, hits.argmax(axis=1), -1)


def _others(
    pool: Pool, told: np.ndarray, names: tuple[str, ...], *, kind: str, what: str
) -> Iterator[Finding]:
    known = told[told >= 0]
    if not len(known):
        return
    counts = np.bincount(known, minlength=len(names))
    main = int(counts.argmax())
    found = np.flatnonzero((told >= 0) & (told != main))
    if not len(found):
        return
    order = [int(at) for at in np.argsort(-counts, kind="stable") if counts[at]]
    listed = ", ".join(f"{names[at]} {counts[at]:,}" for at in order[1:6])
    share = told_share(len(found), len(known))
    of_row = {row: names[told[row]] for row in found.tolist()}
    yield Finding(
        kind,
        "notable" if len(found) > 0.01 * len(known) else "note",
        "",
        len(found),
        len(known),
        f"{share} texts whose {kind.partition('_')[0]} can be told are {what} "
        f"another one than {names[main]}: {listed}",
        "leave them out if they were not meant, or see that every split has enough of "
        "them",
        kept(found, lambda row: pool.example(row, of_row[row])),
    )
