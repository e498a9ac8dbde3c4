"""A report as one page that needs nothing else."""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textclf.study.report.content import Content
from textclf.study.report.pictures import Picture

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATE = "page.html.j2"
_VERDICTS = ("better", "worse", "equivalent", "undecided")


_SHORT = """<div><strong>{{ content.title }}</strong>
<ul>{% for line in content.conclusions %}<li>{{ line }}</li>{% endfor %}</ul>
<table><thead><tr>{% for name in content.effects.head %}<th>{{ name }}</th>{% endfor %}
</tr></thead><tbody>{% for row in content.effects.rows %}<tr>
{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</tbody></table>
</div>"""


def findings_html(content: Content) -> str:
    """Returns sentences and effects alone, for a cell of a notebook."""
    return _environment().from_string(_SHORT).render(content=content)


def to_html(content: Content, pictures: Sequence[Picture], folder: Path) -> str:
    """Returns the page; pictures are inside it, and it loads and runs nothing.

    Args:
        content: What it says.
        pictures: What it shows.
        folder: Where their files are.
    """
    template = Path(__file__).with_name(_TEMPLATE).read_text("utf-8")
    images = [(picture, _data(folder / picture.file)) for picture in pictures]
    return (
        _environment()
        .from_string(template)
        .render(content=content, images=images, verdicts=_VERDICTS)
    )


def _environment() -> "Environment":
    from jinja2 import Environment, StrictUndefined

    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def _data(path: Path) -> str:
    encoded = base64.b64encode(path.read_bytes()).decode("ascii")
    return f"data:image/png;base64,{encoded}"
