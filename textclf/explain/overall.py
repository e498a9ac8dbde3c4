"""What a model goes by: the words and n-grams that add most to each label."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from textclf.bundle import Bundle
from textclf.data.stored import chosen
from textclf.errors import printable
from textclf.evaluation.predictions import BINARY, MULTICLASS, MULTILABEL
from textclf.evaluation.tables import text_table, wrapped
from textclf.explain.attribution import Explainer
from textclf.explain.strength import DRAWN, LEAST, LabelWords, Strength, Tally
from textclf.page.document import fragment, page
from textclf.page.parts import Piece, joined, pair, paragraph, table
from textclf.progress import SILENT, Progress


@dataclass(frozen=True, eq=False)
class Overall:
    """What a model goes by on many texts.

    Attributes:
        labels: What speaks for each label, in their order.
        texts: How many texts were explained.
        of: Of how many.
        where: What they are, e.g. `dev texts`.
        task: What is asked of labels.
        additive: Whether the model is a sum of one weight a word and n-gram, so that
            the means are these weights.
        unit: What is read: `word`, `character` or `subword`.
    """

    labels: tuple[LabelWords, ...]
    texts: int
    of: int
    where: str
    task: str
    additive: bool
    unit: str

    def facts(self) -> list[str]:
        """Says what the numbers are."""
        spread = ", evenly spread" if self.texts < self.of else ""
        told = [f"{self.texts:,} of {self.of:,} {self.where}{spread}; {self._asked()}"]
        if self.additive:
            told.append(
                "this model is a sum: the log-odds of a label are its bias and one "
                "weight for each unit and n-gram of the text; a weight below is that "
                "number, the same in every text"
            )
        if not self.additive or any(one.words for one in self.labels):
            told.append(
                "mean: what it adds to the log-odds of a text that has it, by "
                "integrated gradients"
            )
        told.append(
            f"left out: what fewer than {LEAST} texts have; order: as if {DRAWN} texts "
            "more had each of them and it added nothing there"
        )
        return told

    def to_lines(self, width: int) -> list[str]:
        """Returns it for a terminal."""
        lines = [line for fact in self.facts() for line in wrapped(fact, width)]
        for one in self.labels:
            lines += ["", *wrapped(f"{one.label}  ({_texts(one.texts)})", width)]
            for head, rows in self._tables(one):
                cells = [
                    [printable(r.name), f"{r.mean:+.2f}", f"{r.texts:,}"] for r in rows
                ]
                lines += [
                    f"  {line}" for line in text_table([[*head], *cells], width - 2)
                ]
            if not (one.words or one.rows):
                lines += wrapped(f"  {self._none(one)}", width)
        return lines

    def to_json(self) -> dict[str, Any]:
        """Returns it as JSON can hold it."""
        return {
            "texts": self.texts,
            "of": self.of,
            "where": self.where,
            "additive": self.additive,
            "labels": [one.to_json() for one in self.labels],
        }

    def to_html(self, title: str) -> str:
        """Returns a page that loads and runs nothing."""
        sections = {one.label: self._shown(one) for one in self.labels}
        return page(
            title, *self._told(), kind="what the model goes by", sections=sections
        )

    def pieces(self) -> list[Piece]:
        """Returns what a page shows of it, each label under a line with its name."""
        parts: list[Piece] = [*self._told()]
        for one in self.labels:
            parts += [paragraph(one.label), self._shown(one)]
        return parts

    def _repr_html_(self) -> str:
        return fragment(*self.pieces())

    def _told(self) -> Iterator[Piece]:
        for fact in self.facts():
            yield paragraph(f"{fact[:1].upper()}{fact[1:]}.", tone="soft")

    def _shown(self, one: LabelWords) -> Piece:
        tables = [
            table(
                head,
                [(row.name, f"{row.mean:+.3f}", f"{row.texts:,}") for row in rows],
                numeric={1, 2},
            )
            for head, rows in self._tables(one)
        ]
        if not tables:
            return paragraph(self._none(one), tone="soft")
        told = paragraph(f"{_texts(one.texts)} explained", tone="soft")
        return joined(told, pair(*tables) if len(tables) > 1 else tables[0])

    def _tables(
        self, one: LabelWords
    ) -> Iterator[tuple[tuple[str, str, str], tuple[Strength, ...]]]:
        """Yields the lists that there are, each with the names of its columns."""
        if one.words:
            name = f"{self.unit}, with n-grams" if one.rows else self.unit
            yield (name, "mean", "texts"), one.words
        if one.rows:
            name = f"{self.unit} or n-gram" if one.words else self.unit
            yield (name, "weight" if self.additive else "mean", "texts"), one.rows

    def _asked(self) -> str:
        if self.task == BINARY:
            return "what speaks for one label speaks against the other"
        which = "each label" if self.task == MULTILABEL else "the label"
        return f"each is explained for {which} that the model gives it"

    def _none(self, one: LabelWords) -> str:
        if not one.texts:
            return "the model gives this label to none of the texts"
        return f"nothing that speaks for it stands in {LEAST} of the texts"


def overall_of(
    source: Bundle,
    texts: Sequence[str],
    *,
    where: str = "texts",
    label: str | None = None,
    most: int,
    top: int,
    progress: Progress = SILENT,
) -> Overall:
    """Explains many texts and says what speaks for each label on the whole.

    A text is explained for every label that the model gives it; of two labels of which
    one is right, for both. The scores of a word are averaged over the texts that have
    it.

    Args:
        source: The model.
        texts: Any texts.
        where: What they are, for people.
        label: The only label that is asked for; None: all.
        most: Texts that are explained at most, evenly spread.
        top: Words and n-grams that are listed of each label.
        progress: Who listens.

    Raises:
        ConfigError: The model has no such label.
    """
    explainer = Explainer.of(source)
    names = explainer.predictor.labels.names
    wanted = range(len(names)) if label is None else [explainer.label_of(label)]
    rows = np.linspace(0, len(texts) - 1, min(len(texts), most)).astype(np.int64)
    tally = Tally(explainer, additive=is_additive(source), wanted=set(wanted))
    tally.take(chosen(texts, rows)[:], progress)
    task = explainer.predictor.labels.task
    return Overall(
        tuple(tally.label(number, names[number], top) for number in wanted),
        len(rows),
        len(texts),
        where,
        task,
        tally.additive,
        explainer.predictor.encoder.settings.unit,
    )


def is_additive(bundle: Bundle) -> bool:
    """Tells whether the log-odds of a label are a sum of weights and nothing else.

    Of several labels of which one is right they are not: the others count, too.
    """
    model = bundle.spec.model
    if model.kind != "ngram" or bundle.labels.task == MULTICLASS:
        return False
    return model.dense_dim == 0 and not model.length_norm


def _texts(n: int) -> str:
    return f"{n:,} text{'' if n == 1 else 's'}"
