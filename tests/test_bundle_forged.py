"""Bundles whose hashes are right and whose contents lie: refused, at no cost."""

import json
import shutil
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contracts import in_fresh_process, small_config, small_dataset, trained
from tests.forgery import forge, refused, seal
from textclf.bundle import MEMBERS, WEIGHTS, Bundle
from textclf.errors import ArtefactError, ResourceError
from textclf.predictor import Predictor
from textclf.sealed import MANIFEST

JSON_MEMBERS = tuple(name for name in MEMBERS if name != WEIGHTS)


@pytest.fixture
def folder(small_bundle, tmp_path):
    """A bundle that may be changed."""
    return shutil.copytree(small_bundle("average-mean", "multiclass"), tmp_path / "b")


RICH = {
    "merges": {"unit": "subword", "vocabulary_size": 60, "ngrams": 2, "distinct": True},
    "hashed": {"ngrams": 3, "char_ngrams": [2, 4], "ngram_buckets": 9},
    "exact": {"ngrams": 3, "char_ngrams": [3, 3], "ngram_min_count": 3},
}


@pytest.fixture(params=RICH)
def rich_folder(request, tmp_path):
    """A bundle whose encoder is as rich as it gets."""
    text = {"distinct": False, **RICH[request.param]}
    variant = "average-mean" if request.param == "merges" else "ngram-dense"
    config = small_config(variant, text=text, training={"epochs": 1})
    return trained(config, small_dataset("multilabel")).save(tmp_path / "rich")


def with_buckets(encoder, *, ngrams):
    """Returns the JSON of an encoder with a hundred million rows for n-grams."""
    settings = encoder["settings"] | {"ngrams": ngrams, "ngram_buckets": 10**8}
    names = ("buckets", "shortest", "longest", "seen", "alone")
    hashed = dict(zip(names, (10**8, 2, ngrams, 9, 9), strict=True))
    units = {"units": hashed, "characters": None}
    return encoder | {"settings": settings, "ngrams": units}


BOMBS = {"arrays": "[" * 100_000, "objects": '{"a":' * 100_000}
SCRAPS = ("", "{", "nul", "[1,]", "\ud800".encode("utf-8", "surrogatepass"), b"\xff")


class TestForgedJson:
    """Fault 54: whole in itself, and yet no bundle of ours."""

    @pytest.mark.parametrize("name", JSON_MEMBERS)
    @pytest.mark.parametrize("bomb", BOMBS)
    def test_depth(self, folder, name, bomb):
        forge(folder, name, lambda _: BOMBS[bomb])
        assert name in refused(folder, "invalid JSON").where

    @pytest.mark.parametrize("bomb", BOMBS)
    def test_depth_of_the_manifest(self, folder, bomb):
        (folder / MANIFEST).write_text(BOMBS[bomb])
        refused(folder, "invalid JSON")

    @pytest.mark.parametrize("name", JSON_MEMBERS)
    @pytest.mark.parametrize("scrap", SCRAPS)
    def test_no_json(self, folder, name, scrap):
        content = scrap if isinstance(scrap, bytes) else scrap.encode()
        (folder / name).write_bytes(content)
        seal(folder)
        refused(folder, "invalid JSON")

    @pytest.mark.parametrize("name", JSON_MEMBERS)
    @pytest.mark.parametrize("text", ["null", "[]", "{}", "3", '"x"', "[[]]", "true"])
    def test_another_value(self, folder, name, text):
        forge(folder, name, lambda _: text)
        assert name in str(refused(folder))

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("rows", 200_000_000),
            ("rows", 35),
            ("units", 5),
            ("dim", 4096),
            ("outputs", 1_000_000),
            ("outputs", 2),
            ("task", "multilabel"),
            ("model", {"kind": "average", "pooling": "mean", "hidden": [8192] * 8}),
            ("model", {"kind": "cnn", "filters": 4096, "widths": [32] * 16}),
            ("model", {"kind": "lambda", "code": "import os"}),
            ("model", {"kind": "average", "module": "os"}),
            ("layers", []),
        ],
    )
    def test_a_spec_of_another_model(self, folder, key, value):
        forge(folder, "model.json", lambda spec: {**spec, key: value})
        refused(folder)

    def test_an_encoder_of_more_rows(self, folder):
        def huge(encoder):
            return with_buckets(encoder, ngrams=5)

        forge(folder, "encoder.json", huge)
        refused(folder, "rows of the embedding")

    @pytest.mark.parametrize(
        "golden",
        [
            {"texts": [], "probabilities": []},
            {"texts": ["a"]},
            {"texts": [1], "probabilities": [[1.0, 0.0, 0.0]]},
            {"texts": "ab", "probabilities": [[1.0, 0.0, 0.0]] * 2},
            {"texts": ["a"], "probabilities": [["x", "y", "z"]]},
            {"texts": ["a", "b"], "probabilities": [[1.0], [1.0, 0.0]]},
            {"texts": ["a"], "probabilities": [[10**400, 0, 0]]},
            {"texts": ["a"], "probabilities": [[1.0, 0.0, 0.0]]},
            {"texts": ["a"], "probabilities": [[float("nan")] * 3]},
            {"texts": ["a"], "probabilities": [1.0]},
            {"texts": ["a"], "probabilities": [[0.5, 0.5]]},
            {"texts": ["a", "b"], "probabilities": [[0.4, 0.3, 0.3]]},
        ],
    )
    def test_golden_texts_that_were_never_answered(self, folder, golden):
        forge(folder, "golden.json", lambda _: golden)
        with pytest.raises(ArtefactError):
            Predictor.load(folder)

    def test_golden_probabilities_a_little_off(self, folder):
        def off(golden, by):
            golden["probabilities"][0][0] += by
            return golden

        forge(folder, "golden.json", lambda golden: off(golden, 5e-5))
        Predictor.load(folder)
        forge(folder, "golden.json", lambda golden: off(golden, 1e-3))
        with pytest.raises(ArtefactError, match="other probabilities"):
            Predictor.load(folder)

    @pytest.mark.parametrize("name", JSON_MEMBERS)
    @settings(max_examples=40)
    @given(data=st.data())
    def test_any_change_is_refused_or_harmless(self, rich_folder, tmp_path, name, data):
        """Never another fault than ours, and never an answer that is no answer."""
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(rich_folder, copy)
        forge(copy, name, lambda value: changed_somewhere(value, data))
        try:
            predictor = Predictor.load(copy)
        except (ArtefactError, ResourceError):
            return
        assert len(predictor.predict(["joy ride", ""])) == 2


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([2**31, 2**63, 10**400, -1, 0, 1e999, 0.5]),
    st.text(max_size=3),
    st.sampled_from(["\ud800", "\0", "<pad>", "joy", "▁"]),
    st.lists(st.integers(), max_size=2),
    st.just({}),
)


