"""Study files: every mistake names its line; the design is checked as a whole."""

from pathlib import Path

import pytest

from textclf.errors import ConfigError
from textclf.study.blueprint import Blueprint
from textclf.study.design import Cell
from textclf.study.reading import read_study, study_from_mapping
from textclf.study.study import Study

SMALL = {
    "study": "small",
    "fixed": {"data": {"dataset": "sample"}, "training": {"epochs": 2}},
    "scientific": {
        "embedding.dim": [2, 8],
        "dropout": {"none": {}, "word": {"regularisation.word_dropout": 0.3}},
    },
}


DIMS = "scientific: {embedding.dim: [2, 5]}\n"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "s.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("scientific: {}\n", r"s.yaml:1: .*got {}, expected at least one$"),
        ("study: a\n", "got no 'scientific'"),
        ("study: a\nscientifc: {}\n", r"s.yaml:2: .*mean `scientific`"),
        ("study: a/b\n" + DIMS, r"s.yaml:1: study: got 'a/b'"),
        (DIMS + "constraints: dim > 2\n", "expected a list"),
        (DIMS + "replication: {min: 5, stop_when: {}}\n", "half_width"),
        (DIMS + "limits: {budget: 20}\n", "limits.budget: got 20, expected a time"),
        (DIMS + "replicaton: {}\n", r"s.yaml:2: .*mean `replication`"),
        (DIMS + "model: {}\n", "under `fixed`"),
        (DIMS + "split:\n  kind: cv\n", r"s.yaml:3: .*repeated_cv"),
        (DIMS + "split:\n  fold: 3\n", r"s.yaml:3: .*mean `folds`"),
        (DIMS + "replication: {min: 5, max: 3}\n", "below min"),
        (DIMS + "limits: {budget: soon}\n", "budget"),
        (DIMS + "rope: 1e-\n", "rope"),
        (DIMS + "sampler: {kind: tpe}\n", "say how many"),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_their_line(tmp_path, text, told):
    with pytest.raises(ConfigError, match=told):
        read_study(written(tmp_path, text))


def blueprint(**changes):
    return Blueprint.of(study_from_mapping(SMALL | changes))


def test_a_cell_makes_a_configuration():
    design = blueprint()
    cell = Cell.of({"dim": "8", "dropout": "word"})
    config = design.config(cell, {"training.learning_rate": 0.1}, seed=3)
    assert config.embedding.dim == 8
    assert config.regularisation.word_dropout == 0.3
    assert (config.training.epochs, config.training.learning_rate) == (2, 0.1)
    assert config.seed == 3


def test_numbers_are_read_by_the_rules_of_yaml(tmp_path):
    text = (
        "fixed: {data: {dataset: sample}}\nscientific: {regularisation.l2: [0, 1e-5]}\n"
    )
    design = Blueprint.of(read_study(written(tmp_path, text)))
    assert design.factors[0].numeric == (0.0, 1e-5)


def test_a_kind_of_model_can_be_a_factor():
    fixed = {"data": {"dataset": "sample"}, "model": {"kind": "average", "hidden": [4]}}
    design = blueprint(fixed=fixed, scientific={"model.kind": ["average", "cnn"]})
    kinds = [design.config(cell, {}).model.kind for cell in design.cells]
    assert kinds == ["average", "cnn"]


