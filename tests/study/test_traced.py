"""A model that is used again trains like one that was built for the occasion."""

from dataclasses import replace

import numpy as np
import pytest

from tests.contracts import small_config, small_dataset
from textclf.config.schema import Config
from textclf.data.dataset import Splits
from textclf.models.build import build_model
from textclf.models.guests import guest_rows
from textclf.models.inference import keras_engine
from textclf.study.material import Tokens
from textclf.study.traced import Traced, TracedModels
from textclf.study.trial import _hosting
from textclf.text.encoder import TextEncoder
from textclf.training.fit import fit
from textclf.training.learn import seed_model
from textclf.training.prepare import Prepared, counted_from, spec_of
from textclf.training.steps import Steps

DROPS = {"word_dropout": 0.2, "type_dropout": 0.1, "dropout": 0.3}


def prepared(config: Config, rows: range, task: str = "binary") -> Prepared:
    whole = small_dataset(task)
    train = whole.take(np.array([row for row in rows if row < len(whole)]))
    encoder, encoded = TextEncoder.fit_encode(train.texts, config.text)
    spec = spec_of(config, encoder, train.labels)
    counted = counted_from(config, train, encoder, encoded)
    splits = Splits(train, train, None, sources={})
    return Prepared(config, splits, encoder, encoded, spec, None, (), counted, 0.0)


def trained(model, engine, run: Prepared, begin=None) -> np.ndarray:
    from textclf.predictor import Predictor

    train = run.splits.train
    predictor = Predictor(run.encoder, train.labels, engine)
    fit(
        model,
        train,
        run.encoded,
        run.config,
        predict_dev=lambda: predictor.predict_encoded(run.encoded),
        dev=train,
        on_epoch=lambda epoch: None,
        begin=begin,
    )
    return engine(run.encoded)


def alone(run: Prepared) -> np.ndarray:
    model = build_model(run.spec, seed=run.config.seed)
    seed_model(model, run)
    task, shares = run.splits.train.labels.task, shares_of(run)
    begin = Steps(model, run.config, task, shares)
    return trained(model, keras_engine(model), run, begin)


def shares_of(run: Prepared) -> np.ndarray | None:
    return run.counted.shares if run.counted else None


def again(models: TracedModels, run: Prepared) -> np.ndarray:
    traced = models.fresh(
        run.spec, run.config, seed_model=lambda model: seed_model(model, run)
    )
    task = run.splits.train.labels.task
    begin = traced.begin(run.config, task, shares_of(run))
    return trained(traced.model, traced.engine, run, begin)


def config_of(
    variant: str, *, optimizer: str = "lazy_adam", seed: int, rate: float = 0.01
) -> Config:
    training = {"optimizer": optimizer, "learning_rate": rate, "epochs": 2}
    return small_config(variant, regularisation=DROPS, training=training, seed=seed)


def check(first: Prepared, run: Prepared) -> None:
    """Another seed, other words, another rate: all that may differ between trials."""
    models = TracedModels(100)
    again(models, first)
    assert np.array_equal(again(models, run), alone(run))
    assert np.array_equal(again(models, first), alone(first))


@pytest.mark.parametrize("optimizer", ["adam", "lazy_adam", "adagrad", "sgd"])
def test_the_second_trial_of_a_traced_model_is_that_of_a_fresh_one(optimizer):
    variant = "average-mean"
    check(
        prepared(config_of(variant, optimizer=optimizer, seed=1), range(40)),
        prepared(
            config_of(variant, optimizer=optimizer, seed=2, rate=0.03), range(9, 48)
        ),
    )


@pytest.mark.parametrize(
    "variant",
    ["cnn-multichannel", "ngram", "ngram-dense", "average-hidden", "wordchar"],
)
def test_so_it_is_for_other_kinds(variant):
    check(
        prepared(config_of(variant, seed=1), range(40), "multiclass"),
        prepared(config_of(variant, seed=2), range(5, 48), "multiclass"),
    )


def test_unknown_words_are_spelt_beside_rows_to_spare():
    run = prepared(config_of("wordchar", seed=1), range(6))
    rest = small_dataset("binary").take(np.arange(12, 48))
    run = replace(run, splits=replace(run.splits, dev=rest, test=rest))
    model = build_model(run.spec, seed=1)
    seed_model(model, run)
    rows = run.spec.rows + 5
    spec = run.spec.model_copy(update={"rows": rows, "units": rows})
    larger = build_model(spec, seed=0)
    roomy = Traced(larger, keras_engine(larger))
    roomy.pour(model)
    tokens = Tokens(run.encoder, run.encoded, run.encoded, run.encoded)
    hosted = _hosting(tokens, run, rows).dev
    plain = run.encoder.encode(rest.texts, rows_of=guest_rows(run.spec, run.encoder))
    assert plain.guests is not None
    assert np.allclose(roomy.engine(hosted), keras_engine(model)(plain), atol=1e-6)


def test_a_stage_that_freezes_the_table_has_a_step_of_its_own():
    config = config_of("average-mean", seed=1)
    staged = config.embedding.model_copy(
        update={"train": "two_stage", "frozen_epochs": 1}
    )
    run = prepared(config.model_copy(update={"embedding": staged}), range(40))
    check(prepared(config, range(40)), run)


def test_models_that_are_too_many_are_forgotten():
    models = TracedModels(0.001)
    run = prepared(config_of("average-mean", seed=1), range(40))
    other = prepared(config_of("cnn-one", seed=1), range(40))
    first = models.fresh(run.spec, run.config, seed_model=lambda model: None)
    models.fresh(other.spec, other.config, seed_model=lambda model: None)
    again_ = models.fresh(run.spec, run.config, seed_model=lambda model: None)
    assert again_ is not first
