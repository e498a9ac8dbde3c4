"""What a page says of how the model behaves."""

from typing import TYPE_CHECKING

from textclf.errors import plural
from textclf.page.parts import details, joined, paragraph

if TYPE_CHECKING:
    from markupsafe import Markup

    from textclf.behave.results import SuiteResult


def behaviour_section(result: "SuiteResult | None") -> "Markup":
    """Returns what a suite of behavioural tests found, or how to run one."""
    if result is None:
        return paragraph(
            "No behavioural tests were run. --suite NAME|FILE adds what they find: "
            "sentiment (English), invariance (any task), or a YAML file.",
            tone="soft",
        )
    found, failed = result.to_parts(), len(result.failed)
    whole, worst = found[: len(found) - failed], found[len(found) - failed :]
    told = f"The worst cases of {plural(failed, 'test')} that fail"
    return joined(
        paragraph(
            "What a model must do whatever it scores on held-out texts: see negation, "
            "ignore names and typing errors. Shares are of cases that fail.",
            tone="soft",
        ),
        paragraph(result.title()),
        *whole,
        *([details(told, *worst)] if worst else []),
    )
