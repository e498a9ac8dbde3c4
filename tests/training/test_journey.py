"""A run keeps the start of its words and tells how each kind of training moved them."""

from types import SimpleNamespace

import numpy as np
import pytest

from tests.contracts import fitted, small_config, small_dataset, untrained
from textclf.evaluation.movement import Movement
from textclf.models.embedding import table_of
from textclf.run import Run
from textclf.training.journey import PICTURE, RECORD, Journey
from textclf.vectors.start import START, read_start


def journey_of(tmp_path, variant="average-mean", found=None, **embedding):
    config = small_config(variant, embedding=embedding)
    small = untrained(config, small_dataset("binary"))
    run = Run.create(tmp_path / "run", config="")
    seeded = None if found is None else SimpleNamespace(found=found(small.spec.units))
    prepared = SimpleNamespace(
        config=config, spec=small.spec, encoder=small.encoder, seeded=seeded
    )
    return small, run, Journey.begin(small.model, prepared)


def moved(tmp_path, **settings):
    small, run, journey = journey_of(tmp_path, **settings)
    start = table_of(small.model).numpy()
    fitted(small, on_epoch=journey.see)
    return small, run, journey.end(run), start


@pytest.mark.parametrize("variant", ["average-mean", "cnn-multichannel"])
def test_the_start_is_that_of_the_words(tmp_path, variant):
    small, run, _, table = moved(tmp_path, variant=variant)
    start = table[2:]
    asked = {"rows": len(start), "dim": 6, "encoder": small.encoder.digest}
    assert (read_start(run.folder / START, **asked) == start).all()


@pytest.mark.parametrize("variant", ["average-mean", "cnn-one"])
def test_a_frozen_table_does_not_move(tmp_path, variant):
    *_, told, _ = moved(tmp_path, variant=variant, train="frozen")
    assert told.groups[0].still == told.words
    assert [(one.rate, one.distance) for one in told.epochs] == [(0.0, 0.0)] * 4


def test_two_stages_stand_still_and_then_move_less_than_one(tmp_path):
    two = {"train": "two_stage", "frozen_epochs": 2}
    *_, told, _ = moved(tmp_path / "two", **two)
    distances = [one.distance for one in told.epochs]
    assert [one.rate for one in told.epochs] == [0.0, 0.0, 0.1, 0.1]
    assert distances[:2] == [0.0, 0.0] and 0 < distances[2] < distances[3]
    *_, free, _ = moved(tmp_path / "free", train="finetune")
    assert free.epochs[1].distance > distances[3]


def test_the_figures_are_those_of_the_table_and_lie_in_the_run(tmp_path):
    small, run, told, start = moved(tmp_path)
    end = table_of(small.model).numpy()
    way = np.linalg.norm(end[2:].astype(float) - start[2:], axis=1)
    assert told.groups[0].distance == pytest.approx(way.mean())
    assert told.most[0].word == small.encoder.vocabulary.tokens[2 + way.argmax()]
    assert told.words == told.measured == len(end) - 2
    assert Movement.from_json(run.read_json(RECORD)) == told
    assert (run.folder / PICTURE).read_bytes().startswith(b"\x89PNG")


def test_words_of_a_file_are_told_apart(tmp_path):
    *_, told, _ = moved(tmp_path, found=lambda units: np.arange(units) < 7)
    words = {one.name: one.words for one in told.groups}
    assert words["found in the file"] == 5
    assert words["not found"] == told.words - 5


def test_rows_that_are_no_vectors_have_no_journey(tmp_path):
    _, run, journey = journey_of(tmp_path, "ngram")
    assert journey is None
    assert not (run.folder / START).exists()
