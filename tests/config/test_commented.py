"""The commented configuration that `init` writes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.config.commented import WIDTH, commented_config
from textclf.config.load import config_from_mapping
from textclf.config.settings import all_keys, model_kinds
from textclf.config.yaml12 import read_yaml
from textclf.errors import ConfigError

SAMPLE = {"data": {"dataset": "sample"}}


FITTING = {"charcnn": {"text": {"unit": "character"}}}


def in_force(text: str) -> str:
    """Returns the text with the setting that a comment leaves to the kind."""
    return text.replace("\n  # distinct: ", "\n  distinct:   ")


def comments(text: str) -> dict[str, str]:
    """Returns the comment beside each key of a commented configuration."""
    found, section = {}, ""
    for line in in_force(text).splitlines():
        entry, _, comment = line.partition("  #")
        if entry.strip() and not entry.lstrip().startswith("#"):
            section = section if entry.startswith(" ") else ""
            key = entry.strip().split(":")[0]
            found[f"{section}{key}"] = comment.strip()
            section = section or f"{key}."
    return found


@pytest.mark.parametrize("kind", model_kinds())
def test_every_key_is_there_in_order_and_explained(kind):
    text = commented_config(
        {**SAMPLE, "model": {"kind": kind}, **FITTING.get(kind, {})}
    )
    config = config_from_mapping(read_yaml(text, where="c").mapping)
    settings = config.model_dump()
    found = comments(text)
    expected = [
        key
        for key in all_keys()
        if "." not in key or key.split(".")[1] in settings[key.split(".")[0]]
    ]
    assert sorted(found) == sorted(expected)
    assert [key for key in found if "." not in key] == list(settings)
    for key, comment in found.items():
        assert comment or isinstance(settings.get(key), dict), key


def test_comments_are_aligned_and_within_the_width():
    text = in_force(commented_config({**SAMPLE, "model": {"kind": "cnn"}}))
    for block in text.split("\n\n"):
        beside = [line for line in block.splitlines() if "  # " in line]
        assert len({line.index("# ") for line in beside}) <= 1
    assert max(map(len, text.splitlines())) <= WIDTH
    assert all(line == line.rstrip() for line in text.splitlines())


def test_choices_are_written_beside_the_key():
    found = comments(commented_config(SAMPLE))
    assert found["text.unit"].startswith("word | character | subword.")
    assert found["model.kind"].startswith(" | ".join(model_kinds()))
    assert "from 1 to 5" in found["text.ngrams"]


def test_ngrams_are_written_and_explained():
    values = {
        **SAMPLE,
        "text": {"ngrams": 3, "char_ngrams": [2, 5]},
        "embedding": {"init": "naive_bayes"},
        "model": {"kind": "ngram", "dense_dim": 50},
    }
    text = commented_config(values)
    back = read_yaml(text, where="c").mapping
    assert config_from_mapping(back) == config_from_mapping(values)
    assert back["text"]["char_ngrams"] == [2, 5]
    assert back["text"]["ngram_buckets"] is None
    found = comments(text)
    assert found["embedding.init"].startswith("random | vectors | naive_bayes.")
    assert "n-gram" in found["text.char_ngrams"]
    assert found["model.dense_dim"].startswith("Dimension of a word embedding")


def test_what_follows_from_the_kind_goes_on_following_it():
    text = commented_config({**SAMPLE, "model": {"kind": "average"}})
    assert "\n  # distinct: false " in text
    draft = read_yaml(text, where="c").mapping
    assert "distinct" not in draft["text"]
    assert config_from_mapping(draft).text.distinct is False
    assert config_from_mapping({**draft, "model": {"kind": "ngram"}}).text.distinct
    assert "\n  # distinct: true " in commented_config(
        {**SAMPLE, "model": {"kind": "ngram"}}
    )


@pytest.mark.parametrize("distinct", [True, False])
def test_what_is_given_is_written_though_it_may_follow(distinct):
    values = {**SAMPLE, "text": {"distinct": distinct}, "model": {"kind": "ngram"}}
    back = read_yaml(commented_config(values), where="c").mapping
    assert back["text"]["distinct"] is distinct
    assert config_from_mapping(back) == config_from_mapping(values)


def test_notes_stand_at_their_keys():
    notes = {
        "": "Made from reviews.csv.",
        "data": "1,200 rows.",
        "text.max_length": "Longest text: 99 units.",
    }
    text = commented_config(SAMPLE, notes)
    assert text.startswith("# Made from reviews.csv.\nname:")
    assert "1,200 rows.\ndata:" in text
    assert "Longest text: 99 units." in comments(text)["text.max_length"]


def test_a_note_on_an_unknown_key_is_refused():
    with pytest.raises(ConfigError, match="text.max_len"):
        commented_config(SAMPLE, {"text.max_len": "x"})


_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=150)


@given(
    label=_text.filter(bool),
    weights=st.dictionaries(_text, st.floats(0, 9), max_size=3),
    note=_text,
)
def test_it_loads_to_the_given_settings_whatever_the_notes_say(label, weights, note):
    values = {
        "data": {"train": label, "label": label},
        "training": {"class_weight": weights},
    }
    notes = {"": note, "data": note, "data.label": note, "training.class_weight": note}
    back = read_yaml(commented_config(values, notes), where="c").mapping
    assert config_from_mapping(back) == config_from_mapping(values)


@given(st.text(max_size=200))
def test_a_note_cannot_leave_its_comment(note):
    text = commented_config(SAMPLE, {"seed": note})
    assert read_yaml(text, where="c").mapping["seed"] == 7
    assert max(map(len, text.splitlines())) <= WIDTH
