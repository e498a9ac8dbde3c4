"""A report as one page that needs nothing else."""

import base64
from collections.abc import Sequence
from pathlib import Path

from textclf.study.report.content import Content
from textclf.study.report.pictures import Picture

_TEMPLATE = "page.html.j2"
_VERDICTS = ("better", "worse", "equivalent", "undecided")


def to_html(content: Content, pictures: Sequence[Picture], folder: Path) -> str:
    """Returns the page; pictures are inside it, and it loads and runs nothing.

    Args:
        content: What it says.
        pictures: What it shows.
        folder: Where their files are.
    """
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    template = Path(__file__).with_name(_TEMPLATE).read_text("utf-8")
    images = [(picture, _data(folder / picture.file)) for picture in pictures]
    page: str = environment.from_string(template).render(
        content=content, images=images, verdicts=_VERDICTS
    )
    return page


def _data(path: Path) -> str:
    encoded = base64.b64encode(path.read_bytes()).decode("ascii")
    return f"data:image/png;base64,{encoded}"
