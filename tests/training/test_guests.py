"""Words that training never saw get vectors of n-grams when predicting."""

import hashlib
import json
import shutil
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from tests.contracts import small_config, small_dataset, trained
from tests.forgery import write_manifest
from tests.vectors.fasttext_models import model_bytes
from textclf.backend import step
from textclf.bundle import GRAMS, Bundle, save_bundle
from textclf.cli.main import main
from textclf.config.kinds import AverageConfig
from textclf.errors import ArtefactError, ConfigError
from textclf.models.plain import _average
from textclf.predictor import Predictor
from textclf.text.encoded import Encoded
from textclf.text.padding import pad
from textclf.vectors.kept_grams import KeptGrams
from textclf.vectors.subword import Subwords

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
    assert answers.built[:2].tolist() == [0.5, 0.5]
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
    assert told["flags"]["unknown"] == told["flags"]["built"] == 0.5
    assert main(["predict", "--run", str(run), "awfully film"]) == 0
    out = capsys.readouterr().out
    assert "[50% unknown words, 50% built of their characters]" in out


def forged(run, folder, rows):
    """A bundle whose n-gram rows are others, and whose hashes are right."""
    shutil.copytree(run / "bundle", folder)
    grams = Bundle.open(folder).grams
    replace(grams, rows=rows(grams.rows)).write(folder / GRAMS)
    manifest = json.loads((folder / "manifest.json").read_text())
    content = (folder / GRAMS).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    manifest["members"][GRAMS] = {"sha256": digest, "bytes": len(content)}
    write_manifest(folder, manifest)
    return folder


def test_the_golden_texts_have_words_of_ngrams(run, tmp_path):
    Predictor.load(forged(run, tmp_path / "same", lambda rows: rows))
    with pytest.raises(ArtefactError, match="golden texts"):
        Predictor.load(forged(run, tmp_path / "other", lambda rows: -3 * rows))


def test_ngrams_of_another_size_are_refused(run, tmp_path):
    folder = forged(run, tmp_path / "b", lambda rows: rows[:, :-1].copy())
    with pytest.raises(ArtefactError, match=f"{DIM} numbers a row"):
        Bundle.open(folder)


@pytest.mark.parametrize("variant", ["ngram", "average-mean"])
def test_a_model_without_a_place_for_guests_refuses_them(run, small, tmp_path, variant):
    made = small(variant, "binary")
    if variant == "average-mean":
        config = small_config(variant, text={"ngrams": 2}, training={"epochs": 1})
        made = trained(config, small_dataset("binary"))
    cut = Subwords(3, 6, 9)
    rows = np.ones((9, made.spec.dim), dtype=np.float32)
    grams = KeptGrams(cut, np.arange(9), rows)
    save_bundle(
        tmp_path / "b",
        model=made.model,
        spec=made.spec,
        encoder=made.encoder,
        labels=made.dataset.labels,
        data_digest="",
        probabilities=lambda texts: made.predictor.predict(texts).probabilities,
        grams=grams,
    )
    with pytest.raises(ArtefactError, match="no place for further words"):
        Bundle.open(tmp_path / "b")


def test_ids_may_lie_in_a_folder(run, tmp_path):
    predictor = Predictor.load(run / "bundle")
    texts = ["awfully lovelyness here", "film zqxj lovelier", ""]
    kept = predictor.encoder.encode(
        texts, folder=tmp_path / "ids", rows_of=predictor.rows_of
    )
    memory = predictor.encode(texts)
    assert kept.ids.tolist() == memory.ids.tolist()
    assert np.array_equal(kept.guests, memory.guests)


@pytest.mark.parametrize("pooling", ["mean", "max", "mean_max"])
def test_guests_are_pooled_as_rows_of_a_longer_table(pooling):
    rng = np.random.default_rng(4)
    table, guests = (rng.standard_normal((n, 3)).astype(np.float32) for n in (7, 4))
    ids = rng.integers(2, 11, size=40).astype(np.int32)
    offsets = np.array([0, 0, 3, 20, 21, 40])
    flags, width = np.zeros(5), 6 if pooling == "mean_max" else 3
    weights = {
        "output/kernel": rng.standard_normal((width, 2)).astype(np.float32),
        "output/bias": np.zeros(2, dtype=np.float32),
    }
    spec = SimpleNamespace(model=AverageConfig(kind="average", pooling=pooling))
    longer = {**weights, "embedding/table": np.concatenate([table, guests])}
    expected = _average(spec, longer, Encoded(ids, offsets, flags > 0, flags))
    short = {**weights, "embedding/table": table}
    got = _average(spec, short, Encoded(ids, offsets, flags > 0, flags, guests))
    assert got == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("embedding", "text", "told"),
    [
        ({"oov": "mean", "subword_rows": 5}, {}, "oov to subword"),
        ({"oov": "subword", "vectors": "train:skipgram"}, {}, "no n-grams"),
        ({"oov": "mean", "init": "random", "vectors": None}, {}, "lack no word"),
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
