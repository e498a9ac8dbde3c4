"""Vectors of texts: the output layer makes the logits of them, or they are the rows."""

import numpy as np
import pytest

from tests.contracts import VARIANTS
from textclf.bundle import Bundle
from textclf.models.representation import representation_of
from textclf.predictor import Predictor

TEXTS = ["the joy of the film", "gloom", "a maze then tears and joy joy", "", "zzz the"]


@pytest.fixture
def made(small_bundle):
    def of(variant):
        bundle = Bundle.open(small_bundle(variant, "multiclass"))
        weights = bundle.weights()
        represent = representation_of(bundle.spec, weights, bundle.model)
        return represent, weights, Predictor.of_bundle(bundle)

    return of


@pytest.mark.parametrize(
    "variant", [v for v in VARIANTS if VARIANTS[v]["kind"] != "ngram"]
)
def test_the_output_layer_makes_the_logits_of_the_vectors(made, variant):
    represent, weights, predictor = made(variant)
    encoded = predictor.encode(TEXTS)
    vectors = represent(encoded)
    logits = vectors @ weights["output/kernel"] + weights["output/bias"]
    assert np.allclose(logits, predictor.engine(encoded), atol=1e-5)


@pytest.mark.parametrize("variant", ["ngram", "ngram-dense"])
def test_products_of_ngram_vectors_are_those_of_the_rows_they_share(made, variant):
    represent, weights, predictor = made(variant)
    encoded = predictor.encode(TEXTS)
    table = weights["embedding/table"].astype(np.float64)
    got = represent(encoded)
    products = (got @ got.T).toarray()
    for one in range(len(TEXTS)):
        for other in range(len(TEXTS)):
            pairs = [
                table[a] @ table[a]
                for a in encoded.row(one)
                for b in encoded.row(other)
                if a == b
            ]
            assert products[one, other] == pytest.approx(sum(pairs), abs=1e-5)
