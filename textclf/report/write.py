"""Writes a document about a run, outside of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from textclf.errors import ConfigError
from textclf.files import write_text
from textclf.report.material import Material
from textclf.run import Run

if TYPE_CHECKING:
    from textclf.behave.results import SuiteResult

Form = Literal["html", "card"]
NAMES: dict[Form, str] = {"html": "{}-report.html", "card": "{}-card.md"}


def target(run: Run, output: str | None, form: Form, *, force: bool) -> Path:
    """Returns where a document goes, before any work is done.

    Args:
        run: What it is about.
        output: A path; None: a name of its own in the folder the command runs in.
        form: What it is.
        force: Whether a card that is there may be replaced.

    Raises:
        ConfigError: It lies inside the run, its folder is missing, or a card is there,
            in which somebody may have filled in blanks.
    """
    name = NAMES[form].format(run.folder.resolve().name)
    path = Path(output) if output is not None else Path(name)
    if run.folder.resolve() in path.resolve().parents:
        raise ConfigError(
            "lies inside the run, which never changes once it is finished",
            where=str(path),
            fix=f"choose another --output, e.g. {name}",
        )
    if not path.parent.is_dir():
        raise ConfigError("no such folder", where=str(path.parent), fix="make it")
    if path.is_dir():
        raise ConfigError("got a folder, expected a file", where=str(path))
    if form == "card" and path.exists() and not force:
        raise ConfigError(
            "exists already, and somebody may have filled in its blanks",
            where=str(path),
            fix="choose another --output, or add --force",
        )
    return path


def write_document(
    material: Material,
    path: Path,
    form: Form,
    *,
    behaviour: "SuiteResult | None" = None,
) -> None:
    """Writes the page or the card, whole or not at all.

    Raises:
        ResourceError: The file cannot be written.
    """
    if form == "html":
        from textclf.report.html import to_html

        write_text(path, to_html(material, behaviour))
    else:
        from textclf.report.card import to_card

        write_text(path, to_card(material, behaviour))
