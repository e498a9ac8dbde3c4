"""The contract that every kind of model keeps, in each of its variants and tasks."""

import hashlib
import json
import math
from importlib import import_module
from typing import get_args

import numpy as np
import pytest

from tests.contracts import (
    COMBINATIONS,
    PLAIN,
    REGULARISED,
    TASKS,
    VARIANTS,
    fitted,
    in_fresh_process,
    small_config,
    small_dataset,
    trained,
    untrained,
)
from textclf import backend
from textclf.config.kinds import AverageConfig, CnnConfig, ModelConfig, NgramConfig
from textclf.evaluation.predictions import probabilities_from_logits
from textclf.models.build import BUILDERS
from textclf.text.padding import pad

TOLERANCE = 1e-6
FRESH = ("average-hidden", "cnn-multichannel", "ngram-dense")

_CONSTANT = ("bias", "/gamma", "/beta", "/scale", "/spellings")
"""How the names of weights end that begin without chance."""

each_variant = pytest.mark.parametrize("variant", VARIANTS)
each_combination = pytest.mark.parametrize(("variant", "task"), COMBINATIONS)

RELOAD = """
import json, sys
from pathlib import Path
import numpy as np
from textclf.predictor import Predictor

bundles, texts, output = sys.argv[1:]
texts = json.loads(Path(texts).read_text())
folders = sorted(Path(bundles).iterdir())
answers = {f.name: Predictor.load(f).predict(texts).probabilities for f in folders}
np.savez(output, **answers)
"""

TRAIN = """
import hashlib, json, sys
from tests.contracts import REGULARISED, small_config, small_dataset, trained
from textclf import backend

backend.start()
for variant in sys.argv[1:]:
    config = small_config(variant, regularisation=REGULARISED)
    weights = trained(config, small_dataset("multiclass")).weights()
    print(variant, hashlib.sha256(b"".join(weights.values())).hexdigest())
"""


def many_texts():
    """64 texts: those of training, unknown words among known ones, long and empty."""
    texts = small_dataset("multiclass", texts=56, seed=11).texts
    known = " ".join(texts)
    return [*texts, "", " \n", "щщщ", "щщщ жжж ййй", "щщщ joy", known, "joy", "JOY the"]


def probabilities(model, ids):
    logits = backend.compiled_forward(model.model)(ids)
    return probabilities_from_logits(logits, model.spec.task)


class TestNames:
    def test_builders_are_the_kinds_of_the_configuration(self):
        union = get_args(get_args(ModelConfig)[0])
        kinds = {section.model_fields["kind"].default for section in union}
        assert set(BUILDERS) == kinds
        assert {AverageConfig, CnnConfig, NgramConfig} <= set(union)

    def test_every_kind_has_variants_here(self):
        assert {settings["kind"] for settings in VARIANTS.values()} == set(BUILDERS)

    def test_every_module_builds(self):
        assert all(callable(import_module(m).build) for m in BUILDERS.values())

    @each_combination
    def test_weight_paths_are_those_that_bundles_hold(self, small, variant, task):
        paths = [variable.path for variable in small(variant, task).model.weights]
        assert len(set(paths)) == len(paths)
        assert set(paths) == expected_paths(VARIANTS[variant])


def expected_paths(settings):
    """The names of weights, which bundles hold: they may not change."""
    with_bias = [*_INNER.get(settings["kind"], lambda s: [])(settings), "output"]
    if settings["kind"] == "ngram" and not settings.get("dense_dim"):
        with_bias = []
    dense = {f"{name}/{part}" for name in with_bias for part in ("kernel", "bias")}
    return {"embedding/table"} | dense | _beside(settings)


def _beside(settings):
    found = set()
    if settings["kind"] == "ngram":
        found |= {"bias/bias"}
    if settings.get("dense_dim"):
        found |= {"dense_embedding/table"}
    if settings.get("multichannel"):
        found |= {"static_embedding/table"}
    if settings["kind"] == "attention" or settings.get("readout") == "attention":
        found |= {f"attention/{n}_kernel" for n in ("hidden", "score")}
        found |= {"attention/hidden_bias"}
    if settings["kind"] == "recurrent":
        found |= {f"{cell}/recurrent_kernel" for cell in _cells(settings)}
    if settings["kind"] == "wordchar":
        found |= {"embedding/spellings", "letters/table"}
    if settings["kind"] == "transformer":
        blocks = range(1, settings["blocks"] + 1)
        norms = [
            f"{part}_norm_{i}" for i in blocks for part in ("attention", "forward")
        ]
        found |= {
            f"{norm}/{part}"
            for norm in (*norms, "projection_norm", "norm")
            for part in ("gamma", "beta")
        }
        found |= {"positions/scale"}
    return found


