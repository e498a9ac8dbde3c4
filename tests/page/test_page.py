"""Pages and snippets: escaped, self-contained, and their styles stay inside."""

import re
import struct
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.page.document import fragment, page
from textclf.page.parts import (
    bullets,
    callout,
    cases,
    code,
    definitions,
    details,
    figure,
    heading,
    highlighted,
    joined,
    pair,
    paragraph,
    running,
    table,
    tiles,
    tinted,
)
from textclf.page.templating import style, visible

HOSTILE = (
    "</style><script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "'><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "abc\u202edcba\u200b\x1b[31m\x00\r",
    "\ud800 lone",
    "a/b=c<d&e",
)
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 300, 150)


class Seen(HTMLParser):
    """The elements, attributes and text that a browser would find."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes

    def handle_data(self, data):
        self.text += data


def everything(text: str) -> str:
    """A page in which a text stands at every place where one may."""
    return page(
        text,
        text,
        heading(text),
        paragraph(text, tone="soft"),
        bullets([text, paragraph(text)]),
        table([text, "b"], [[text, tinted(text, "good")]], numeric={1}, caption=text),
        table([text], [[text]], wrapped={0}),
        figure(PNG, alt=text, caption=text),
        pair(text, text),
        definitions([(text, text)]),
        tiles([(text, text, text)]),
        callout(text, tone="bad"),
        details(text, text),
        code(text),
        cases([(text, text), (text, running(text))]),
        highlighted([(text, 0.5), (text, 0.0), (text, -2.0)], told=[text] * 3),
        tinted(text, ""),
        kind=text,
        lead=text,
        sections={f"{text}{number}": text for number in range(6)},
    )


PLAIN = Seen(everything("plain")).tags


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text_wherever_it_stands(text):
    plain, hostile = Seen(everything("plain")), Seen(everything(text))
    assert hostile.tags == plain.tags
    assert [name for name, _ in hostile.attributes] == [
        name for name, _ in plain.attributes
    ]
    assert "script" not in hostile.tags
    assert hostile.text.count(visible(text)) == plain.text.count("plain")


@given(st.text(min_size=1))
def test_any_text_is_shown_as_itself(text):
    shown = everything(text)
    assert shown.encode("utf-8")
    assert Seen(shown).tags == PLAIN


def test_what_steers_is_made_visible():
    assert visible("a\u202eb\u200b\x1b[0m\x00") == "a\\u202eb\\u200b\\x1b[0m\\x00"
    assert visible("two\nlines\tand 好 é") == "two\nlines\tand 好 é"
    assert visible("\ud800") == "\\ud800"


def test_a_page_loads_and_runs_nothing():
    seen = Seen(everything("plain"))
    links = [value for name, value in seen.attributes if name in ("src", "href")]
    assert links
    assert all(link.startswith(("data:image/png;base64,", "#part-")) for link in links)
    assert not {"script", "link", "iframe", "object", "form"} & set(seen.tags)
    policy = next(v for n, v in seen.attributes if n == "content" and "default" in v)
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_contents_lead_to_the_sections():
    shown = page("t", sections={f"Part {n}": "x" for n in range(6)})
    targets = set(re.findall(r'href="#([^"]+)"', shown))
    assert targets == set(re.findall(r'<h2 id="([^"]+)"', shown))
    assert len(targets) == 6
    assert "<nav" not in page("t", sections={"Only": "x"})


def test_styles_of_a_snippet_hold_inside_it_only():
    rules = re.sub(r"@media[^{]*\{", "", str(style()))
    selectors = [
        one for rule in re.findall(r"([^{}]+)\{", rules) for one in rule.split(",")
    ]
    assert len(selectors) > 40
    assert all(re.search(r"\.textclf(?![\w-])", one) for one in selectors)
    shown = fragment("x")
    assert str(style()) in shown
    assert shown.startswith('<div class="textclf">')
    assert "<html" not in shown
    assert "<body" not in shown


def test_both_themes_name_the_same_colours():
    names = {
        tuple(re.findall(r"(--[a-z]+):", block))
        for block in re.findall(r"\{ (--ink[^}]*)", str(style()))
    }
    assert len(names) == 1
    used = set(re.findall(r"var\((--[a-z]+)\)", everything("x")))
    assert used <= {*names.pop(), "--w"}


def test_pictures_have_their_size_and_keep_their_bytes():
    shown = figure(PNG, alt="a")
    assert 'width="200" height="100"' in shown
    assert 'class="broad"' not in shown
    wide = PNG[:16] + struct.pack(">II", 1500, 150)
    assert 'class="broad"' in figure(wide, alt="a")
    svg = figure(b"<svg onload='alert(1)'/>", alt="a")
    assert Seen(svg).tags == ["figure", "div", "img"]
    assert "data:image/svg+xml;base64," in svg


@pytest.mark.parametrize(
    ("weight", "mark"),
    [
        (1.0, '<mark class="for" style="--w: 0.60">w</mark>'),
        (-0.5, '<mark class="against" style="--w: 0.30">w</mark>'),
        (7.0, '<mark class="for" style="--w: 0.60">w</mark>'),
        (0.0, ">w</span>"),
        (float("nan"), ">w</span>"),
    ],
)
def test_weights_are_colours(weight, mark):
    assert mark in highlighted([("w", weight)])


def test_long_tables_scroll():
    assert "tall" in table(["a"], [["x"]] * 25)
    assert "tall" not in table(["a"], [["x"]] * 24)


def test_parts_that_are_html_are_not_escaped_again():
    assert joined(paragraph("a & b"), "c").count("&amp;") == 1
    assert not joined()


def luminance(colour):
    parts = (value / 255 for value in colour)
    # Web Content Accessibility Guidelines 2.1, "relative luminance".
    red, green, blue = (
        v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def theme(block):
    found = re.findall(r"--([a-z]+): (#[0-9a-f]{6}|[0-9, ]+);", block)
    return {
        name: [int(value[n : n + 2], 16) for n in (1, 3, 5)]
        if value[0] == "#"
        else [int(part) for part in value.split(",")]
        for name, value in found
    }


def test_letters_can_be_read_on_every_colour_of_both_themes():
    blocks = set(re.findall(r"(--ink:.*?--against: [0-9, ]+;)", str(style())))
    assert len(blocks) == 2
    for colours in map(theme, blocks):
        for ground in (colours["page"], colours["card"]):
            for name in ("ink", "soft", "blue", "orange"):
                assert contrast(colours[name], ground) >= 4.5
            for name in ("for", "against"):  # the strongest mark is 60 % of it
                behind = [
                    0.6 * mark + 0.4 * under
                    for mark, under in zip(colours[name], ground, strict=True)
                ]
                assert contrast(colours["ink"], behind) >= 4.5
