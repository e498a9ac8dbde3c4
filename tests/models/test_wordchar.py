"""Words by their own row and by their spelling, against plain NumPy."""

import numpy as np
import pytest

from tests.contracts import (
    VARIANTS,
    assert_logits,
    fitted,
    small_config,
    small_dataset,
    untrained,
)
from textclf.backend import step
from textclf.bundle import Bundle
from textclf.config.load import config_from_mapping
from textclf.errors import ConfigError
from textclf.models.embedding import table_of
from textclf.models.spelling import RowDropout
from textclf.predictor import Predictor
from textclf.text.padding import pad

SPELT = [name for name in VARIANTS if name.startswith("wordchar")]
MISSPELT = ["smlie film", "gloomm and teers", "smlie", "riddel mazze zzqq joy"]


def weights_of(made):
    return {w.path: w.numpy().astype(np.float64) for w in made.model.weights}


def slow_word(made, own, spelling):
    """Returns the vector of a word, one letter and one filter width at a time."""
    weights, settings = weights_of(made), made.spec.model
    read = np.flatnonzero(spelling)
    letters = weights["letters/table"][spelling] * (spelling > 0)[:, None]
    parts = [own]
    for place, width in enumerate(settings.spelling_widths, start=1):
        kernel = weights[f"convolution_{place}/kernel"]
        before = (width - 1) // 2
        padded = np.pad(letters, ((before, width - 1 - before), (0, 0)))
        found = [np.einsum("wc,wcf->f", padded[at : at + width], kernel) for at in read]
        found = np.array(found) + weights[f"convolution_{place}/bias"]
        parts.append(np.maximum(found, 0.0).max(axis=0))
    word = np.concatenate(parts)
    changed = word @ weights["highway/kernel"] + weights["highway/bias"]
    gate = word @ weights["gate/kernel"] + weights["gate/bias"]
    gate = 1 / (1 + np.exp(-gate))
    return gate * np.maximum(changed, 0.0) + (1 - gate) * word


def slow_logits(made, ids, guests=None):
    weights, words = weights_of(made), []
    table, spellings = weights["embedding/table"], weights["embedding/spellings"]
    for row in ids:
        if row < len(table):
            words.append(slow_word(made, table[row], spellings[row].astype(int)))
        else:
            nothing = np.zeros(table.shape[1])
            guest = guests[row - len(table)].astype(int)
            words.append(slow_word(made, nothing, guest))
    mean, highest = np.mean(words, axis=0), np.max(words, axis=0)
    both = made.spec.model.pooling == "mean_max"
    features = np.concatenate([mean, highest]) if both else mean
    for number in range(len(made.spec.model.hidden)):
        name = f"hidden_{number + 1}"
        features = features @ weights[f"{name}/kernel"] + weights[f"{name}/bias"]
        features = np.maximum(features, 0.0)
    return features @ weights["output/kernel"] + weights["output/bias"]


@pytest.mark.parametrize("variant", SPELT)
def test_equals_the_slow_reference(small, variant):
    assert_logits(small(variant, "multiclass"), slow_logits)


@pytest.mark.parametrize("variant", SPELT)
def test_an_unknown_word_has_its_spelling_and_no_row(small, variant):
    made = small(variant, "multiclass")
    encoded = made.predictor.encode(MISSPELT)
    guests = [row for row in encoded.ids if row >= made.encoder.rows]
    assert len(set(guests)) == 6 and encoded.guests.shape[0] == 6
    expected = [slow_logits(made, encoded.row(i), encoded.guests) for i in range(4)]
    assert made.predictor.logits(encoded) == pytest.approx(np.array(expected), abs=1e-5)


@pytest.mark.parametrize("variant", SPELT)
def test_the_way_for_all_backends_gives_the_same(small, variant):
    made = small(variant, "multiclass")
    encoded = made.predictor.encode([*MISSPELT, "", "joy"])
    ids = pad(encoded, np.arange(len(encoded)))
    fast = step.compiled_forward(made.model)(ids, encoded.guests)
    slow = step._answer(made.model, ids, encoded.guests)
    assert slow == pytest.approx(fast, abs=1e-5)


def test_a_misspelt_word_is_like_no_other(small, small_bundle):
    predictor = Predictor.load(small_bundle("wordchar", "multiclass"))
    answers = predictor.predict(["smlie", "glooom", "щщщ", ""])
    p = answers.probabilities
    assert answers.unknown.tolist() == [1.0, 1.0, 1.0, 0.0]
    assert answers.built.tolist() == [1.0, 1.0, 0.0, 0.0]
    assert np.abs(p[0] - p[1]).max() > 1e-4 and np.abs(p[0] - p[3]).max() > 1e-4
    assert p[2] == pytest.approx(p[3], abs=1e-6)


def test_the_bundle_knows_how_words_are_spelt(small, small_bundle):
    made = small("wordchar", "binary")
    bundle = Bundle.open(small_bundle("wordchar", "binary"))
    spellings = bundle.weights()["embedding/spellings"]
    row = made.encoder.vocabulary.ids["joy"]
    assert bytes(spellings[row].astype(np.uint8)) == b"\x02joy\x03".ljust(9, b"\0")
    assert not spellings[:2].any()


@pytest.mark.parametrize("optimizer", ["adam", "adagrad"])
def test_a_frozen_table_stays_while_letters_are_learnt(optimizer):
    config = small_config(
        "wordchar",
        embedding={"train": "frozen"},
        training={"epochs": 1, "optimizer": optimizer},
    )
    made = untrained(config, small_dataset("binary"))
    before = made.weights()
    fitted(made)
    after = made.weights()
    stayed = {path for path in before if before[path] == after[path]}
    assert stayed == {"embedding/table", "embedding/spellings"}


def test_rows_without_the_own_row_are_hidden_as_a_whole():
    layer, rows = RowDropout(0.5, seed=3), np.ones((400, 3), dtype=np.float32)
    hidden = np.array(layer(rows, training=True))
    assert set(hidden.sum(axis=1).tolist()) == {0.0, 3.0}
    assert 0.4 < hidden.mean() < 0.6
    assert np.array_equal(layer(rows), rows)


def test_words_are_also_known_without_their_rows():
    """Rows that are always hidden are never learnt, and the letters tell the labels."""
    model = {**VARIANTS["wordchar"], "spelling_only": 0.999999}
    training = {"epochs": 25, "learning_rate": 0.02}
    config = small_config("wordchar", model=model, training=training)
    made = untrained(config, small_dataset("binary"))
    start = table_of(made.model).numpy()
    losses = [epoch.train_loss for epoch in fitted(made)]
    assert np.array_equal(table_of(made.model).numpy(), start)
    assert losses[-1] < 0.5 * losses[0]


@pytest.mark.parametrize(
    ("sections", "told"),
    [
        ({"text": {"unit": "character"}}, "text.unit: got 'character'"),
        (
            {
                "embedding": {
                    "init": "vectors",
                    "vectors": "m.bin",
                    "oov": "subword",
                    "subword_rows": 9,
                }
            },
            "embedding.subword_rows: gives vectors to unknown words",
        ),
        ({"text": {"ngrams": 2}}, "n-grams have no order"),
    ],
)
def test_settings_that_do_not_fit(sections, told):
    model = {"kind": "wordchar"}
    with pytest.raises(ConfigError, match=told):
        config_from_mapping({"data": {"train": "a.csv"}, "model": model, **sections})
