"""Every relative link of README, docs and benchmarks leads somewhere."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

from docs.generate.markdown import anchor
from tests.docs.documents import ROOT, documents

PAGES = documents("*.md", "docs/**/*.md", "benchmarks/**/*.md", "notebooks/**/*.md")
NAMES = [path.relative_to(ROOT).as_posix() for path in PAGES]
_LINK = re.compile(r"\]\(<?([^()\s<>]+)>?(?: \"[^\"]*\")?\)")
_CODE = re.compile(r"^```.*?^```$|``.+?``|`[^`\n]+`", re.M | re.S)


def links(page: Path) -> list[str]:
    """Returns the targets inside the repository."""
    found = _LINK.findall(_CODE.sub("``", page.read_text("utf-8")))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


@cache
def anchors(page: Path) -> set[str]:
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.M | re.S)
    return {anchor(line) for line in re.findall(r"^#+ (.+?)\s*$", text, re.M)}


def is_dead(link: str, page: Path) -> bool:
    path, _, fragment = unquote(link).partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists():
        return True
    return target.suffix == ".md" and bool(fragment) and fragment not in anchors(target)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_link_leads_somewhere(page):
    assert [link for link in links(page) if is_dead(link, page)] == []


def test_a_page_of_docs_is_reached_from_its_index():
    index = ROOT / "docs/README.md"
    linked = {(index.parent / link).resolve() for link in links(index)}
    pages = [path for path in documents("docs/**/*.md") if path != index]
    missing = [path.name for path in pages if path not in linked]
    assert missing == [], "link it in docs/README.md"


def test_dead_links_are_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A b\n[x](page.md#a-b) [y](#c) `[z](no.md)` [w](https://no.md)\n")
    assert links(page) == ["page.md#a-b", "#c"]
    assert [is_dead(link, page) for link in links(page)] == [False, True]