def _numbered(name, values):
    return [f"{name}_{i + 1}" for i in range(len(values))]


def _cells(settings):
    both = settings.get("bidirectional", True)
    for layer in range(1, settings.get("layers", 1) + 1):
        for way in ("forward", "backward") if both else ("forward",):
            outer = f"both_{layer}/" if both else ""
            yield f"{outer}{way}_{layer}/{settings.get('cell', 'gru')}_cell"


def _in_blocks(settings):
    names = ("attention_{}/inside", "attention_{}/outside", "wide_{}", "narrow_{}")
    blocks = range(1, settings["blocks"] + 1)
    return ["projection", *(name.format(i) for i in blocks for name in names)]


_INNER = {
    "attention": lambda settings: ["convolution_1"],
    "average": lambda settings: _numbered("hidden", settings.get("hidden", ())),
    "charcnn": lambda settings: [
        *_numbered("convolution", settings["char_widths"]),
        *_numbered("hidden", settings["hidden"]),
    ],
    "cnn": lambda settings: _numbered("convolution", settings["widths"]),
    "recurrent": _cells,
    "transformer": _in_blocks,
    "wordchar": lambda settings: [
        *_numbered("convolution", settings["spelling_widths"]),
        *_numbered("hidden", settings.get("hidden", ())),
        "highway",
        "gate",
    ],
}


def _constant(settings):
    """The names of weights that are never trained."""
    found = {"static_embedding/table"} if settings.get("multichannel") else set()
    spelt = settings["kind"] == "wordchar"
    return found | ({"embedding/spellings"} if spelt else set())


class TestSizes:
    @each_combination
    def test_the_spec_knows_the_number_of_weights(self, small, variant, task):
        made = small(variant, task)
        assert made.spec.parameters() == made.model.count_params()
        assert made.spec.bytes() == sum(len(w) for w in made.weights().values())


class TestLearning:
    @each_combination
    def test_loss_is_finite_and_falls(self, small, variant, task):
        losses = [epoch.train_loss for epoch in small(variant, task).history]
        assert all(math.isfinite(loss) for loss in losses)
        assert losses[-1] < 0.99 * losses[0]

    @each_combination
    def test_two_steps_move_every_trained_weight(self, variant, task):
        config = small_config(variant, training={"epochs": 1, "batch_size": 24})
        made = untrained(config, small_dataset(task))
        start = made.weights()
        fitted(made)
        end = made.weights()
        unmoved = {path for path in start if start[path] == end[path]}
        assert unmoved == _constant(VARIANTS[variant])


@pytest.fixture(scope="module")
def reloaded(small_bundle, tmp_path_factory):
    """Probabilities that every bundle gives in one fresh process."""
    folder = tmp_path_factory.mktemp("fresh")
    (bundles,) = {small_bundle(*combination).parent for combination in COMBINATIONS}
    (folder / "texts.json").write_text(json.dumps(many_texts()))
    output = folder / "answers.npz"
    in_fresh_process(RELOAD, bundles, folder / "texts.json", output)
    with np.load(output) as answers:
        return dict(answers)


@each_combination
def test_a_fresh_process_gives_identical_probabilities(small, reloaded, variant, task):
    expected = small(variant, task).predictor.predict(many_texts()).probabilities
    assert np.array_equal(reloaded[f"{variant}.{task}"], expected)


class TestPaddingAndBatches:
    @each_combination
    def test_a_text_alone_is_as_in_a_batch(self, small, variant, task):
        predictor = small(variant, task).predictor
        together = predictor.predict(many_texts()).probabilities
        alone = [predictor.predict([text]).probabilities[0] for text in many_texts()]
        assert np.abs(together - np.array(alone)).max() <= TOLERANCE

    @each_combination
    @pytest.mark.parametrize("wider", [1, 37])
    def test_more_padding_changes_nothing(self, small, variant, task, wider):
        made = small(variant, task)
        encoded = made.encoder.encode(many_texts())
        ids = pad(encoded, np.arange(len(encoded)))
        padded = np.pad(ids, ((0, 0), (0, wider)))
        difference = probabilities(made, ids) - probabilities(made, padded)
        assert np.abs(difference).max() <= TOLERANCE

    @each_combination
    def test_texts_may_come_in_any_order(self, small, variant, task):
        predictor = small(variant, task).predictor
        texts, order = many_texts(), np.random.default_rng(5).permutation(64)
        straight = predictor.predict(texts).probabilities
        shuffled = predictor.predict([texts[i] for i in order]).probabilities
        assert np.abs(straight[order] - shuffled).max() <= TOLERANCE

    @each_combination
    def test_texts_do_differ(self, small, variant, task):
        """Or the tests above would pass with a model that ignores its input."""
        answers = small(variant, task).predictor.predict(many_texts()).probabilities
        assert np.ptp(answers, axis=0).max() > 100 * TOLERANCE


