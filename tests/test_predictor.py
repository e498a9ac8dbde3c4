"""From texts to predictions, by the path that files and servers take."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contracts import TASKS, VARIANTS, small_config, small_dataset, untrained
from textclf.errors import ArtefactError
from textclf.evaluation.decision import Decision
from textclf.predictor import Predictor


@pytest.fixture(scope="module")
def predictor(small_bundle):
    return Predictor.load(small_bundle("cnn-widths", "multiclass"))


class TestPredict:
    @pytest.mark.parametrize("task", TASKS)
    @pytest.mark.parametrize("variant", ["average-mean", "cnn-multichannel"])
    def test_no_texts_give_no_rows(self, small, variant, task):
        made = small(variant, task)
        got = made.predictor.predict([])
        assert len(got) == 0
        assert got.probabilities.shape == (0, len(made.dataset.labels))
        assert list(got.records()) == []

    @settings(max_examples=30)
    @given(st.lists(st.text(max_size=60), max_size=5))
    def test_every_text_gets_an_answer(self, predictor, texts):
        got = predictor.predict(texts)
        assert len(got) == len(texts)
        assert np.allclose(got.probabilities.sum(axis=1), 1.0, atol=1e-9)
        assert len(list(got.records())) == len(texts)

    @pytest.mark.parametrize("text", ["\ud800", "joy \udfff film", "\ud83d\ude00 joy"])
    def test_half_a_surrogate_pair_is_an_unknown_character(self, predictor, text):
        got = predictor.predict([text, "joy"])
        replaced = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        expected = predictor.predict([replaced, "joy"])
        assert np.array_equal(got.probabilities, expected.probabilities)

    def test_a_long_text_is_cut_and_flagged(self, predictor):
        limit = predictor.encoder.settings.max_length
        texts = [" ".join(["joy"] * (limit + more)) for more in (0, 1, 500)]
        got = predictor.predict(texts)
        assert got.truncated.tolist() == [False, True, True]
        assert np.ptp(got.probabilities, axis=0).max() < 1e-6

    def test_ten_megabytes_are_one_text(self, predictor):
        """Fault 57; what is beyond the limit is not even normalised."""
        huge = "joy film " * 1_200_000
        tracemalloc.start()
        got = predictor.predict([huge, "joy"])
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert got.truncated.tolist() == [True, False]
        assert peak < 3 * len(huge)

    @pytest.mark.parametrize("repeats", [1, 300])
    def test_texts_beyond_a_batch_keep_their_rows(self, predictor, repeats):
        texts = ["joy smile", "gloom", "", "maze riddle quirk"] * repeats
        got = predictor.predict(texts).probabilities
        one = predictor.predict(texts[:4]).probabilities
        assert np.abs(got - np.tile(one, (repeats, 1))).max() < 1e-6

    def test_ids_give_what_texts_give(self, predictor):
        """Training encodes once; predicting takes the same path from there."""
        texts = small_dataset("multiclass").texts
        from_ids = predictor.predict_encoded(predictor.encoder.encode(texts))
        from_texts = predictor.predict(texts)
        assert np.array_equal(from_ids.probabilities, from_texts.probabilities)
        assert np.array_equal(from_ids.unknown, from_texts.unknown)

    def test_training_and_predicting_see_the_same_ids(self, small):
        for variant in VARIANTS:
            made = small(variant, "multiclass")
            again = made.encoder.encode(made.dataset.texts)
            assert np.array_equal(again.ids, made.encoded.ids)
            assert np.array_equal(again.offsets, made.encoded.offsets)


@pytest.mark.parametrize("task", TASKS)
def test_alone_or_among_others_a_text_is_answered_alike(small, task):
    """Fault 60, with a decision that is not the neutral one."""
    made = small("cnn-widths", task)
    thresholds = {"binary": (0.4,), "multiclass": (), "multilabel": (0.3, 0.5, 0.6)}
    decision = Decision(1.7, thresholds[task], 0.5)
    predictor = replace(made.predictor, decision=decision)
    texts = made.dataset.texts
    turned = predictor.predict(texts[::-1])
    together = list(predictor.predict(texts).records())
    alone = [next(predictor.predict([text]).records()) for text in texts]
    for others in (alone, list(turned.records())[::-1]):
        for one, other in zip(together, others, strict=True):
            assert one["label"] == other["label"]
            assert one["abstained"] == other["abstained"]
            likely = [list(r["probabilities"].values()) for r in (one, other)]
            assert np.abs(np.subtract(*likely)).max() < 1e-6


class TestLoad:
    def test_gives_what_was_trained(self, small, predictor):
        texts = small_dataset("multiclass", seed=4).texts
        expected = small("cnn-widths", "multiclass").predictor.predict(texts)
        got = predictor.predict(texts)
        assert np.array_equal(got.probabilities, expected.probabilities)
        assert got.labels == expected.labels == predictor.labels.names

    def test_a_model_without_numbers_gives_a_fault_and_no_answer(self):
        made = untrained(small_config("average-mean"), small_dataset("binary"))
        made.model.set_weights([np.full(w.shape, np.nan) for w in made.model.weights])
        with pytest.raises(ArtefactError, match="not finite"):
            made.predictor.predict(["joy"])

    def test_a_predictor_keeps_its_model_alive(self, small_bundle):
        import gc

        loaded = Predictor.load(small_bundle("average-hidden", "binary"))
        gc.collect()
        assert np.isfinite(loaded.predict(["joy"]).probabilities).all()