def test_constraints_leave_cells_out():
    design = blueprint(constraints=["dropout == 'word' implies dim > 5"])
    assert [str(cell) for cell in design.cells] == [
        "dim=2,dropout=none",
        "dim=8,dropout=none",
        "dim=8,dropout=word",
    ]
    with pytest.raises(ConfigError, match="no cell obeys"):
        blueprint(constraints=["dim > 100"])
    alone = blueprint(constraints=["dim == 2", "dropout == 'none'"])  # for its seeds
    assert [str(cell) for cell in alone.cells] == ["dim=2,dropout=none"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"fixed": {**SMALL["fixed"], "seed": 3}}, "replication says how many"),
        ({"fixed": {"data": {"datset": "x"}}}, "datset"),
        ({"scientific": {"embedding.dim": [2, 0]}}, "cell dim=0"),
        ({"scientific": {"embedding.dim": {"log": [2, 9]}}}, "quasi_random"),
        (
            {
                "scientific": {
                    "text.ngrams": [1, 2],
                    "model.kind": ["average", "cnn"],
                }
            },
            "n-grams",
        ),
    ],
)
def test_a_design_that_cannot_be_is_refused_before_anything_is_trained(changes, told):
    with pytest.raises(ConfigError, match=told):
        blueprint(**changes)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"scientific": {"a": {"x": {}, "y": {}}}}, "one and the same configuration"),
        (
            {"scientific": {"a": {"x": {}, "y": {"embedding.dim": 100}}}},
            "a=x and a=y",
        ),
        (
            {
                "scientific": {"a": {"x": {}, "y": {"text.ngrams": 1}}},
                "sampler": {"kind": "tpe", "cells": 2},
            },
            "a=x and a=y",
        ),
        (
            {
                "scientific": {
                    "embedding.dim": [2, 5],
                    "b": {"x": {}, "y": {"embedding.dim": 3}},
                }
            },
            "embedding.dim in two factors, dim and b",
        ),
        (
            {"nuisance": {"settings": {"embedding.dim": [2, 3]}}},
            "the factor dim sets",
        ),
        ({"nuisance": {"settings": {"training.epochs": []}}}, "different values"),
        ({"nuisance": {"settings": {"training.epochs": {}}}}, "low below high"),
        ({"nuisance": {"settings": {"training.epochs": [2, 2]}}}, "different values"),
        (
            {
                "scientific": {"embedding.dim": {"log": [2, 4]}},
                "sampler": {"kind": "quasi_random", "cells": 50},
            },
            "found 3 different cells",
        ),
        (
            {
                "scientific": {"embedding.dim": {"log": [2, 90]}},
                "sampler": {"kind": "quasi_random", "cells": 5},
                "constraints": ["dim > 100"],
            },
            "that obey the constraints",
        ),
        (
            {
                "scientific": {"embedding.dim": {"log": [2, 90]}},
                "sampler": {"kind": "tpe", "cells": 5},
                "constraints": ["dim > 100"],
            },
            "no cell obeys",
        ),
        (
            {
                "scientific": {
                    f"regularisation.{name}": [n / 100 for n in range(40)]
                    for name in ("dropout", "word_dropout", "type_dropout")
                }
            },
            "64,000 combinations",
        ),
    ],
)
def test_a_design_that_says_nothing_or_too_much_is_refused(changes, told):
    with pytest.raises(ConfigError, match=told):
        blueprint(**changes)


def test_mistakes_of_the_design_are_told_with_their_line(tmp_path):
    text = "fixed: {data: {dataset: sample}}\nscientific:\n  embedding.dmi: [2, 5]\n"
    with pytest.raises(ConfigError, match=r"s.yaml:3: scientific.embedding.dmi: got"):
        Study(written(tmp_path, text)).plan()
    text = text.replace("dmi", "dim") + "split: {kind: given}\n"
    with pytest.raises(ConfigError, match=r"s.yaml:4: split.kind: got kind given"):
        Study(written(tmp_path, text)).plan()


@pytest.mark.parametrize(
    ("factors", "told"),
    [
        ("  embedding.dim:\n  - 2\n  - wide\n", r"s.yaml:3: cell dim=wide: embedding"),
        (
            "  a:\n    x: {embedding.dim: 2}\n    y: {embedding.dim: -2}\n",
            r"s.yaml:5: cell a=y: embedding.dim: got -2",
        ),
        ("  embedding.dim: {log: [2, 9]}\n", r"s.yaml:3: .*got a range for dim"),
    ],
)
def test_mistakes_of_a_level_are_told_with_its_line(tmp_path, factors, told):
    text = f"fixed: {{data: {{dataset: sample}}}}\nscientific:\n{factors}"
    with pytest.raises(ConfigError, match=told):
        Study(written(tmp_path, text)).plan()


def test_an_example_of_a_search_obeys_the_constraints():
    rules = ["dropout == 'word'", "dim > 5"]
    design = blueprint(sampler={"kind": "tpe", "cells": 6}, constraints=rules)
    assert str(design.example) == "dim=8,dropout=word"


def test_a_base_file_lies_under_what_is_fixed(tmp_path):
    (tmp_path / "base.yaml").write_text(
        "data: {dataset: sample}\ntraining: {epochs: 9, batch_size: 7}\n"
    )
    text = "base: base.yaml\nfixed: {training: {epochs: 2}}\n"
    text += "scientific: {embedding.dim: [2, 5]}\n"
    design = Blueprint.of(read_study(written(tmp_path, text)))
    training = design.config(design.cells[0], {}).training
    assert (training.epochs, training.batch_size) == (2, 7)


def test_a_range_is_sampled():
    design = blueprint(
        scientific={"embedding.dim": {"log": [2, 64]}, "text.ngrams": [1, 2]},
        sampler={"kind": "quasi_random", "cells": 8},
    )
    assert len(design.cells) == 8
    numeric = design.by_name["dim"].numeric
    assert list(numeric) == sorted(numeric)
    assert design.config(design.cells[0], {}).embedding.dim == int(
        design.cells[0]["dim"]
    )


def test_a_search_knows_no_cells_beforehand():
    design = blueprint(sampler={"kind": "tpe", "cells": 6})
    assert design.cells == ()
    assert str(design.example) == "dim=2,dropout=none"
