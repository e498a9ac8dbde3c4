"""A run as one page that needs nothing else."""

from typing import TYPE_CHECKING

from textclf.page.document import page
from textclf.page.parts import Tone, bullets, callout, joined, paragraph
from textclf.report.material import Material
from textclf.report.on_behaviour import behaviour_section
from textclf.report.on_data import data_section
from textclf.report.on_errors import errors_section
from textclf.report.on_model import learning_section, model_section, origin_section
from textclf.report.on_scores import headline, labels_section, scores_section
from textclf.report.on_trust import trust_section
from textclf.report.on_words import words_section
from textclf.report.wording import cautions, comparison, opening

if TYPE_CHECKING:
    from markupsafe import Markup

    from textclf.behave.results import SuiteResult

_TONES: dict[str | None, Tone] = {"above": "good", "below": "bad"}


def to_html(material: Material, behaviour: "SuiteResult | None" = None) -> str:
    """Returns the page; it loads and runs nothing.

    Args:
        material: The run.
        behaviour: What a suite of behavioural tests found, if one was run.
    """
    return page(
        material.name,
        _verdict(material),
        headline(material),
        kind="a run of textclf",
        lead=f"A text classifier: {material.bundle.spec.model.kind}, "
        f"{len(material.bundle.labels.names):,} labels, "
        f"{material.data['splits']['train']['texts']:,} training texts",
        sections={
            "Scores": scores_section(material),
            "Labels": labels_section(material),
            "Probabilities": trust_section(material),
            "Worst errors": errors_section(material),
            "Behaviour": behaviour_section(behaviour),
            "Data": data_section(material),
            "Model": model_section(material),
            "Learning": learning_section(material),
            "Words": words_section(material),
            "How to do it again": origin_section(material),
        },
    )


def _verdict(material: Material) -> "Markup":
    told = list(cautions(material))
    return callout(
        paragraph(opening(material)),
        paragraph(comparison(material.report)),
        joined(paragraph("To keep in mind:", tone="soft"), bullets(told))
        if told
        else joined(),
        tone=_TONES.get(material.report.standing, ""),
    )
