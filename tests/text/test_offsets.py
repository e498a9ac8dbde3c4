"""Units keep the characters they are made of, whatever normal forms do to them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from textclf.config.schema import TextConfig
from textclf.text.corpus import Corpus
from textclf.text.encoder import TextEncoder
from textclf.text.normalise import composed, text_column
from textclf.text.offsets import placed
from textclf.text.piles import MemoryPile

TRICKY = st.sampled_from(
    list("ΣσςİıIßẞÅﬁﬃ²½…ǅ '’-.,\n\t\u00a0\u3000\u0301\u0323\u00ad\u1e9b가ᄀ각ᆨㄱﾊﾞ")
    + [
        "👨‍👩‍👧",
        "🇩🇪",
        "👍🏽",
        "e\u0301",
        "İstanbul",
        "don't",
        "ﷺ",
        "\U0001fae8",
        "नि",
        "\u0f73",
    ]
)
TEXT = st.lists(TRICKY | st.text(max_size=4), max_size=8).map("".join)
FORM = st.sampled_from(["none", "nfc", "nfkc"])
UNIT = st.sampled_from(["word", "character"])


def form_of(text, settings):
    return composed(text_column([text]), settings)[0].translate(SIGMAS)


SIGMAS = str.maketrans("ς", "σ")  # the small form depends on what stands around


@given(TEXT, FORM, st.booleans(), UNIT)
@example("ﬃ ½İ…", "nfkc", True, "word")
@example("a\u0301\u0323b", "nfc", True, "character")
@example("ΑΣ ΑΣΑ", "nfkc", True, "word")
@example("\ud83d\ude00 \ud800", "nfkc", True, "word")
def test_the_form_of_its_characters_has_the_unit(text, form, lowercase, unit):
    settings = TextConfig(unicode=form, lowercase=lowercase, unit=unit)
    start = done = 0
    for place in placed(text, settings, None).places:
        assert 0 <= place.start < place.end <= len(text)
        assert place.start >= done or place.start == start  # or made of the same
        start, done = place.start, place.end
        got = form_of(text[place.start : place.end], settings)
        wanted = place.unit.translate(SIGMAS)
        assert wanted in got if wanted.strip() else not got.strip()
        assert len(place.letters) >= len(place.unit)
        assert all(place.start <= a < b <= place.end for a, b in place.letters)


@given(TEXT, FORM, st.booleans(), UNIT)
def test_units_are_those_of_the_engine(text, form, lowercase, unit):
    settings = TextConfig(unicode=form, lowercase=lowercase, unit=unit)
    corpus = Corpus.read([text], settings, MemoryPile)
    types, _ = corpus.census.types()
    (part,) = corpus.parts()
    numbers = corpus.chunk(part).numbers
    order = corpus.census.table(range_of(len(types))).take(numbers)
    engine = types.gather(order).to_list()
    ours = [place.unit for place in placed(text, settings, None).places]
    assert ours == [chr(u) if isinstance(u, int) else u for u in engine]


def range_of(n):
    import numpy as np

    return np.arange(n, dtype=np.int32)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't go", [("don't", 0, 5), ("go", 6, 8)]),
        ("aﬁb", [("afib", 0, 3)]),
        ("x İY.", [("x", 0, 1), ("i̇y", 2, 4), (".", 4, 5)]),
        ("E\u0301te\u0301 !", [("été", 0, 5), ("!", 6, 7)]),
        ("½", [("1", 0, 1), ("⁄", 0, 1), ("2", 0, 1)]),
        ("good🫨", [("good", 0, 4), ("🫨", 4, 5)]),
        ("", []),
        (" \n", []),
    ],
)
def test_words(text, expected):
    found = placed(text, TextConfig(), None).places
    assert [(p.unit, p.start, p.end) for p in found] == expected


def test_a_run_of_blanks_is_one_character():
    found = placed("  a \n b ", TextConfig(unit="character"), None).places
    assert [(p.unit, p.start, p.end) for p in found] == [
        ("a", 2, 3),
        (" ", 3, 6),
        ("b", 6, 7),
    ]


@given(TEXT)
@example("the ﬃce of ½ the")
def test_subwords_cover_their_words(text):
    encoder = SUBWORDS
    places = placed(text, encoder.settings, encoder.subwords).places
    words = placed(text, TextConfig(), None).places
    assert {(p.start, p.end) for p in words} <= {
        (a.start, b.end) for a in places for b in places
    }
    known = [p for p in places if p.unit not in ("<unk>", "▁")]
    for place in known:
        got = form_of(text[place.start : place.end], encoder.settings)
        assert place.unit.lstrip("▁").translate(SIGMAS) in got


SUBWORDS = TextEncoder.fit(
    ["the office of the often official ff fi e\u0301te\u0301 ΑΣ i̇stanbul 1⁄2"] * 3,
    TextConfig(unit="subword", vocabulary_size=60),
)


@pytest.mark.parametrize("how", ["head", "tail", "head_tail"])
def test_places_in_a_text_that_is_cut_are_those_of_the_whole(how, monkeypatch):
    monkeypatch.setattr("textclf.text.normalise.MIN_CHARACTERS", 20)
    settings = TextConfig(truncate=how, max_length=1)
    text = "zero one two three " * 40 + "é last"
    for place in placed(text, settings, None).places:
        assert text[place.start : place.end].endswith(place.unit[-1])
    ends = {"head": (0, 20), "tail": (len(text) - 20, len(text))}
    first, last = ends.get(how, (0, len(text)))
    found = placed(text, settings, None).places
    assert found[0].start >= first and found[-1].end <= last
    if how == "head_tail":
        assert (found[0].start, found[-1].end) == (0, len(text))


def test_older_tables_than_the_engines_only_cut_more_coarsely(monkeypatch):
    monkeypatch.setattr("textclf.text.offsets._joins", lambda character: False)
    monkeypatch.setattr("textclf.text.offsets._may_join", lambda character: False)
    found = placed("x e\u0301t\u0323e\u0301 y", TextConfig(), None).places
    assert [(p.unit, p.start, p.end) for p in found] == [
        ("x", 0, 2),
        ("éṭé", 2, 9),
        ("y", 9, 10),
    ]
