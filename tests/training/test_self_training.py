"""Self-training: rounds on pseudo-labelled texts, and which one is kept."""

import json

import numpy as np
import pytest

from tests.cli.conftest import write_csv
from tests.training.answering import model
from textclf import TextClassifier
from textclf.bundle import Bundle
from textclf.cli.main import main
from textclf.config.load import config_from_mapping
from textclf.data.sources import Sources
from textclf.data.tables import Table
from textclf.errors import ConfigError
from textclf.progress import SILENT
from textclf.run import Run
from textclf.training.prepare import prepare
from textclf.training.self_training import Attempt, self_trained
from textclf.vectors.start import START, read_start

# What is praised in the labelled texts stands beside words that only texts without
# labels have; the dev texts have nothing but these.
KNOWN = {"pos": "good", "neg": "bad"}
NEW = {"pos": "splendid", "neg": "dreadful"}
THINGS = ("film", "soup", "hotel", "novel", "lamp", "plot", "song", "chair")
EASY = [(f"{KNOWN[label]} {thing}", label) for thing in THINGS for label in KNOWN]
HARD = [(f"{NEW[label]} {thing}", label) for thing in THINGS for label in NEW]
MORE = [
    f"{KNOWN[label]} {NEW[label]} {thing} {number}"
    for thing in THINGS
    for label, count in (("pos", 6), ("neg", 2))
    for number in range(count)
]
MODEL = {
    "model.kind": "ngram",
    "embedding.init": "naive_bayes",
    "text.ngram_min_count": 1,
    "training.epochs": 2,
    "training.optimizer": "adagrad",
    "training.learning_rate": 0.05,
    "training.monitor": "dev_accuracy",
    "training.self_training.threshold": 0.6,
}


@pytest.fixture
def data(tmp_path):
    """Labelled and unlabelled texts; these have copies of all that is held out."""
    held = [(f"{text} heldword", label) for text, label in HARD]
    write_csv(tmp_path / "train.csv", EASY)
    write_csv(tmp_path / "dev.csv", [*HARD, *EASY[:2]])
    write_csv(tmp_path / "test.csv", held)
    copies = [text.upper() for text, _ in [*held, *HARD]]
    lines = "".join(f"{text}\n" for text in [*MORE, *MORE, *copies])
    (tmp_path / "more.csv").write_text(f"text\n{lines}", "utf-8")
    names = {name: f"{name}.csv" for name in ("train", "dev", "test")}
    config = {"data": {**names, "unlabelled": "more.csv"}}
    (tmp_path / "c.yaml").write_text(
        json.dumps(config | {"training": {"self_training": {}}}), "utf-8"
    )
    return tmp_path


def trained(folder, **settings):
    """Trains by the command; returns the run."""
    words = [f"{key}={value}" for key, value in (MODEL | settings).items()]
    sets = [word for setting in words for word in ("--set", setting)]
    command = ["train", "--config", str(folder / "c.yaml")]
    assert main([*command, "--run-dir", str(folder / "run"), *sets]) == 0
    return Run.open(folder / "run")


def test_a_round_that_helps_is_kept_and_told(data, capsys):
    run = trained(data)
    told = capsys.readouterr().err
    assert "left out 32 unlabelled texts that occur in dev or test" in told
    assert "round 1: 64 of 64 unlabelled texts are sure, 32 (neg 50.0 %, " in told
    record = run.read_json("self_training.json")
    assert record["kept"] == 1 and record["monitor"] == "dev_accuracy"
    alone, after = record["rounds"]
    assert alone["dev_accuracy"] < after["dev_accuracy"] == 1.0
    assert after["taken"] == {"neg": 16, "pos": 16}
    assert (alone["asked"], alone["taken"]) == (0, {})
    history = (run.folder / "history.jsonl").read_text("utf-8").splitlines()
    assert max(json.loads(line)["dev_accuracy"] for line in history) == 1.0
    tokens = set(Bundle.open(run.bundle).encoder.vocabulary.tokens)
    assert {"splendid", "dreadful"} <= tokens and "heldword" not in tokens
    assert run.read_json("data.json")["splits"]["train"]["texts"] == len(EASY)
    assert main(["show", str(run.folder)]) == 0
    told = capsys.readouterr().out
    assert "self-training: 32 (neg 50.0 %, pos 50.0 %) of 64 unlabelled texts" in told


def test_a_second_training_has_the_taken_and_the_dev_texts(data, capsys):
    run = trained(data, **{"training.refit": "true"})
    told = capsys.readouterr().err
    assert "reading 48 training texts" in told
    assert "reading 66 training texts" in told.partition("refit: ")[2]
    verdict, refit = run.read_json("data.json")["notes"][-2:]
    assert verdict.startswith("self-training: 32") and "once more" in refit


def test_words_and_vectors_are_those_of_the_round_that_is_kept(data, capsys):
    small = {"model.kind": "average", "embedding.init": "vectors"}
    small |= {"embedding.vectors": "train:skipgram", "embedding.dim": 4}
    small |= {"training.self_training.threshold": 0.4, "training.monitor": "dev_loss"}
    small |= {"training.optimizer": "lazy_adam", "training.epochs": 6}
    run = trained(data, **small)
    assert capsys.readouterr().err.count("learning skipgram vectors") == 1
    bundle, record = Bundle.open(run.bundle), run.read_json("self_training.json")
    tokens = bundle.encoder.vocabulary.tokens
    assert ("splendid" in tokens) == (record["kept"] == 1)
    size = {"rows": len(tokens) - 2, "dim": 4}
    read_start(run.folder / START, **size, encoder=bundle.encoder.digest)
    assert run.read_json("coverage.json")["types"] == len(tokens) - 2


