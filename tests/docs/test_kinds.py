"""Every kind of model has a page, and the pages keep to one form."""

import re

import pytest

from benchmarks.kinds import ENSEMBLE
from benchmarks.kinds import REPORT as MEASURED
from benchmarks.robustness import REPORT as TYPOS
from benchmarks.shown import PAGES, renewed, table_of
from tests.docs.documents import ROOT, blocks
from textclf.config.load import config_from_mapping
from textclf.config.yaml12 import read_yaml
from textclf.models.build import BUILDERS

KINDS = sorted([*BUILDERS, ENSEMBLE])
HEADINGS = [
    "What happens to a text",
    "Good for",
    "Not good for",
    "Try it",
    "Settings that matter",
    "Size and speed",
    "Typos, capitals, missing ends",
    "Sources",
    "Reading the code",
]


def page_of(kind: str) -> str:
    return (PAGES / f"{kind}.md").read_text("utf-8")


def rows_of(kind: str, table: list[str]) -> list[str]:
    """Returns the rows of a measured table that are of a kind, whatever its recipe."""
    return [row for row in table[2:] if re.match(rf"\| {kind}[ ,]", row)]


def test_every_kind_has_a_page_and_no_other_lies_there():
    assert sorted(path.stem for path in PAGES.glob("*.md")) == sorted(
        [*KINDS, "README"]
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_has_the_parts_of_all(kind):
    page = page_of(kind)
    assert page.startswith(f"# {kind}\n")
    assert re.findall(r"^## (.+)$", page, re.M) == HEADINGS


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_shows_what_was_measured(kind):
    lines = page_of(kind).splitlines()
    measured = table_of(MEASURED)
    rows = rows_of(kind, measured)
    assert rows and {measured[0], *rows} <= set(lines)
    if kind != ENSEMBLE:
        typos = table_of(TYPOS)
        assert {typos[0], *rows_of(kind, typos)} <= set(lines)


@pytest.mark.parametrize("kind", KINDS)
def test_no_row_of_a_page_is_stale(kind):
    for report in (MEASURED, TYPOS):
        assert renewed(page_of(kind), table_of(report)) == page_of(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_names_papers_with_their_years(kind):
    sources = page_of(kind).split("## Sources\n")[1].split("\n## ")[0]
    papers = re.findall(r"^- .+?(?=^- |\Z)", sources, re.M | re.S)
    assert papers
    assert [
        paper for paper in papers if not re.search(r"\b(19|20)\d\d, \*", paper)
    ] == []


@pytest.mark.parametrize("kind", sorted(BUILDERS))
def test_a_page_trains_its_kind_and_names_its_file_and_settings(kind):
    page = page_of(kind)
    (shown,) = [b for b in blocks(PAGES / f"{kind}.md") if b.language == "yaml"]
    config = config_from_mapping(read_yaml(shown.text, where=shown.place).mapping)
    assert config.model.kind == kind and f"--config {shown.file} " in page
    assert f"(../../{BUILDERS[kind].replace('.', '/')}.py)" in page
    assert f"(../reference/config.md#model-kind-{kind})" in page


@pytest.mark.parametrize("kind", KINDS)
def test_the_guide_and_the_index_lead_to_a_page(kind):
    guide = (ROOT / "docs/guides/choosing_a_model.md").read_text("utf-8")
    assert f"(../kinds/{kind}.md)" in guide
    assert f"]({kind}.md)" in (PAGES / "README.md").read_text("utf-8")
