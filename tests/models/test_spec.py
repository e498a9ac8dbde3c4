"""The bounded shape of a model, and what a foreign one is refused for."""

import copy

import pytest

from tests.contracts import TASKS, VARIANTS, small_config
from textclf.errors import ArtefactError
from textclf.models.spec import ModelSpec


def spec_of(variant, task="multiclass"):
    config = small_config(variant)
    return ModelSpec.of(config, rows=40, units=30, labels=3, task=task)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("task", TASKS)
def test_json_round_trip(variant, task):
    spec = spec_of(variant, task)
    assert ModelSpec.from_json(spec.model_dump(mode="json")) == spec
    assert spec.outputs == (1 if task == "binary" else 3)


def test_parameters_of_known_models():
    """Counted by hand."""
    assert spec_of("average-mean").parameters() == 40 * 6 + 6 * 3 + 3
    assert spec_of("average-mean_max").parameters() == 40 * 6 + 12 * 3 + 3
    hidden = 40 * 6 + (6 * 6 + 6) + (6 * 5 + 5) + (5 * 3 + 3)
    assert spec_of("average-hidden").parameters() == hidden
    assert spec_of("cnn-one").parameters() == 40 * 6 + (18 * 5 + 5) + (5 * 3 + 3)
    assert spec_of("ngram").parameters() == 40 * 3 + 3
    assert spec_of("ngram", "binary").parameters() == 40 + 1
    dense = 30 * 5 + (5 * 3 + 3)
    assert spec_of("ngram-dense").parameters() == 40 * 3 + 3 + dense
    channels = 2 * 40 * 6 + (24 * 3 + 3) + (60 * 3 + 3) + (6 * 3 + 3)
    assert spec_of("cnn-multichannel").parameters() == channels


def changed(*path, to, variant="cnn-widths"):
    value = copy.deepcopy(spec_of(variant).model_dump(mode="json"))
    place = value
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    return value


FOREIGN = {
    "unknown kind": (changed("model", "kind", to="lambda"), "model"),
    "unknown key": (changed("layers", to=[]), "layers"),
    "unknown key of a kind": (changed("model", "code", to="x"), "model.cnn.code"),
    "no kind": (changed("model", to={}), "model"),
    "too many rows": (changed("rows", to=200_000_001), "rows"),
    "no rows": (changed("rows", to=0), "rows"),
    "negative": (changed("dim", to=-1), "dim"),
    "huge": (changed("dim", to=10**400), "dim"),
    "too wide": (changed("dim", to=1_000_001), "dim"),
    "too many outputs": (changed("outputs", to=1_000_001), "outputs"),
    "a fraction": (changed("outputs", to=2.0), "outputs"),
    "a truth value": (changed("outputs", to=True), "outputs"),
    "text": (changed("rows", to="40"), "rows"),
    "another task": (changed("task", to="regression"), "task"),
    "too many widths": (changed("model", "widths", to=[1] * 17), "model.cnn.widths"),
    "not a number": (
        changed("regularisation", "l2", to=float("nan")),
        "regularisation.l2",
    ),
    "more units than rows": (changed("units", to=41), ""),
    "no units": (changed("units", to=0), "units"),
    "wider than the outputs": (changed("dim", to=4, variant="ngram"), ""),
    "too dense": (
        changed("model", "dense_dim", to=4097, variant="ngram-dense"),
        "model.ngram.dense_dim",
    ),
    "a list": ([], ""),
    "nothing": (None, ""),
}


@pytest.mark.parametrize(("value", "place"), FOREIGN.values(), ids=FOREIGN)
def test_foreign_specs_are_refused_by_place(value, place):
    with pytest.raises(ArtefactError) as caught:
        ModelSpec.from_json(value)
    assert caught.value.where == place
