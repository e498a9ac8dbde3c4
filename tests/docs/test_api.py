"""The public API is documented, and its pages can be made."""

import inspect
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from docs.generate.api import PUBLIC, public_modules, write

OBVIOUS = {"self", "cls", "progress", "verbose"}
"""Parameters that need no words: every function takes them to the same end."""


def offered() -> Iterator[tuple[str, Any]]:
    """Every public object, and the public methods of every class of ours."""
    for module in public_modules():
        for name in names_of(module):
            thing = getattr(module, name)
            place = f"{module.__name__}.{name}"
            yield place, thing
            if inspect.isclass(thing):
                yield from methods(place, thing)


def names_of(module: ModuleType) -> list[str]:
    """What a module offers: what it says, or all that it defines."""
    own = [
        name
        for name, value in vars(module).items()
        if getattr(value, "__module__", "") == module.__name__ and name[0] != "_"
    ]
    return getattr(module, "__all__", own)


def methods(place: str, thing: type) -> Iterator[tuple[str, Any]]:
    for name, value in vars(thing).items():
        inner = getattr(value, "__func__", value)
        if not name.startswith("_") and inspect.isfunction(inner):
            yield f"{place}.{name}", inner


THINGS = dict(offered())


def test_every_public_module_says_what_it_offers():
    for module in public_modules():
        assert len(names_of(module)) > 1
        assert module.__doc__


@pytest.mark.parametrize("place", THINGS)
def test_everything_public_is_documented(place):
    doc = inspect.getdoc(THINGS[place])
    if type(THINGS[place]).__name__ == "_LiteralGenericAlias":
        return  # its words are its documentation
    assert doc, f"{place} has no docstring"
    first = doc.split("\n\n")[0]
    assert first.rstrip().endswith((".", ":")), f"{place}: {first!r} is no sentence"


@pytest.mark.parametrize(
    "place", [place for place, thing in THINGS.items() if inspect.isfunction(thing)]
)
def test_every_parameter_is_explained_where_there_are_several(place):
    """One parameter is told by the sentence; of several each is named."""
    thing = THINGS[place]
    names = [n for n in inspect.signature(thing).parameters if n not in OBVIOUS]
    doc = inspect.getdoc(thing) or ""
    if len(names) > 1:
        lacking = [n for n in names if not re.search(rf"\b{n}\b|`{n}`", doc)]
        assert lacking == [], f"{place} does not tell {lacking}"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_pages_are_made_and_load_nothing(tmp_path):
    write(tmp_path / "api")
    pages = {
        p.relative_to(tmp_path / "api").as_posix() for p in tmp_path.rglob("*.html")
    }
    assert {f"{name.replace('.', '/')}.html" for name in PUBLIC} <= pages
    page = (tmp_path / "api/textclf.html").read_text("utf-8")
    assert "TextClassifier" in page
    assert "decision_function" in page
    assert "Share of words left out of a text." in page
    assert not re.search(r"<(script|link|img)[^>]+(src|href)=\"https?:", page)
