"""The design of a study where its trials would do more than train once."""

import pytest

from textclf.errors import ConfigError
from textclf.study.blueprint import Blueprint
from textclf.study.reading import study_from_mapping

DIMS = {"embedding.dim": [2, 4]}


def blueprint(tmp_path, training, scientific, *, as_base=False):
    shared = {"data": {"train": "a.csv"}, "training": training}
    given = {"fixed": shared}
    if as_base:
        lines = [f"{key}: {str(value).lower()}" for key, value in training.items()]
        base = tmp_path / "base.yaml"
        base.write_text(f"data: {{train: a.csv}}\ntraining: {{{', '.join(lines)}}}\n")
        given = {"base": str(base)}
    spec = {"study": "once", "scientific": scientific, **given}
    return Blueprint.of(study_from_mapping(spec))


@pytest.mark.parametrize("as_base", [False, True], ids=["fixed", "base"])
def test_a_second_training_that_all_share_is_left_out(tmp_path, as_base):
    once = blueprint(tmp_path, {"refit": False}, DIMS, as_base=as_base)
    twice = blueprint(tmp_path, {"refit": True}, DIMS, as_base=as_base)
    assert (once.refits, twice.refits) == (False, True)
    for cell in once.cells:
        assert twice.config(cell, {}) == once.config(cell, {})


def test_what_only_a_second_training_forbids_can_be_studied(tmp_path):
    schedules = {"training.schedule": ["constant", "plateau"]}
    design = blueprint(tmp_path, {"refit": True}, schedules)
    found = [design.config(cell, {}).training for cell in design.cells]
    assert [(one.schedule, one.refit) for one in found] == [
        ("constant", False),
        ("plateau", False),
    ]


@pytest.mark.parametrize("shared", [False, True])
def test_a_second_training_is_no_factor(tmp_path, shared):
    with pytest.raises(ConfigError, match=r"training\.refit: .*do not vary it"):
        blueprint(tmp_path, {"refit": shared}, {"training.refit": [False, True]})


def test_a_mistake_beside_it_is_told(tmp_path):
    with pytest.raises(ConfigError, match=r"training\.refit"):
        blueprint(tmp_path, {"refit": "yes"}, DIMS)