def test_the_estimator_learns_from_a_file_of_texts(data):
    settings = {key.rpartition(".")[2]: value for key, value in MODEL.items()}
    settings["self_training"] = {"threshold": settings.pop("threshold")}
    made = TextClassifier(**settings, unlabelled=data / "more.csv")
    dev = [*HARD, *EASY[:2]]
    made.fit(*zip(*EASY, strict=True), dev=tuple(zip(*dev, strict=True)))
    assert made.notes_[-1].startswith("self-training: 32 (neg 50.0 %")
    texts, labels = zip(*HARD, strict=True)
    assert made.score(texts, labels) == 1.0


def test_without_dev_texts_no_round_can_be_judged(data):
    made = TextClassifier(
        unlabelled=data / "more.csv", self_training={}, dev_fraction=0.0
    )
    with pytest.raises(ConfigError, match="got no dev texts"):
        made.fit(*zip(*EASY, strict=True))


class ScriptedAttempt(Attempt):
    """One whose loss is told, not measured: it stands in `epochs`."""

    @property
    def scores(self):
        return {"dev_loss": self.epochs[0], "dev_accuracy": 0.5, "dev_macro_f1": 0.5}


class Scripted:
    """Attempts that come to what is told, by models that answer as is told."""

    def __init__(self, losses, chances):
        self.losses, self.chances, self.seen = losses, chances, []

    def __call__(self, number, prepared):
        assert number == len(self.seen)
        self.seen.append(prepared)
        answering = model(lambda texts: np.resize(self.chances, len(texts)))
        return ScriptedAttempt(None, answering, [self.losses[number]])


class Said:
    """Keeps what is told to people."""

    def __init__(self):
        self.lines = []

    def say(self, line):
        self.lines.append(line)

    warn, task = say, SILENT.task


def scripted(losses, rounds=3, chances=(0.9, 0.1)):
    """Returns the attempts that were made, the rounds, and what was said."""
    config = config_from_mapping(
        {
            "data": {"train": "t.csv", "unlabelled": "u.csv", "dev_fraction": 0.25},
            "training": {
                "self_training": {"rounds": rounds, "threshold": 0.9, "weight": 0.5}
            },
        }
    )
    lines = np.arange(1, len(EASY) + 1)
    texts, labels = zip(*EASY, strict=True)
    table = Table(list(texts), list(labels), lines, "t.csv")
    more = Table(MORE[:8], None, lines[:8], "u.csv")
    prepared = prepare(config, Sources(table), unlabelled=more)
    attempts, said = Scripted(losses, chances), Said()
    _, told = self_trained(prepared, attempts, progress=said)
    return attempts.seen, told, said.lines


def test_the_best_round_is_kept_and_one_without_gain_is_the_last():
    seen, told, _ = scripted([0.5, 0.4, 0.45, 0.1])
    assert (len(seen), told.kept) == (3, 1)
    assert [one.dev_loss for one in told.rounds] == [0.5, 0.4, 0.45]


def test_never_worse_than_without():
    seen, told, said = scripted([0.5, 0.5, 0.1])
    assert (len(seen), told.kept) == (2, 0)
    assert "brought nothing" in told.verdict() and said[-1] == told.verdict()


def test_no_more_rounds_than_asked_for():
    seen, told, _ = scripted([0.5, 0.4, 0.3, 0.2], rounds=2)
    assert (len(seen), told.kept) == (3, 2)


def test_where_no_text_is_sure_nothing_is_trained_again():
    seen, told, said = scripted([0.5], chances=(0.6, 0.2))
    assert (len(seen), told.kept) == (1, 0)
    assert "0 of 8 unlabelled texts are sure, none are taken" in " ".join(said)


def test_every_round_labels_anew_beside_the_labelled_texts():
    (first, second, third), *_ = scripted([0.5, 0.4, 0.3], rounds=2)
    n = len(first.splits.train)
    for taught in (second, third):
        train = taught.splits.train
        assert train.texts[:n] == list(first.splits.train.texts)
        assert sorted(train.texts[n:]) == sorted(MORE[:8])
        assert train.weights.tolist() == [1.0] * n + [0.5] * 8
        assert taught.splits.dev is first.splits.dev
        assert len(taught.encoded) == n + 8
        assert "splendid" in taught.encoder.vocabulary.tokens
    assert "splendid" not in first.encoder.vocabulary.tokens


@pytest.mark.parametrize("training", [{}, {"refit": True}])
def test_a_study_refuses_self_training(tmp_path, training):
    from textclf.study.blueprint import Blueprint
    from textclf.study.reading import study_from_mapping

    fixed = {
        "data": {"dataset": "sample", "unlabelled": "more.csv"},
        "training": {"self_training": {}, **training},
    }
    (tmp_path / "more.csv").write_text("text\na\n")
    written = study_from_mapping(
        {"study": "s", "fixed": fixed, "scientific": {"embedding.dim": [2, 4]}}
    )
    with pytest.raises(ConfigError, match=r"training\.self_training: got rounds"):
        Blueprint.of(written)