class TestWithoutEvidence:
    @each_combination
    def test_empty_and_unknown_texts_get_the_answer_to_nothing(
        self, small, variant, task
    ):
        made = small(variant, task)
        cut = made.config.text.unit == "character"
        long = "жжж щщщ " * 30
        long = long.replace(" ", "") if cut else long
        texts = ["", "joy film", " \n\t ", "щщщ", long, "щщщ joy"]
        got = made.predictor.predict(texts)
        nothing = probabilities(made, np.zeros((1, 8), dtype=np.int32))[0]
        for row in (0, 2, 3, 4):
            # One more text in a product of matrices may round its last digit otherwise.
            np.testing.assert_allclose(got.probabilities[row], nothing, atol=1e-6)
        assert np.isfinite(got.probabilities).all()
        assert np.abs(got.probabilities[5] - nothing).max() > 1e-5
        assert got.empty.tolist() == [True, False, True, False, False, False]
        units = list(texts[5]) if cut else texts[5].split()
        share = sum("щ" in unit for unit in units) / len(units)
        assert got.unknown == pytest.approx([0.0, 0.0, 0.0, 1.0, 1.0, share])
        assert got.truncated.tolist() == [False] * 4 + [True, False]


class TestSeeds:
    @each_variant
    def test_the_same_seed_gives_the_same_bytes(self, small, variant):
        config = small_config(variant, regularisation=REGULARISED)
        again = trained(config, small_dataset("multiclass"))
        assert again.weights() == small(variant, "multiclass").weights()
        first, second = again.history, small(variant, "multiclass").history
        assert [e.train_loss for e in first] == [e.train_loss for e in second]

    @each_variant
    def test_another_seed_gives_other_weights(self, variant):
        data = small_dataset("binary")
        first = untrained(small_config(variant, seed=1), data).weights()
        second = untrained(small_config(variant, seed=2), data).weights()
        same = {path for path in first if first[path] == second[path]}
        counted = small_config(variant).embedding.init == "naive_bayes"
        assert {path for path in same if not path.endswith(_CONSTANT)} == (
            {"embedding/table"} if counted else set()
        )

    @pytest.mark.parametrize("variant", FRESH)
    def test_another_seed_gives_another_order_and_other_masks(self, variant):
        """From equal weights, two seeds end apart."""
        data = small_dataset("binary")
        config = small_config(variant, regularisation=REGULARISED)
        start = untrained(config, data).model.get_weights()
        ends = []
        for seed in (1, 2):
            config = small_config(variant, seed=seed, regularisation=REGULARISED)
            made = untrained(config, data)
            made.model.set_weights(start)
            ends.append(fitted(made)[0].train_loss)
        assert ends[0] != ends[1]

    @each_variant
    def test_dropout_does_not_change_the_first_weights(self, variant):
        data = small_dataset("binary")
        config = small_config(variant, regularisation=PLAIN)
        with_all = small_config(variant, regularisation=REGULARISED)
        assert untrained(config, data).weights() == untrained(with_all, data).weights()

    def test_a_fresh_process_trains_the_same_bytes(self, small):
        printed = in_fresh_process(TRAIN, *FRESH).splitlines()
        assert printed == [f"{v} {digest(small(v, 'multiclass'))}" for v in FRESH]

    @pytest.mark.slow
    def test_fresh_processes_train_the_same_bytes_in_every_variant(self):
        assert in_fresh_process(TRAIN, *VARIANTS) == in_fresh_process(TRAIN, *VARIANTS)


def digest(made):
    return hashlib.sha256(b"".join(made.weights().values())).hexdigest()


def test_the_combinations_hold_every_variant_and_every_task():
    assert {variant for variant, _ in COMBINATIONS} == set(VARIANTS)
    assert {task for _, task in COMBINATIONS} == set(TASKS)
