"""A classifier says why."""

import pickle

import pytest

from textclf.errors import ConfigError

TEXT = "a lovely film, dull number 3"


@pytest.mark.parametrize("which", ["binary", "sets", "cnn"])
def test_the_parts_of_a_text_add_up(which, request):
    fitted = request.getfixturevalue(which)
    label = fitted.classes_[0]
    why = fitted.explain(TEXT, label=label)
    chance = fitted.predict_proba([TEXT])[0, 0]
    assert (why.label, why.probability) == (label, pytest.approx(chance, abs=1e-5))
    assert why.complete
    told = sum(span.score for span in why.spans)
    assert why.base + told == pytest.approx(why.total, abs=0.01)


def test_it_goes_on_after_a_text_without_evidence(binary):
    fitted = pickle.loads(pickle.dumps(binary))
    assert fitted.explain("").silent
    assert fitted.explain(TEXT).complete
    assert b"_explainer" not in pickle.dumps(fitted)


def test_occlusion_asks_the_model_again(binary):
    why = binary.explain(TEXT, label="pos", method="occlusion")
    scores = {span.unit: span.score for span in why.spans}
    assert scores["lovely"] > 0 > scores["dull"]


def test_what_cannot_be_explained_is_refused(binary):
    with pytest.raises(ConfigError, match="label: got label 'neutral'"):
        binary.explain(TEXT, label="neutral")
    with pytest.raises(ConfigError, match="method"):
        binary.explain(TEXT, method="guessing")
    with pytest.raises(ValueError, match=r"text\[0\]: got list"):
        binary.explain([TEXT])
