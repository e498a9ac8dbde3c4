"""The encoder against the slow pipeline, its form as JSON, and hostile texts."""

import base64
import copy
import dataclasses
import json
import os
import random
import struct
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textclf.config.schema import TextConfig
from textclf.errors import ArtefactError, DataError
from textclf.text import columns as module
from textclf.text.encoded import Encoded
from textclf.text.encoder import TextEncoder
from textclf.text.ngrams import KnownNgrams
from textclf.text.subword import WORD_START

UNITS = ("word", "character", "subword")
LETTERS = list("aAbBé ΣΑ'\u2019-,1 \t\n\x00\u202e\u200d\u0301你好👍🏽ﬁ") + [
    "\ud800",
    "e ",
]
TEXT = st.lists(st.sampled_from(LETTERS), max_size=14).map("".join)
TEXTS = st.lists(TEXT, max_size=6)
SETTINGS = st.fixed_dictionaries(
    {
        "lowercase": st.booleans(),
        "unicode": st.sampled_from(["none", "nfc", "nfkc"]),
        "ngrams": st.integers(1, 5),
        "ngram_buckets": st.sampled_from([None, None, 1, 5, 1000]),
        "ngram_min_count": st.integers(1, 3),
        "distinct": st.booleans(),
        "vocabulary_size": st.sampled_from([3, 5, 30_000]),
        "min_count": st.integers(1, 2),
        "max_length": st.integers(1, 9),
        "truncate": st.sampled_from(["head", "tail", "head_tail"]),
    }
)
PLACES = {"distinct": st.booleans(), "buckets": st.sampled_from([None, 7])}
INSIDE = st.sampled_from([None, [2, 2], [2, 5], [3, 4], [5, 8]])
CORPUS = [
    "The cat sat on the mat, the cat that the dog chased.",
    "Don't panic: 你好 👩\u200d👩\u200d👧 🇩🇪! Éte\u0301 été",
    "",
    "\x00 \u202etab \ud800 naïve ﬁne Σίσυφος",
] * 2


def fitted(unit: str, **changes: object) -> TextEncoder:
    return TextEncoder.fit(CORPUS, TextConfig(unit=unit, **changes))


def assert_equal(one: Encoded, other: Encoded) -> None:
    for name in ("ids", "offsets", "truncated", "unknown"):
        left, right = getattr(one, name), getattr(other, name)
        assert left.dtype == right.dtype
        np.testing.assert_array_equal(left, right, err_msg=name)


@pytest.mark.parametrize("unit", ["word", "character"])
@given(texts=TEXTS, others=TEXTS, values=SETTINGS, inside=INSIDE)
def test_fit_and_encode_as_the_slow_pipeline(
    reference, unit, texts, others, values, inside
):
    inside = inside if unit == "word" else None
    settings = TextConfig(unit=unit, char_ngrams=inside, **values)
    tokens, counts = reference.vocabulary(texts, settings)
    if len(tokens) == 2:
        with pytest.raises(DataError):
            TextEncoder.fit(texts, settings)
        return
    encoder, encoded = TextEncoder.fit_encode(texts, settings)
    assert [*encoder.vocabulary] == tokens
    assert encoder.vocabulary.counts.tolist() == counts
    plain = reference.fitted(texts, settings)
    for part, got in ((texts, encoded), (others, encoder.encode(others))):
        slow = [plain.encode(text) for text in part]
        assert [got.row(i).tolist() for i in range(len(got))] == [s[0] for s in slow]
        assert got.truncated.tolist() == [s[1] for s in slow]
        np.testing.assert_allclose(got.unknown, [s[2] for s in slow], rtol=1e-6)


