"""A suite's findings as HTML for a notebook; everything from outside is escaped."""

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textclf.behave.telling import HEAD, Capabilities, Tests, headed, shown, table
from textclf.errors import printable

if TYPE_CHECKING:
    from jinja2 import Template

_TEMPLATE = Path(__file__).with_name("findings.html.j2")


def to_html(
    title: str,
    summary: Sequence[str],
    tests: Tests,
    capabilities: Capabilities,
    *,
    examples: int,
) -> str:
    """Returns the table and the worst cases of failed tests as one `<div>`."""
    failed = [test for test in tests if test.passed is False]
    return _template().render(
        title=title,
        summary=summary,
        head=HEAD,
        rows=list(table(tests, capabilities)),
        left_out=[test for test in tests if test.skipped],
        failed=[(headed(t), [shown(e) for e in t.worst[:examples]]) for t in failed],
    )


@functools.cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, finalize=_visible
    )
    return environment.from_string(_TEMPLATE.read_text("utf-8"))


def _visible(value: object) -> object:
    """Escapes signs that would steer a reader's eye, such as reversed writing."""
    return printable(value) if isinstance(value, str) else value
