"""A model card in Markdown: what is known is filled in, what only people know is not.

The headings are those of Mitchell et al. 2019, "Model Cards for Model Reporting".
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from textclf.evaluation.measures import NAMES
from textclf.evaluation.tables import escaped, label_markdown, markdown_table
from textclf.report.material import Material
from textclf.report.on_model import command_of, learning_told, model_facts, origin_facts
from textclf.report.on_scores import slice_row, slices_told
from textclf.report.on_trust import trust_told
from textclf.report.wording import (
    baselines_told,
    cautions,
    comparison,
    file_of,
    opening,
    percent,
    remarks,
)
from textclf.text.ngrams import span_told

if TYPE_CHECKING:
    from textclf.behave.results import SuiteResult

BLANK = "_To be filled in by the author:_"

_INTENDED = (
    "what the model is for, and who uses its answers",
    "what happens to a text after it is labelled, and who looks at doubtful ones",
    "what it must not be used for",
)
_ETHICAL = (
    "whether the texts hold data about people, and on what grounds they are used",
    "who is harmed by a wrong answer, and how they can object",
)


def to_card(material: Material, behaviour: "SuiteResult | None" = None) -> str:
    """Returns the card.

    Args:
        material: The run.
        behaviour: What a suite of behavioural tests found, if one was run.
    """
    return "\n".join(_lines(material, behaviour)).replace("\u00a0", " ") + "\n"


def _lines(material: Material, behaviour: "SuiteResult | None") -> Iterator[str]:
    report = material.report
    yield f"# Model card: {escaped(material.name, limit=None)}\n"
    yield f"{_told(opening(material))} {_told(comparison(report))}\n"
    yield "## Model details\n"
    yield from _facts(model_facts(material))
    yield f"- training: {_told(learning_told(material))}"
    yield "- licence of the model: unknown (fill in)"
    yield f"- {BLANK} who made it, and whom to ask\n"
    yield "## Intended use\n"
    yield from _blanks(_INTENDED)
    yield "## Factors\n"
    yield "Scores by kind of text, on the " + material.split + " texts:\n"
    yield from _groups(material)
    yield f"\n- {BLANK} groups of people or sources that should be looked at apart\n"
    yield "## Metrics\n"
    yield from _metrics(material)
    yield "## Evaluation data\n"
    yield from _split(material, material.split)
    yield "\n## Training data\n"
    yield from _split(material, "train")
    yield from _split(material, "dev") if material.split != "dev" else ()
    yield from (f"- {_told(note)}" for note in remarks(material))
    yield "- licence of the data: unknown (fill in)"
    yield f"- {BLANK} where the texts come from, and who labelled them\n"
    yield "## Quantitative analyses\n"
    yield from label_markdown(report.scores, report.label_intervals)
    yield "\n## Ethical considerations\n"
    yield from _blanks(_ETHICAL)
    yield "## Caveats and recommendations\n"
    yield from (f"- {_told(line)}" for line in cautions(material))
    yield from _limits(material)
    yield from _behaviour(behaviour)
    yield "\n## How to do it again\n"
    yield from _fenced(command_of(material))
    yield from _facts(origin_facts(material))


def _metrics(material: Material) -> Iterator[str]:
    report = material.report
    yield (
        "Intervals are 95 % bootstrap intervals over texts. "
        f"{_told(baselines_told(report))}\n"
    )
    (_, *head), *rows = report.summary()
    yield from markdown_table([["measure", *head], *rows])
    yield ""
    if material.judged is not None:
        yield from (f"- {_told(line)}" for line in trust_told(material.judged))
        yield ""


def _groups(material: Material) -> Iterator[str]:
    slices, measure = slices_told(material), material.report.headline
    if not slices:
        yield "The run kept no answers, or all its texts are of one kind."
        return
    rows = [["texts by", "number", NAMES[measure], "95 % interval", "others", ""]]
    for part in slices:
        name = escaped(f"{part.name}: {part.value}")
        rows.append([name, *slice_row(part, measure)])
    yield from markdown_table(rows)


def _split(material: Material, name: str) -> Iterator[str]:
    split = material.data["splits"].get(name)
    if split is None:
        return
    ranked = sorted(split["labels"].items(), key=lambda item: -item[1])
    shown = ", ".join(f"{escaped(label)} {count:,}" for label, count in ranked[:12])
    more = f" and {len(ranked) - 12:,} more" if len(ranked) > 12 else ""
    source = escaped(file_of(split["source"]), limit=None)
    yield f"- {name}: {split['texts']:,} texts from {source}; {shown}{more}"


def _limits(material: Material) -> Iterator[str]:
    text = material.config.text
    yield (
        f"- Reads at most {text.max_length:,} {text.unit}s of a text "
        f"(`text.max_length`); what is beyond has no influence."
    )
    yield (
        f"- Words that are not among the training texts {_unknown(material)}; other "
        "languages, other subjects and later years have more of them."
    )
    if material.many:
        yield "- It may give a text no label at all."
    else:
        yield "- It always gives one of its labels, to a text about anything."


def _unknown(material: Material) -> str:
    """Says what words mean to the model that training did not see."""
    config = material.config
    if config.text.unit != "word":
        return f"are read by the {config.text.unit}s they consist of"
    if config.model.kind == "wordchar":
        return "are known to it by their spelling only"
    if config.embedding.subword_rows is not None:
        return "have vectors made of their parts"
    characters = material.bundle.encoder.grams.characters
    if characters is None:
        return "carry no meaning for it"
    span = span_told(characters.lengths)
    return f"are known to it by their n-grams of {span} characters only"


def _behaviour(result: "SuiteResult | None") -> Iterator[str]:
    if result is None:
        yield (
            "- Behavioural tests were not run: `--suite NAME|FILE` adds what they find."
        )
        return
    yield f"- Behavioural tests: {_told(result.title())}"
    for one in result.capabilities:
        if one.failed:
            yield (
                f"- {_told(one.name)}: {one.failed:,} of {one.passed + one.failed:,} "
                f"tests fail, {percent(one.rate)} of {one.cases:,} cases"
            )


def _facts(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield from (f"- {name}: {_told(value)}" for name, value in pairs)


def _blanks(questions: Iterable[str]) -> Iterator[str]:
    yield from (f"- {BLANK} {question}" for question in questions)
    yield ""


def _fenced(command: str) -> Iterator[str]:
    """Yields a code block whose fence is longer than any run of backticks inside."""
    fence = "```"
    while fence in command:
        fence += "`"
    yield f"{fence}sh\n{_one_line(command)}\n{fence}\n"


def _told(text: str) -> str:
    return escaped(text, limit=None)


def _one_line(text: str) -> str:
    from textclf.errors import printable

    return printable(text)
