"""What a page says of the model, its settings and how it learnt."""

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

from textclf.config.changed import changed_settings
from textclf.config.load import dump_config
from textclf.config.yaml_text import flow_text
from textclf.evaluation.canvas import drawn
from textclf.evaluation.plots import history_plot
from textclf.page.parts import (
    Piece,
    code,
    definitions,
    details,
    figure,
    heading,
    joined,
    paragraph,
    table,
)
from textclf.report.material import Material
from textclf.report.wording import best_epoch, percent, undecided
from textclf.run import CONFIG
from textclf.text.ngrams import Ngrams, span_told

if TYPE_CHECKING:
    from markupsafe import Markup


def model_section(material: Material) -> "Markup":
    """Returns kind, size and settings."""
    rows = [
        [key, flow_text(value), flow_text(default)]
        for key, value, default in changed_settings(material.config)
    ]
    changed = (
        table(["setting", "here", "default"], rows, wrapped={1, 2})
        if rows
        else paragraph("Everything is as it is by default.")
    )
    return joined(
        definitions(model_facts(material)),
        heading("Settings that differ from the defaults"),
        changed,
        details("The whole configuration", code(dump_config(material.config))),
    )


def model_facts(material: Material) -> Iterator[tuple[str, str]]:
    """Yields name and value of what the model is."""
    spec, config = material.bundle.spec, material.config
    encoder, names = material.bundle.encoder, material.bundle.labels.names
    yield "kind", f"{spec.model.kind}, {spec.task}, {len(names):,} labels"
    yield "size", f"{spec.parameters():,} numbers, {spec.bytes() / 1e6:,.1f} MB"
    yield (
        "embedding",
        f"{spec.rows:,} rows of {spec.dim}, {config.embedding.init}, "
        f"{config.embedding.train}",
    )
    yield (
        "reads",
        f"{config.text.unit}s, {len(encoder.vocabulary):,} of them known, at most "
        f"{config.text.max_length:,} of a text ({config.text.truncate})",
    )
    grams, unit = encoder.grams, config.text.unit
    if grams.units is not None:
        yield f"n-grams of {unit}s", _grams_told(grams.units, unit)
    if grams.characters is not None:
        yield f"n-grams inside {unit}s", _grams_told(grams.characters, "character")
    if material.coverage is not None:
        told = material.coverage
        share = percent(told.words_found / max(told.words, 1))
        yield "began with", f"{told.file}: vectors of {share} of the running words"
    settings = config.training
    yield (
        "trained by",
        f"{settings.optimizer}, learning rate {settings.learning_rate:g}, batches of "
        f"{settings.batch_size}; the epoch with the best {settings.monitor} was kept",
    )


def _grams_told(known: Ngrams, unit: str) -> str:
    return f"of {span_told(known.lengths)} {unit}s, {known.rows:,} rows"


def learning_section(material: Material) -> "Markup":
    """Returns the curves of loss and accuracy."""
    if not material.history:
        return paragraph("The run kept no history.", tone="soft")
    image = drawn(lambda path: history_plot(material.history, path))
    return joined(
        figure(image, alt="loss and accuracy by epoch, of training and dev texts"),
        paragraph(learning_told(material)),
    )


def learning_told(material: Material) -> str:
    """Returns in a sentence which epoch was kept, and how it was then."""
    best, n = best_epoch(material), len(material.history)
    if best is None:
        return f"{n} epochs."
    refitted = material.config.training.refit
    told = f"Epoch {best['epoch']} of {n} was {'best' if refitted else 'kept'}"
    shown = ("dev_loss", "dev_accuracy", material.config.training.monitor)
    for name in dict.fromkeys(shown):
        if best.get(name) is not None:
            measure = name.replace("_", " ").replace(" f1", " F1")
            told += f", {measure} {best[name]:.4f}"
    if undecided(material) and best.get("dev_accuracy") is not None:
        told += f" {undecided(material)}; the scores are of the answers after that"
    seconds = material.state.get("seconds")
    took = f" The whole run took {seconds:,.1f} s." if seconds is not None else ""
    return f"{told}.{took}"


def origin_section(material: Material) -> "Markup":
    """Returns versions, hashes, and the command that makes the run again."""
    facts: list[tuple[str, Piece]] = [*origin_facts(material)]
    return joined(
        code(command_of(material)),
        paragraph(
            "The same seed on the same data and versions gives the same weights; "
            "another processor may change last digits.",
            tone="soft",
        ),
        details("Environment and hashes", definitions(facts), opened=True),
    )


def command_of(material: Material) -> str:
    """Returns the command that makes the run again."""
    config = shlex.quote(str(material.run.folder / CONFIG))
    return f"python -m textclf train --config {config}"


def origin_facts(material: Material) -> Iterator[tuple[str, str]]:
    """Yields name and value of what made the run."""
    environment, state = material.environment, material.state
    yield "finished", str(state.get("at", "unknown"))
    yield "seed", str(material.config.seed)
    versions = environment.get("versions", {})
    yield "python", str(environment.get("python", "unknown"))
    yield "versions", ", ".join(f"{name} {value}" for name, value in versions.items())
    for name in ("system", "processor", "cores", "keras_backend"):
        yield name.replace("_", " "), str(environment.get(name) or "unknown")
    yield "bundle", f"format {material.bundle.manifest['format']}"
    yield "bundle sha256", material.bundle.digest
    for name, split in material.data["splits"].items():
        yield f"{name} sha256", str(split["sha256"])