def changed_somewhere(value, data):
    """Puts an odd value, a copy or a gap at a random place of a JSON value."""
    place = value
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        inner = place[key]
        if not isinstance(inner, (dict, list)) or not inner or data.draw(st.booleans()):
            break
        place = inner
    how = data.draw(st.sampled_from(["odd", "odd", "gap", "copy"]))
    if how == "gap":
        del place[key]
    elif how == "copy" and isinstance(place, list):
        place.insert(0, inner)
    else:
        place[key] = data.draw(ODD)
    return value or "null"


def header_of(folder):
    content = (folder / WEIGHTS).read_bytes()
    (size,) = struct.unpack("<Q", content[:8])
    return json.loads(content[8 : 8 + size]), content[8 + size :]


def write_weights(folder, header, body):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    (folder / WEIGHTS).write_bytes(struct.pack("<Q", len(text)) + text + body)
    seal(folder)


TABLE, KERNEL = "embedding/table", "output/kernel"


def shape(*numbers):
    return lambda header: header[TABLE].update(shape=list(numbers))


def offsets(start, stop):
    return lambda header: header[TABLE].update(data_offsets=[start, stop])


LIES = {
    "a product beyond 64 bits": shape(2**40, 2**40),
    "more rows than bytes": shape(200_000_000, 4096),
    "a negative product": shape(-32, 6),
    "two negatives": shape(-32, -6),
    "a turned table": shape(6, 32),
    "a fraction": shape(32.0, 6),
    "words": shape("32", 6),
    "a truth value": shape(True, 32 * 6),
    "no shape": lambda header: header[TABLE].pop("shape"),
    "no list": lambda header: header[TABLE].update(shape=204),
    "no numbers": lambda header: header[TABLE].update(shape=None),
    "another kind": lambda header: header[TABLE].update(dtype="F16"),
    "whole numbers": lambda header: header[TABLE].update(dtype="I32"),
    "an unknown kind": lambda header: header[TABLE].update(dtype="X99"),
    "a kind that is a list": lambda header: header[TABLE].update(dtype=["F32"]),
    "another name": lambda header: header.update(x=header.pop(TABLE)),
    "two names changed": lambda header: header.update(
        {TABLE: header[KERNEL], KERNEL: header[TABLE]}
    ),
    "overlapping offsets": offsets(8, 32 * 6 * 4 + 8),
    "offsets beyond the end": offsets(10**9, 10**9 + 32 * 6 * 4),
    "negative offsets": offsets(-8, 32 * 6 * 4 - 8),
    "turned offsets": offsets(32 * 6 * 4, 0),
    "no tensor at all": lambda header: header.clear(),
    "a tensor more": lambda header: header.update(more=header[KERNEL]),
    "a tensor that is none": lambda header: header.update(more=3),
}


