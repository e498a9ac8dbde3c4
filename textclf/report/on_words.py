"""What a page says of the words: what they speak for, where they lie, their moves."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textclf.errors import plural
from textclf.evaluation.canvas import drawn
from textclf.page.parts import (
    Piece,
    cases,
    definitions,
    figure,
    heading,
    joined,
    pair,
    paragraph,
    table,
)
from textclf.report.material import Material

if TYPE_CHECKING:
    from markupsafe import Markup

    from textclf.evaluation.movement import Movement
    from textclf.explain.overall import Overall
    from textclf.explain.strength import LabelWords, Strength
    from textclf.vectors.coverage import Coverage

_MAPPED = 250  # words on the map
_LEAST = 3  # words of which a map can be made
_NORMS = "norms.png"
_EXPLAINED = 300  # dev texts that tell what words speak for
_NAMED = 10  # words of a label
_FAINT = 0.1  # share of the highest mean below which a word is not worth naming


def words_section(material: Material) -> "Markup":
    """Returns the map of words, how far they moved, what speaks for each label."""
    parts: list[Piece] = []
    if material.movement is None:
        parts.append(
            paragraph(
                "A model of this kind has one weight an output for each word and no "
                "vectors: there is no map.",
                tone="soft",
            )
        )
    else:
        parts += [paragraph(material.movement.verdict()), _map(material)]
        parts.append(pair(*_moved(material.movement), *_norms(material)))
    parts += [heading("What speaks for each label"), *_speaking(material)]
    if material.coverage is not None:
        parts += [heading("What the vector file knew"), _covered(material.coverage)]
    return joined(*parts)


def _speaking(material: Material) -> Iterator[Piece]:
    """Yields the words that add most to each label, on the dev texts."""
    from textclf.explain.overall import overall_of

    held = material.texts.get("dev")
    if held is None:
        yield paragraph(material.gone, tone="soft")
        return
    found = overall_of(
        material.bundle,
        held.dataset.texts,
        where="dev texts",
        most=_EXPLAINED,
        top=_NAMED,
    )
    yield paragraph(f"{'; '.join(found.facts())}.", tone="soft")
    yield cases(
        (f"{one.label}, {plural(one.texts, 'text')}", _listed(_telling(one, found)))
        for one in found.labels
    )


def _telling(one: "LabelWords", found: "Overall") -> Sequence["Strength"]:
    """Returns the list that says most: single characters say little."""
    if found.unit == "character" and one.rows:
        return one.rows
    return one.words or one.rows


def _listed(words: Sequence["Strength"]) -> str:
    least = _FAINT * max((word.mean for word in words), default=0.0)
    told = [f"{w.name}\u00a0{w.mean:+.1f}" for w in words if w.mean >= least]
    return ", ".join(told) or "nothing that stands in enough of them"


def _map(material: Material) -> "Markup":
    from textclf.explain.word_map import WordMap, frequent
    from textclf.explain.words import LearntWords

    learnt = LearntWords.of_run(material.run)
    rows = frequent(learnt.after, _MAPPED)
    if len(rows) < _LEAST:
        return paragraph("There are too few words for a map.", tone="soft")
    words = WordMap.of_model(learnt, rows, method="pca", seed=material.config.seed)
    return figure(
        drawn(words.draw),
        alt="the most frequent words on a plane, before and after training",
        caption=f"The {len(rows):,} most frequent words.",
    )


def _norms(material: Material) -> list[Piece]:
    norms = material.run.folder / _NORMS
    if not norms.is_file():
        return []
    return [figure(norms.read_bytes(), alt="lengths of the vectors before and after")]


def _moved(movement: "Movement") -> list[Piece]:
    moved = [step for step in movement.most if step.distance > 0]
    if not moved:
        return []
    rows = [
        [
            step.word,
            f"{step.before:#.3g}",
            f"{step.after:#.3g}",
            f"{step.distance:#.3g}",
            "" if step.cosine is None else f"{step.cosine:.3f}",
        ]
        for step in moved
    ]
    head = ["word", "length before", "after", "distance", "cosine"]
    caption = "The words that training moved farthest."
    return [table(head, rows, numeric=range(1, 5), caption=caption)]


def _covered(coverage: "Coverage") -> "Markup":
    missing = ", ".join(f"{word} ({count:,})" for word, count in coverage.missing)
    return definitions(
        [
            ("file", f"{coverage.file}: {coverage.rows:,} rows of {coverage.dim}"),
            ("words found", f"{coverage.types_found:,} of {coverage.types:,}"),
            (
                "running words found",
                f"{coverage.words_found:,} of {coverage.words:,}",
            ),
            ("missing most often", missing or "none"),
        ]
    )
