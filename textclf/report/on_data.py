"""What a page says of the data."""

from typing import TYPE_CHECKING

import numpy as np

from textclf.data.held import SPLITS
from textclf.data.stored import chosen
from textclf.evaluation.canvas import drawn
from textclf.page.parts import (
    bullets,
    definitions,
    figure,
    heading,
    joined,
    pair,
    paragraph,
    table,
)
from textclf.report.drawings import labels_plot, lengths_plot
from textclf.report.material import Material
from textclf.report.wording import file_of, percent, remarks

if TYPE_CHECKING:
    from markupsafe import Markup

_MEASURED = 20_000  # texts of a split whose length is taken, evenly spread
_QUANTILES = (0.5, 0.9, 0.99, 1.0)


def data_section(material: Material) -> "Markup":
    """Returns sizes, labels, lengths and remarks."""
    splits = material.data["splits"]
    rows = [
        [name, f"{splits[name]['texts']:,}", file_of(splits[name]["source"])]
        for name in SPLITS
        if name in splits
    ]
    notes = remarks(material)
    return joined(
        table(["split", "texts", "from"], rows, numeric={1}, wrapped={2}),
        bullets(notes) if notes else paragraph("Nothing odd was noticed.", tone="soft"),
        heading("Labels of the training texts"),
        _balance(material),
        heading("Lengths"),
        _lengths(material),
    )


def _balance(material: Material) -> "Markup":
    train = material.data["splits"]["train"]
    counts = train["labels"]
    image = drawn(lambda path: labels_plot(counts, path, texts=train["texts"]))
    few, most = min(counts.values()), max(counts.values())
    told = f"The rarest label has {few:,} training texts, the most frequent {most:,}."
    return figure(image, alt="training texts of each label", caption=told)


def _lengths(material: Material) -> "Markup":
    if not material.texts:
        return joined(paragraph(material.gone, tone="soft"), _flags(material))
    unit, lengths = _measured(material)
    text = material.config.text
    limit = text.max_length if unit == f"{text.unit}s" else None
    image = drawn(lambda path: lengths_plot(lengths, path, unit=unit, limit=limit))
    rows = [
        [name, *(f"{np.quantile(of, q):,.0f}" for q in _QUANTILES)]
        for name, of in lengths.items()
    ]
    head = [unit, "median", "90 %", "99 %", "longest"]
    return joined(
        pair(
            figure(image, alt=f"distribution of {unit} a text"),
            joined(table(head, rows, numeric=range(1, 5)), _flags(material)),
        ),
        *([paragraph(material.gone, tone="soft")] if material.gone else []),
    )


def _flags(material: Material) -> "Markup":
    """Returns what the model could not see of the texts it was scored on."""
    if material.judged is None:
        return joined()
    predictions = material.judged.predictions
    cut, empty = int(predictions.truncated.sum()), int(predictions.empty.sum())
    n, unknown = len(predictions), float(predictions.unknown.mean())
    where = f"of the {material.split} texts"
    return definitions(
        [
            (f"read in part, {where}", f"{cut:,} ({percent(cut / n)})"),
            (f"empty, {where}", f"{empty:,}"),
            ("unknown, mean share of a text", percent(unknown)),
        ]
    )


def _measured(material: Material) -> tuple[str, dict[str, np.ndarray]]:
    """Returns what was counted, and how many of it the texts have."""
    import polars as pl

    from textclf.text.units import split_words

    characters = material.config.text.unit == "character"
    lengths = {}
    for name, held in material.texts.items():
        part = held.dataset
        step = max(1, -(-len(part) // _MEASURED))
        column = pl.Series(chosen(part.texts, np.arange(0, len(part), step))[:])
        lengths[name] = (
            column.str.len_chars().to_numpy()
            if characters
            else split_words(column).lengths
        )
    return ("characters" if characters else "words"), lengths