@pytest.mark.parametrize("unit", UNITS)
@given(texts=TEXTS, others=TEXTS, values=SETTINGS, inside=INSIDE)
def test_contract(unit, texts, others, values, inside):
    inside = inside if unit == "word" else None
    settings = TextConfig(unit=unit, char_ngrams=inside, **values)
    try:
        encoder, encoded = TextEncoder.fit_encode(texts, settings)
    except DataError:
        return
    assert_equal(encoder.encode(texts), encoded)
    assert len(encoder.vocabulary) <= settings.vocabulary_size
    for got in (encoded, encoder.encode(others)):
        assert got.ids.dtype == np.int32
        assert got.offsets.dtype == np.int64
        assert ((got.ids >= 1) & (got.ids < encoder.rows)).all()
        assert ((got.unknown >= 0) & (got.unknown <= 1)).all()
        assert not got.unknown[got.empty].any()
    read = TextEncoder.from_json(json.loads(json.dumps(encoder.to_json())))
    assert read.to_json() == encoder.to_json()
    assert read.digest == encoder.digest
    assert_equal(read.encode(others), encoder.encode(others))


@pytest.mark.parametrize("unit", UNITS)
@given(texts=TEXTS, size=st.integers(1, 40), units=st.integers(1, 30), **PLACES)
def test_columns_and_blocks_of_any_size_give_the_same(
    unit, texts, size, units, distinct, buckets
):
    settings = TextConfig(
        unit=unit,
        ngrams=3,
        char_ngrams=[2, 4] if unit == "word" else None,
        distinct=distinct,
        ngram_buckets=buckets,
    )
    whole, encoded = TextEncoder.fit_encode(CORPUS + texts, settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_LEAST_BYTES", size)
        patch.setattr(module, "_MOST_BYTES", size)
        patch.setattr(module, "_FIRST_TEXTS", size % 3 + 1)
        parts, pieces = TextEncoder.fit_encode(CORPUS + texts, settings)
        again = whole.encode(CORPUS + texts)
    assert parts.digest == whole.digest
    assert_equal(pieces, encoded)
    assert_equal(again, encoded)


@pytest.mark.parametrize("unit", UNITS)
def test_the_order_of_the_rows_does_not_matter(unit):
    shuffled = CORPUS.copy()
    random.Random(3).shuffle(shuffled)
    encoder = fitted(unit, ngrams=3)
    assert TextEncoder.fit(shuffled, encoder.settings).digest == encoder.digest
    rows = [encoder.encode([text]).row(0).tolist() for text in shuffled]
    together = encoder.encode(shuffled)
    assert [together.row(i).tolist() for i in range(len(rows))] == rows


def test_a_fresh_process_gives_the_same_digests():
    code = (
        "import json, sys\n"
        "from textclf.config.schema import TextConfig\n"
        "from textclf.text.encoder import TextEncoder\n"
        "texts = json.load(sys.stdin)\n"
        f"for unit in {UNITS}:\n"
        "    print(TextEncoder.fit(texts, TextConfig(unit=unit, ngrams=2)).digest)\n"
        "print(sorted({'tensorflow', 'keras', 'pandas'} & set(sys.modules)))\n"
    )
    child = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(CORPUS),
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONHASHSEED": "12345"},
        timeout=60,
        check=True,
    )
    digests = [fitted(unit, ngrams=2).digest for unit in UNITS]
    assert child.stdout.split() == [*digests, "[]"]


def test_what_decides_about_ids_decides_about_the_digest():
    digests = [
        fitted("word", **change).digest
        for change in (
            {},
            {"lowercase": False},
            {"max_length": 9},
            {"min_count": 2},
            {"distinct": True},
            {"ngrams": 2},
            {"ngrams": 3},
            {"ngrams": 2, "ngram_min_count": 1},
            {"ngrams": 2, "ngram_buckets": 5},
            {"ngrams": 2, "ngram_buckets": 6},
            {"char_ngrams": [2, 3]},
            {"char_ngrams": [3, 3]},
        )
    ]
    assert len(set(digests)) == 12


def test_other_ngrams_of_the_same_settings_are_another_encoder():
    """The settings alone do not decide: what was learnt does."""
    one, other = fitted("word", ngrams=2), fitted("word", ngrams=2)
    assert one.digest == other.digest
    units = KnownNgrams((one.grams.units.levels[0][:-1],))
    fewer = dataclasses.replace(one.grams, units=units)
    assert dataclasses.replace(one, grams=fewer).digest != one.digest


