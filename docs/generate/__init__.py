"""The pages of `docs/reference`, made from the code they describe."""

from pathlib import Path

from docs.generate.commands import command_page
from docs.generate.settings import config_page, study_page
from docs.generate.suites import suite_page

FOLDER = Path(__file__).resolve().parents[1] / "reference"


def pages() -> dict[str, str]:
    """Returns the text of each page of `docs/reference` by its file name."""
    return {
        "cli.md": command_page(),
        "config.md": config_page(),
        "study.md": study_page(),
        "suite.md": suite_page(),
    }
