"""Words that training never saw get vectors of n-grams when predicting."""

import json

import numpy as np
import pytest

from tests.vectors.fasttext_models import model_bytes
from textclf.backend import step
from textclf.bundle import GRAMS, Bundle
from textclf.cli.main import main
from textclf.errors import ArtefactError, ConfigError
from textclf.predictor import Predictor
from textclf.text.padding import pad

WORDS = [f"{stem}{end}" for stem in ("lovely", "awful", "film") for end in ("", "ish")]
DIM, BUCKETS = 6, 400


@pytest.fixture(scope="module", params=["average", "cnn"])
def run(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(f"guests-{request.param}")
    rng = np.random.default_rng(3)
    matrix = rng.standard_normal((len(WORDS) + BUCKETS, DIM)).astype(np.float32)
    words = [word.encode() for word in WORDS]
    (folder / "m.bin").write_bytes(model_bytes(words, matrix, buckets=BUCKETS))
    rows = [(f"{'lovely' if i % 2 else 'awful'} film number{i} here", i % 2)
            for i in range(80)]  # fmt: skip
    lines = "".join(f"{text},{'yes' if label else 'no'}\n" for text, label in rows)
    (folder / "t.csv").write_text(f"text,label\n{lines}")
    (folder / "c.yaml").write_text(
        "data: {train: t.csv}\n"
        f"model: {{kind: {request.param}}}\n"
        f"embedding: {{dim: {DIM}, init: vectors, vectors: m.bin, oov: subword,\n"
        "  subword_rows: 300, train: frozen, scale: null}\n"
        "training: {epochs: 30, learning_rate: 0.02, batch_size: 16, patience: null}\n"
    )
    arguments = ["--config", str(folder / "c.yaml"), "--run-dir", str(folder / "run")]
    assert main(["train", *arguments]) == 0
    return folder / "run"


def test_a_word_never_seen_is_no_longer_like_any_other(run):
    predictor = Predictor.load(run / "bundle")
    texts = ["awfully here", "lovelyness here", "zqxj here", "zqxjk zqxj"]
    answers = predictor.predict(texts)
    assert answers.unknown.tolist() == [0.5, 0.5, 0.5, 1.0]  # still told as unknown
    yes = answers.probabilities[:, answers.labels.index("yes")]
    assert yes[0] < yes[1] and yes[0] != pytest.approx(yes[1], abs=0.01)
    plain = Predictor(predictor.encoder, predictor.labels, predictor.engine)
    without = plain.predict(texts).probabilities
    assert without[0] == pytest.approx(without[1])


def test_a_text_has_the_same_answer_alone_and_among_others(run):
    predictor = Predictor.load(run / "bundle")
    texts = [f"lovelier{i} awfulness film{i} here" for i in range(40)] + ["", "film"]
    whole = predictor.predict(texts).probabilities
    backwards = predictor.predict(texts[::-1]).probabilities[::-1]
    alone = np.concatenate([predictor.predict([t]).probabilities for t in texts])
    assert whole == pytest.approx(backwards, abs=1e-6)
    assert whole == pytest.approx(alone, abs=1e-6)


def test_known_words_answer_as_without(run):
    predictor = Predictor.load(run / "bundle")
    plain = Predictor(predictor.encoder, predictor.labels, predictor.engine)
    texts = ["lovely film here", "awful film"]
    both = [p.predict(texts).probabilities for p in (predictor, plain)]
    assert np.array_equal(*both)


def test_the_way_for_all_backends_gives_the_same(run):
    bundle = Bundle.open(run / "bundle")
    model, predictor = bundle.model(), Predictor.of_bundle(bundle)
    encoded = predictor.encode(["awfully lovelyness here", "film zqxj lovelier"])
    assert encoded.guests is not None
    ids = pad(encoded, np.arange(2))
    fast = step.compiled_forward(model)(ids, encoded.guests)
    assert step._answer(model, ids, encoded.guests) == pytest.approx(fast, abs=1e-5)


def test_the_member_is_checked(run, tmp_path):
    import shutil

    copied = tmp_path / "bundle"
    shutil.copytree(run / "bundle", copied)
    path = copied / GRAMS
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(ArtefactError, match="sha256"):
        Bundle.open(copied)
    path.unlink()
    with pytest.raises(ArtefactError, match="missing"):
        Bundle.open(copied)


def test_predict_tells_the_share_of_unknown_words(run, capsys):
    assert main(["predict", "--run", str(run), "--json", "awfully film"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["flags"]["unknown"] == 0.5


@pytest.mark.parametrize(
    ("embedding", "text", "told"),
    [
        ({"oov": "mean", "subword_rows": 5}, {}, "oov to subword"),
        ({"oov": "subword", "subword_rows": 5}, {"ngrams": 2}, "without n-grams"),
    ],
)
def test_settings_that_do_not_fit(embedding, text, told):
    from textclf.config.load import config_from_mapping

    with pytest.raises(ConfigError, match=told):
        config_from_mapping(
            {
                "data": {"train": "a.csv"},
                "text": text,
                "embedding": {"init": "vectors", "vectors": "m.bin", **embedding},
            }
        )