def test_subword_ids_spell_the_words(reference):
    encoder = fitted("subword", max_length=1000)
    encoded = encoder.encode(CORPUS)
    tokens = encoder.vocabulary.tokens
    for index, text in enumerate(CORPUS):
        words = reference.words(reference.normalised(text, encoder.settings))
        spelt = "".join(tokens[i] for i in encoded.row(index))
        assert spelt == "".join(WORD_START + word for word in words)
    assert not encoded.unknown.any()


@pytest.mark.parametrize("unit", UNITS)
def test_empty_blank_and_unknown_texts_are_flagged(unit):
    got = fitted(unit).encode(["", " \n\t\u2003", "ЖЖ", "the ЖЖ"])
    assert got.empty.tolist() == [True, True, False, False]
    assert got.unknown[:3].tolist() == [
        0,
        0,
        1 if unit != "subword" else got.unknown[2],
    ]
    assert (got.unknown[2:] > 0).all()
    assert not got.truncated.any()
    assert len(fitted(unit).encode([])) == 0


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("texts", [[], [""], [" \n", "\t"]])
def test_no_units_to_learn_from(unit, texts):
    with pytest.raises(DataError, match=f"without any {unit}"):
        TextEncoder.fit(texts, TextConfig(unit=unit))


def test_nothing_frequent_enough():
    with pytest.raises(DataError, match="2 times; fix: set text.min_count lower"):
        TextEncoder.fit(["a b c"], TextConfig(min_count=2))


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("keep", ["head", "tail", "head_tail"])
def test_a_huge_text_is_cut_and_flagged(unit, keep):
    encoder = fitted(unit, truncate=keep, max_length=50)
    start, end = "cat " * 20, " dog" * 20
    got = encoder.encode([start + "the " * 2_500_000 + end, start])
    assert got.truncated.tolist()[0] is True
    assert got.lengths[0] == 50
    alone = encoder.encode([start]).row(0)[:20].tolist()
    assert (got.row(0)[:20].tolist() == alone) == (keep != "tail")


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize(
    "text",
    [
        "a" + "\u0301\u0323" * 20_000,  # row 26 of the fault table
        "\ufdfa" * 100_000,  # eighteen characters each in NFKC
        "'" * 200_000,
        "a'" * 100_000,
        "👩\u200d" * 100_000,
        "\u200d" * 200_000,
        " " * 10_000_000,
    ],
)
def test_texts_that_blow_up_naive_pipelines_end(unit, text):
    inside = [2, 5] if unit == "word" else None
    settings = TextConfig(unit=unit, ngrams=3, char_ngrams=inside)
    encoder, encoded = TextEncoder.fit_encode([text, "word"], settings)
    assert_equal(encoder.encode([text, "word"]), encoded)