class TestForgedWeights:
    def test_the_table_is_what_the_lies_are_about(self, folder):
        header, _ = header_of(folder)
        assert header[TABLE]["shape"] == [32, 6]

    @pytest.mark.parametrize("lie", LIES)
    def test_headers_that_lie(self, folder, lie):
        header, body = header_of(folder)
        LIES[lie](header)
        write_weights(folder, header, body)
        with pytest.raises(ArtefactError):
            Bundle.open(folder).model()

    @pytest.mark.parametrize(
        "header",
        [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 50_000, b'{"a":' * 9_000],
    )
    def test_no_header(self, folder, header):
        _, body = header_of(folder)
        write_weights(folder, header, body)
        refused(folder, "damaged header")

    @pytest.mark.parametrize("size", [0, 1, 2**20 + 1, 2**32, 2**63, 2**64 - 1])
    def test_a_size_that_lies(self, folder, size):
        content = (folder / WEIGHTS).read_bytes()
        (folder / WEIGHTS).write_bytes(struct.pack("<Q", size) + content[8:])
        seal(folder)
        refused(folder)

    def test_no_bytes(self, folder):
        (folder / WEIGHTS).write_bytes(b"")
        seal(folder)
        refused(folder)

    @pytest.mark.parametrize("gap", [b"\0" * 4, b"\0" * 400])
    def test_bytes_that_no_tensor_holds(self, folder, gap):
        header, body = header_of(folder)
        write_weights(folder, header, body + gap)
        refused(folder, "another length")

    @pytest.mark.parametrize("number", [np.nan, np.inf])
    def test_weights_that_are_no_numbers(self, folder, number):
        header, body = header_of(folder)
        numbers = np.frombuffer(body, dtype="<f4").copy()
        numbers[:] = number
        write_weights(folder, header, numbers.tobytes())
        with pytest.raises(ArtefactError, match="not finite"):
            Predictor.load(folder)


OPEN_HOSTILE = """
import json, resource, sys
from pathlib import Path
from textclf.bundle import Bundle
from textclf.errors import ArtefactError, ResourceError

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
opened = []
sys.addaudithook(
    lambda event, args: opened.append(str(args[0])) if event in EVENTS else None
)
EVENTS = ("socket.connect", "subprocess.Popen", "os.system", "os.exec", "exec")
refusals = 0
for folder in sorted(Path(sys.argv[1]).iterdir()):
    try:
        Bundle.open(folder)
    except ArtefactError:
        refusals += 1
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
heavy = sorted({"keras", "tensorflow", "jax", "torch"} & set(sys.modules))
print(json.dumps([refusals, after - before, heavy, opened]))
"""


def test_hostile_bundles_cost_no_memory_and_import_nothing(folder, tmp_path):
    """Faults 51 and 54: refused before anything is allocated, or Keras imported."""
    hostile = tmp_path / "hostile"
    hostile.mkdir()

    def variant(name):
        return shutil.copytree(folder, hostile / name)

    spec = json.loads((folder / "model.json").read_text())
    for name, change in {
        "rows": {"rows": 200_000_000},
        "dim": {"rows": 200_000_000, "dim": 4096},
        "kind": {"model": {"kind": "lambda"}},
        "key": {"code": "import os"},
    }.items():
        forge(variant(name), "model.json", lambda _, new=change: spec | new)
    for name, bomb in BOMBS.items():
        forge(variant(name), "golden.json", lambda _, new=bomb: new)

    lying = variant("lying")
    forge(lying, "encoder.json", lambda encoder: with_buckets(encoder, ngrams=2))
    rows = 10**8 + len(
        json.loads((lying / "encoder.json").read_text())["vocabulary"]["tokens"]
    )
    forge(lying, "model.json", lambda _: spec | {"rows": rows})
    header, body = header_of(lying)
    header[TABLE]["shape"] = [rows, 6]
    write_weights(lying, header, body)

    printed = in_fresh_process(OPEN_HOSTILE, hostile)
    refusals, kilobytes, heavy, opened = json.loads(printed)
    assert refusals == len(list(hostile.iterdir())) == 7
    assert kilobytes < 64 * 1024
    assert heavy == []
    assert opened == []
