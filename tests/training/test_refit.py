"""The second training: what it learns from, how long, what stays of the first."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from tests.cli.conftest import rows_of, write_csv
from tests.contracts import fitted, small_config, small_dataset, untrained
from tests.training.test_fit import scripted
from textclf import TextClassifier
from textclf.bundle import Bundle
from textclf.cli.main import main
from textclf.config.load import config_from_mapping
from textclf.data.sources import Sources
from textclf.data.tables import Table
from textclf.errors import ConfigError, DivergedError
from textclf.predictor import Predictor
from textclf.run import Run
from textclf.training import train as training
from textclf.training.fit import fit_blind
from textclf.training.learn import begin, learn
from textclf.training.prepare import prepare
from textclf.training.refit import begin_again, best_epochs, learn_again
from textclf.training.self_training import Attempt
from textclf.training.steps import Steps
from textclf.vectors.start import START, read_start

# Every fourth label is another, so that a model is never sure and still learns.
OTHER = {"pos": "neg", "neg": "pos"}
ROWS = [
    (f"{text} w{row % 7}", OTHER[label] if row % 4 == 3 else label)
    for row, (text, label) in enumerate(rows_of("binary"))
]
TEST, DEV, TRAIN = ROWS[:20], [(f"{t} heldword", y) for t, y in ROWS[20:40]], ROWS[40:]
NGRAM = {"model.kind": "ngram", "embedding.init": "naive_bayes", "text.ngrams": 2}
AVERAGE = {"model.kind": "average", "embedding.dim": 4}
# Slow enough that the last epoch is the best one on the dev texts.
SLOW = {
    "training.epochs": 3,
    "training.batch_size": 16,
    "training.optimizer": "sgd",
    "training.learning_rate": 0.05,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("data")
    parts = {"train": TRAIN, "dev": DEV, "test": TEST, "both": TRAIN + DEV}
    for name, rows in parts.items():
        write_csv(path / f"{name}.csv", rows)
    for name in ("train", "both"):
        files = {"train": f"{name}.csv", "dev": "dev.csv", "test": "test.csv"}
        (path / f"{name}.yaml").write_text(json.dumps({"data": files}), "utf-8")
    return path


@pytest.fixture(scope="module")
def trained(folder):
    """Trains by the command; returns the run. Each run is made once."""
    made = {}

    def run(name, **settings):
        key = json.dumps([name, settings])
        if key not in made:
            target = folder / f"run-{len(made)}"
            words = [f"{k}={json.dumps(v)}" for k, v in (SLOW | settings).items()]
            sets = [word for setting in words for word in ("--set", setting)]
            command = ["train", "--config", str(folder / f"{name}.yaml"), *sets]
            assert main([*command, "--run-dir", str(target)]) == 0
            made[key] = Run.open(target)
        return made[key]

    return run


def history(run):
    lines = (run.folder / "history.jsonl").read_text("utf-8").splitlines()
    return [
        {k: v for k, v in json.loads(line).items() if k != "seconds"} for line in lines
    ]


@pytest.mark.parametrize(
    "settings", [NGRAM, AVERAGE, NGRAM | {"training.average": "ema"}], ids=str
)
class TestARun:
    def test_holds_what_training_on_both_would_give(self, trained, settings):
        again = trained("train", **settings, **{"training.refit": True})
        plain = trained("both", **settings)
        for run in (again, plain):
            assert [epoch["best"] for epoch in history(run)] == [True] * 3
        one, other = Bundle.open(again.bundle), Bundle.open(plain.bundle)
        assert one.encoder.digest == other.encoder.digest
        weights, expected = one.weights(), other.weights()
        assert [*weights] == [*expected]
        assert all(np.array_equal(weights[n], expected[n]) for n in weights)

    def test_keeps_decision_history_and_dev_report_of_the_first(
        self, trained, settings
    ):
        again = trained("train", **settings, **{"training.refit": True})
        first = trained("train", **settings)
        assert Bundle.open(again.bundle).decision == Bundle.open(first.bundle).decision
        assert history(again) == history(first)
        name = "predictions-dev.jsonl"
        assert (again.folder / name).read_bytes() == (first.folder / name).read_bytes()
        told, report = (run.read_json("report-dev.json") for run in (again, first))
        assert told.pop("notes") == [
            "the model was trained once more with the dev texts (3 epochs); dev "
            "figures are of the first training",
            *report.pop("notes"),
        ]
        assert told == report

    def test_is_judged_on_test_texts_as_it_is_kept(self, trained, settings):
        again = trained("train", **settings, **{"training.refit": True})
        answers = Predictor.load(again.bundle).predict([text for text, _ in TEST])
        lines = (again.folder / "predictions-test.jsonl").read_text("utf-8")
        kept = [json.loads(line) for line in lines.splitlines()]
        assert [line["label"] for line in kept] == [
            record["label"] for record in answers.records()
        ]
        floors = [
            trained(name, **settings, **more).read_json("report-test.json")["floor"]
            for name, more in (("train", {"training.refit": True}), ("both", {}))
        ]
        assert floors[0] == floors[1]

    def test_says_so_in_the_test_report(self, trained, settings):
        again = trained("train", **settings, **{"training.refit": True})
        note = again.read_json("report-dev.json")["notes"][0]
        assert again.read_json("report-test.json")["notes"][0] == note
        first = trained("train", **settings).read_json("report-test.json")
        assert note not in first["notes"]


def test_show_and_the_page_say_it(trained, folder, capsys):
    run = trained("train", **NGRAM, **{"training.refit": True})
    assert "heldword" in Bundle.open(run.bundle).encoder.vocabulary.tokens
    assert run.read_json("data.json")["splits"]["train"]["texts"] == len(TRAIN)
    capsys.readouterr()
    assert main(["show", str(run.folder)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "trained once more with the dev texts (3 epochs)" in told
    assert "first training, epoch 3 of 3: dev loss" in told
    assert told.count("Of the first training.") == 1
    for more in ([], ["--data", str(folder / "test.csv")]):
        assert main(["evaluate", "--run", str(run.folder), *more]) == 0
        told = " ".join(capsys.readouterr().out.split())
        assert "dev figures are of the first training" in told
    card = folder / "card.md"
    assert main(["report", str(run.folder), "--card", "--output", str(card)]) == 0
    assert "trained once more with the dev texts" in card.read_text("utf-8")


def test_words_and_their_start_are_those_of_the_model_that_is_kept(trained, capsys):
    learnt = {"embedding.init": "vectors", "embedding.vectors": "train:skipgram"}
    run = trained("train", **AVERAGE, **learnt, **{"training.refit": True})
    assert capsys.readouterr().err.count("learning skipgram vectors") == 1
    encoder = Bundle.open(run.bundle).encoder
    assert "heldword" in encoder.vocabulary.tokens
    words = len(encoder.vocabulary) - 2
    read_start(run.folder / START, rows=words, dim=4, encoder=encoder.digest)
    assert run.read_json("coverage.json")["types"] == words


def test_who_stops_the_second_training_has_the_first_model(
    trained, folder, monkeypatch, capsys
):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "learn_again", stop)
    config, target = str(folder / "train.yaml"), folder / "stopped"
    command = ["train", "--config", config, "--run-dir", str(target)]
    sets = [f"{k}={json.dumps(v)}" for k, v in (SLOW | NGRAM).items()]
    more = [word for one in [*sets, "training.refit=true"] for word in ("--set", one)]
    assert main([*command, *more]) == 130
    assert "the model of the first training is kept in" in capsys.readouterr().err
    run, first = Run.open(target), trained("train", **NGRAM)
    one, other = (Bundle.open(run.bundle).weights() for run in (run, first))
    assert all(np.array_equal(one[name], other[name]) for name in other)
    for name in ("config.yaml", "report-dev.json", "report-test.json"):
        kept, plain = (one.folder / name for one in (run, first))
        assert kept.read_text("utf-8") == plain.read_text("utf-8")
    assert run.read_json("data.json") == first.read_json("data.json")


def test_who_stops_the_first_training_has_an_interrupted_run(
    folder, monkeypatch, capsys
):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "learn", stop)
    config, target = str(folder / "train.yaml"), folder / "stopped-first"
    command = ["train", "--config", config, "--run-dir", str(target)]
    assert main([*command, "--set", "training.refit=true"]) == 130
    run = Run(target)
    assert run.status() == "interrupted" and not run.bundle.exists()


def test_the_classifier_learns_what_a_run_learns(trained):
    run = trained("train", **NGRAM, **{"training.refit": True})
    settings = {k.rpartition(".")[2]: v for k, v in (SLOW | NGRAM).items()}
    made = TextClassifier(**settings, refit=True)
    made.fit(*zip(*TRAIN, strict=True), dev=tuple(zip(*DEV, strict=True)))
    assert made.notes_[-1] in run.read_json("data.json")["notes"]
    texts = [text for text, _ in TEST]
    expected = Predictor.load(run.bundle).predict(texts).probabilities
    assert np.array_equal(made.predict_proba(texts), expected)
    assert [epoch["epoch"] for epoch in made.history_] == [1, 2, 3]


def test_without_dev_texts_there_is_nothing_to_add():
    made = TextClassifier(refit=True, dev_fraction=0.0)
    with pytest.raises(ConfigError, match=r"training\.refit: got no dev texts"):
        made.fit(*zip(*TRAIN, strict=True))


@pytest.mark.parametrize(
    ("sections", "answers", "epochs"),
    [
        ({"training": {"schedule": "linear", "warmup": 0.2}}, (40, 44, 30, 20), [2]),
        ({"training": {"schedule": "cosine"}}, (40, 44, 46, 20), [3]),
        ({"training": {"average": "ema"}}, (40, 44, 30, 20), [2]),
        ({"training": {"average": "swa"}}, (40, 41, 42, 43, 44, 20), [5]),
        ({"regularisation": {"dropout": 0.3}}, (44, 30, 20), [1]),
        (
            {"embedding": {"train": "two_stage", "frozen_epochs": 2}},
            (40, 41, 42, 43, 20),
            [2, 2],
        ),
    ],
    ids=str,
)
def test_it_goes_as_the_first_training_up_to_its_best_epoch(sections, answers, epochs):
    given = sections.get("training", {})
    plan = {"epochs": len(answers), "patience": None, "monitor": "dev_accuracy"}
    sections = sections | {"training": plan | given}
    config, data = small_config("average-hidden", **sections), small_dataset("binary")
    first, second = untrained(config, data), untrained(config, data)
    predict = scripted([(0.9, right) for right in answers])
    seen = fitted(first, predict_dev=predict)
    assert best_epochs(seen, config) == epochs
    passes = []
    fit_blind(
        second.model,
        data,
        second.encoded,
        config,
        epochs=epochs,
        on_pass=passes.append,
        begin=Steps(second.model, config, "binary"),
    )
    assert second.weights() == first.weights()
    assert [one.train_loss for one in passes] == [
        epoch.train_loss for epoch in seen[: sum(epochs)]
    ]


@pytest.mark.parametrize(
    ("bests", "expected"),
    [
        # Two frozen epochs, then three: which of them were the best so far.
        ("10 000", [1, 0]),
        ("11 000", [2, 0]),
        ("10 010", [1, 2]),
        ("1 1", [1, 1]),
    ],
)
def test_epochs_that_led_nowhere_are_left_out(bests, expected):
    embedding = {"train": "two_stage", "frozen_epochs": 2, "finetune_rate": 0.3}
    config = small_config("average-mean", embedding=embedding, training={"epochs": 5})
    rates = zip((0.0, 0.3), bests.split(), strict=True)
    epochs = [
        SimpleNamespace(embedding_rate=rate, best=mark == "1")
        for rate, marks in rates
        for mark in marks
    ]
    assert best_epochs(epochs, config) == expected


def test_weights_that_break_in_the_last_step_are_told(tmp_path):
    config = config_from_mapping(
        {
            "data": {"train": "t.csv", "dev_fraction": 0.25},
            "embedding": {"dim": 2},
            "training": {"epochs": 1, "refit": True},
        }
    )
    lines = np.arange(1, len(TRAIN) + 1)
    texts, labels = zip(*TRAIN, strict=True)
    table = Table(list(texts), list(labels), lines, "t.csv")
    vectors, epochs = tmp_path / "vectors.bin", []
    begun = begin(prepare(config, Sources(table)), vectors=vectors)
    first = Attempt(begun, learn(begun, on_epoch=epochs.append), epochs)
    again = begin_again(first, vectors=vectors)

    def spoil(_):
        kernel = again.model.get_layer("output").kernel
        kernel.assign(kernel.numpy() * np.nan)

    with pytest.raises(DivergedError, match="are no numbers"):
        learn_again(again, first, on_pass=spoil)