FORMS = {
    **{unit: {"unit": unit} for unit in UNITS},
    "ngrams": {"ngrams": 3, "char_ngrams": [3, 4], "ngram_min_count": 1},
    "hashed": {"ngrams": 2, "char_ngrams": [2, 3], "ngram_buckets": 9},
}
DOCUMENTS = {
    form: TextEncoder.fit(
        ["the cat sat", "the mat", "the mat"], TextConfig(distinct=i % 2 == 0, **values)
    ).to_json()
    for i, (form, values) in enumerate(FORMS.items())
}
SCALARS = (
    st.none()
    | st.booleans()
    | st.sampled_from([-1, 0, 1, 3, 2**31, 2**63, 10**40, 0.5, float("nan"), 1e308])
    | st.sampled_from(["", "a", "the", "<pad>", "<unk>", "\ud800", "▁", "character"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "tokens", "merges"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@st.composite
def mutated(draw: st.DrawFn) -> object:
    """A document of the encoder with one to three things changed anywhere in it."""
    root = [copy.deepcopy(DOCUMENTS[draw(st.sampled_from([*FORMS]))])]
    for _ in range(draw(st.integers(1, 3))):
        place, key = root, 0
        while isinstance(place[key], dict | list) and place[key]:
            if place is not root and draw(st.integers(0, 4)) == 0:
                break
            place = place[key]
            keys = [*place] if isinstance(place, dict) else [*range(len(place))]
            key = draw(st.sampled_from(keys))
        change = draw(st.sampled_from(["replace", "remove", "double", "swap"]))
        if change == "replace" or place is root:
            place[key] = draw(VALUES)
        elif change == "remove":
            del place[key]
        elif change == "double" and isinstance(place, list):
            place.insert(key, copy.deepcopy(place[key]))
        else:
            keys = [*place] if isinstance(place, dict) else [*range(len(place))]
            other = draw(st.sampled_from(keys))
            place[key], place[other] = place[other], place[key]
    return root[0]


def packed(*keys: int) -> str:
    """The keys of one length of n-gram as JSON holds them."""
    return base64.b64encode(struct.pack(f"<{len(keys)}q", *keys)).decode()


@settings(max_examples=300)
@given(mutated())
def test_only_artefact_errors_come_out_of_foreign_documents(document):
    try:
        encoder = TextEncoder.from_json(document)
    except ArtefactError as fault:
        assert str(fault).isprintable()
        return
    got = encoder.encode(["the cat sat zz ▁ <unk>", "", "\ud800", "the mat"])
    assert ((got.ids >= 1) & (got.ids < encoder.rows)).all()
    assert TextEncoder.from_json(encoder.to_json()).digest == encoder.digest


@pytest.mark.parametrize(
    ("unit", "path", "value"),
    [
        ("word", ["settings", "unit"], "character"),
        ("word", ["settings", "unit"], "subword"),
        ("subword", ["settings", "unit"], "word"),
        ("word", ["settings", "vocabulary_size"], 3),
        ("word", ["settings", "vocabulary_size"], 10**12),
        ("word", ["settings", "surprise"], 1),
        ("word", ["settings"], None),
        ("word", ["subwords"], []),
        ("word", ["vocabulary"], None),
        ("character", ["vocabulary", "tokens", 3], "two"),
        ("word", ["vocabulary", "counts", 3], -1),
        ("subword", ["subwords", "merges", 0], ["t"]),
        ("subword", ["subwords", "merges", 0], ["zz", "z"]),
        ("word", ["ngrams"], None),
        ("word", ["settings", "ngrams"], 2),
        ("word", ["settings", "char_ngrams"], [2, 3]),
        ("word", ["ngrams", "units"], {"shortest": 2, "levels": [packed(2 << 32)]}),
        ("ngrams", ["settings", "ngrams"], 2),
        ("ngrams", ["settings", "ngrams"], 4),
        ("ngrams", ["settings", "char_ngrams"], [2, 4]),
        ("ngrams", ["settings", "char_ngrams"], None),
        ("ngrams", ["settings", "ngram_buckets"], 9),
        ("ngrams", ["ngrams", "units"], None),
        ("ngrams", ["ngrams", "units", "shortest"], 3),
        ("ngrams", ["ngrams", "units", "shortest"], 1),
        ("ngrams", ["ngrams", "characters", "shortest"], 2),
        ("ngrams", ["ngrams", "units", "levels", 0], packed(99 << 32 | 2)),
        ("ngrams", ["ngrams", "units", "levels", 0], packed(2 << 32 | 99)),
        ("ngrams", ["ngrams", "units", "levels", 1], packed(99 << 32 | 2)),
        ("ngrams", ["ngrams", "units", "levels", 1], packed(-5)),
        ("ngrams", ["ngrams", "characters", "levels", 0], packed(1 << 62)),
        ("hashed", ["settings", "ngram_buckets"], None),
        ("hashed", ["settings", "ngram_buckets"], 8),
        ("hashed", ["ngrams", "units", "buckets"], 8),
        ("hashed", ["ngrams", "units", "buckets"], 0),
        ("hashed", ["ngrams", "units", "longest"], 10**9),
        ("hashed", ["ngrams", "units", "shortest"], 0),
        ("hashed", ["ngrams", "units", "alone"], 10**9),
        ("hashed", ["ngrams", "units", "surprise"], 1),
    ],
)
def test_refuses(unit, path, value):
    document = copy.deepcopy(DOCUMENTS[unit])
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(ArtefactError):
        TextEncoder.from_json(document)


@pytest.mark.parametrize("value", [None, [], "text", 3, {}])
def test_refuses_what_is_no_document(value):
    with pytest.raises(ArtefactError):
        TextEncoder.from_json(value)
