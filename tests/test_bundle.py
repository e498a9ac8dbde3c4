"""Bundles: what is written comes back, and nothing else does."""

import hashlib
import json
import os
import shutil
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contracts import (
    fitted,
    in_fresh_process,
    small_config,
    small_dataset,
    trained,
    untrained,
)
from textclf.bundle import (
    FORMAT,
    MANIFEST,
    MEMBERS,
    WEIGHTS,
    Bundle,
    data_digest,
    probe_texts,
)
from textclf.data.dataset import Dataset
from textclf.data.labels import Labels
from textclf.errors import ArtefactError, ConfigError, ResourceError
from textclf.predictor import Predictor

FILES = (*MEMBERS, MANIFEST)
JSON_MEMBERS = tuple(name for name in MEMBERS if name != WEIGHTS)


@pytest.fixture
def folder(small_bundle, tmp_path):
    """A bundle that may be changed."""
    return shutil.copytree(small_bundle("average-mean", "multiclass"), tmp_path / "b")


@pytest.fixture
def ngram_folder(tmp_path):
    """A bundle whose encoder and merges are as rich as they get."""
    text = {"unit": "subword", "vocabulary_size": 60, "ngrams": 2, "ngram_buckets": 9}
    config = small_config("average-mean", text=text, training={"epochs": 1})
    return trained(config, small_dataset("multilabel")).save(tmp_path / "rich")


def refused(folder, match=None):
    with pytest.raises(ArtefactError, match=match) as caught:
        Bundle.open(folder)
    return caught.value


def seal(folder):
    """Makes the manifest true again, as one who forges a bundle would."""
    manifest = json.loads((folder / MANIFEST).read_text())
    for name in MEMBERS:
        content = (folder / name).read_bytes()
        manifest["members"][name] = {
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
        }
    write_manifest(folder, manifest)


def write_manifest(folder, manifest):
    manifest.pop("sha256", None)
    plain = json.dumps(
        manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    sealed = manifest | {"sha256": hashlib.sha256(plain.encode()).hexdigest()}
    (folder / MANIFEST).write_text(json.dumps(sealed))


def forge(folder, name, change):
    """Changes the JSON of a member and seals the bundle again."""
    value = json.loads((folder / name).read_text())
    changed = change(value)
    text = changed if isinstance(changed, str) else json.dumps(changed or value)
    (folder / name).write_text(text)
    seal(folder)


class TestRoundTrip:
    def test_everything_comes_back(self, small, small_bundle):
        made = small("cnn-widths", "multilabel")
        bundle = Bundle.open(small_bundle("cnn-widths", "multilabel"))
        assert bundle.spec == made.spec
        assert bundle.labels == made.dataset.labels
        assert bundle.encoder.digest == made.encoder.digest
        assert bundle.manifest["encoder_sha256"] == made.encoder.digest
        assert bundle.manifest["data_sha256"] == made.dataset.digest()
        assert bundle.manifest["format"] == FORMAT
        content = (bundle.folder / MANIFEST).read_bytes()
        assert bundle.digest == hashlib.sha256(content).hexdigest()

    def test_weights_come_back_bit_for_bit(self, small, small_bundle):
        made = small("cnn-multichannel", "binary")
        model = Bundle.open(small_bundle("cnn-multichannel", "binary")).model()
        assert {w.path: w.numpy().tobytes() for w in model.weights} == made.weights()

    def test_a_loaded_model_can_be_saved_and_loaded_again(self, folder, tmp_path):
        bundle = Bundle.open(folder)
        predictor, model = Predictor.of_bundle(bundle), bundle.model()
        from textclf.bundle import save_bundle

        save_bundle(
            tmp_path / "again",
            model=model,
            spec=bundle.spec,
            encoder=bundle.encoder,
            labels=bundle.labels,
            data_digest=bundle.manifest["data_sha256"],
            probabilities=lambda texts: predictor.predict(texts).probabilities,
        )
        assert contents(tmp_path / "again") == contents(folder)

    def test_saving_twice_gives_the_same_bytes(self, small, tmp_path):
        made = small("cnn-widths", "multiclass")
        first, second = (made.save(tmp_path / name) for name in ("one", "two"))
        assert contents(first) == contents(second)
        assert set(contents(first)) == set(FILES)

    def test_training_twice_gives_the_same_bytes(self, small_bundle, tmp_path):
        config = small_config("average-mean")
        first, second = (
            trained(config, small_dataset("binary")).save(tmp_path / name)
            for name in ("one", "two")
        )
        assert contents(first) == contents(second)

    def test_files_are_as_readable_as_any_new_file(self, folder, small, tmp_path):
        saved = small("average-mean", "binary").save(tmp_path / "saved")
        mask = os.umask(0)
        os.umask(mask)
        assert {f.stat().st_mode & 0o777 for f in saved.iterdir()} == {0o666 & ~mask}
        assert saved.stat().st_mode & 0o777 == 0o777 & ~mask

    def test_nothing_is_left_of_one_that_failed(self, small, tmp_path):
        from textclf.bundle import save_bundle

        made = small("average-mean", "binary")
        with pytest.raises(RuntimeError, match="no more"):
            save_bundle(
                tmp_path / "b",
                model=made.model,
                spec=made.spec,
                encoder=made.encoder,
                labels=made.dataset.labels,
                data_digest="",
                probabilities=failing,
            )
        assert list(tmp_path.iterdir()) == []

    def test_what_exists_is_not_written_over(self, small, folder):
        before = contents(folder)
        with pytest.raises(ConfigError, match="exists already"):
            small("average-mean", "binary").save(folder)
        assert contents(folder) == before


def failing(texts):
    raise RuntimeError("no more")


def contents(folder):
    return {entry.name: entry.read_bytes() for entry in folder.iterdir()}


class TestDamage:
    """Fault 51: every truncation and every flipped bit is refused."""

    @pytest.mark.parametrize("name", FILES)
    def test_truncated(self, folder, name):
        content = (folder / name).read_bytes()
        lengths = {0, 1, 7, 8, 9, len(content) // 2, len(content) - 1}
        lengths |= set(range(0, len(content), max(1, len(content) // 25)))
        for length in lengths:
            (folder / name).write_bytes(content[:length])
            # A manifest may lose the line end after its last brace.
            if name == MANIFEST and length == len(content) - 1:
                assert Bundle.open(folder).manifest["format"] == FORMAT
            else:
                refused(folder)

    @pytest.mark.parametrize("name", FILES)
    def test_flipped(self, folder, name):
        flip_bits(folder, name, times=60)

    @pytest.mark.slow
    @pytest.mark.parametrize("name", FILES)
    def test_flipped_often(self, folder, name):
        flip_bits(folder, name, times=1700)

    @pytest.mark.parametrize("name", FILES)
    def test_longer(self, folder, name):
        content = (folder / name).read_bytes()
        for tail in (b"\0", b"}", b" {}"):
            (folder / name).write_bytes(content + tail)
            refused(folder)


def flip_bits(folder, name, *, times):
    """Flips bits one at a time; only a manifest that says the same may pass."""
    content = (folder / name).read_bytes()
    rng = np.random.default_rng(FILES.index(name))
    for place in rng.integers(0, 8 * len(content), size=times).tolist():
        flipped = bytearray(content)
        flipped[place // 8] ^= 1 << place % 8
        (folder / name).write_bytes(flipped)
        if name == MANIFEST and says(flipped) == says(content):
            Bundle.open(folder)
        else:
            refused(folder)


def says(content):
    """What JSON says, or else its bytes: blanks between values mean nothing."""
    try:
        return json.loads(content)
    except ValueError:
        return content


class TestMembers:
    """Fault 52."""

    @pytest.mark.parametrize("name", FILES)
    def test_missing(self, folder, name):
        (folder / name).unlink()
        assert name in str(refused(folder))

    @pytest.mark.parametrize("extra", ["notes.txt", ".hidden", "model.json~"])
    def test_extra(self, folder, extra):
        (folder / extra).write_text("")
        assert extra in str(refused(folder))

    def test_extra_folder(self, folder):
        (folder / "more").mkdir()
        assert "more" in str(refused(folder))

    def test_many_extra_files_are_named_in_part(self, folder):
        for number in range(300):
            (folder / f"extra-file-of-a-long-name-{number}").write_text("")
        assert len(str(refused(folder))) < 1500

    @pytest.mark.parametrize("name", FILES)
    def test_link(self, folder, name, tmp_path):
        (folder / name).rename(tmp_path / name)
        (folder / name).symlink_to(tmp_path / name)
        refused(folder, "got a link")

    @pytest.mark.parametrize("name", FILES)
    def test_folder_or_pipe_in_place_of_a_file(self, folder, name):
        (folder / name).unlink()
        (folder / name).mkdir()
        refused(folder, "got a folder")
        (folder / name).rmdir()
        os.mkfifo(folder / name)
        refused(folder, "got a pipe")

    def test_a_link_to_a_whole_bundle_is_followed(self, folder, tmp_path):
        (tmp_path / "latest").symlink_to(folder)
        assert Bundle.open(tmp_path / "latest").labels == Bundle.open(folder).labels

    @pytest.mark.parametrize("place", ["missing", "file"])
    def test_no_folder(self, tmp_path, place):
        (tmp_path / "file").write_text("")
        refused(tmp_path / place, "no bundle here")

    def test_members_that_changed_places(self, folder):
        first, second = (folder / name for name in ("labels.json", "golden.json"))
        first.rename(folder / "x")
        second.rename(first)
        (folder / "x").rename(second)
        refused(folder)
        seal(folder)
        refused(folder)


class TestManifest:
    def changed(self, folder, **facts):
        write_manifest(folder, json.loads((folder / MANIFEST).read_text()) | facts)

    def test_a_newer_format_says_what_it_needs(self, folder):
        self.changed(folder, format=FORMAT + 1, textclf="9.1.0", more=[])
        fault = refused(folder, "needs a newer textclf")
        assert "9.1.0" in str(fault)
        assert f"format {FORMAT + 1}" in str(fault)

    def test_a_newer_format_may_have_other_members(self, folder):
        (folder / "graph.onnx").write_text("")
        self.changed(folder, format=FORMAT + 1, textclf=None)
        refused(folder, "needs a newer textclf")

    @pytest.mark.parametrize("version", [0, -1, True, 1.0, "1", None, [1], 10**30])
    def test_another_format(self, folder, version):
        self.changed(folder, format=version)
        refused(folder)

    @pytest.mark.parametrize(
        "members",
        [None, [], {}, "x", dict.fromkeys(MEMBERS), dict.fromkeys(MEMBERS, [])],
    )
    def test_other_members(self, folder, members):
        self.changed(folder, members=members)
        refused(folder)

    @pytest.mark.parametrize("name", MEMBERS)
    def test_a_member_more_or_less(self, folder, name):
        members = json.loads((folder / MANIFEST).read_text())["members"]
        self.changed(folder, members=members | {"../secret": members[name]})
        refused(folder)
        del members[name]
        self.changed(folder, members=members)
        refused(folder)

    @pytest.mark.parametrize("text", ["[]", "null", '"x"', "1", "{}", ""])
    def test_no_manifest(self, folder, text):
        (folder / MANIFEST).write_text(text)
        refused(folder)

    @pytest.mark.parametrize("value", ["NaN", '"\\ud800"', "1e999"])
    def test_what_no_seal_covers(self, folder, value):
        text = (folder / MANIFEST).read_text()
        (folder / MANIFEST).write_text(text.replace("{", f'{{"x": {value}, ', 1))
        refused(folder, "was changed")

    @pytest.mark.parametrize("key", ["textclf", "keras", "data_sha256"])
    def test_any_fact_is_sealed(self, folder, key):
        manifest = json.loads((folder / MANIFEST).read_text())
        (folder / MANIFEST).write_text(json.dumps(manifest | {key: "0"}))
        refused(folder, "was changed")

    def test_order_and_blanks_do_not_matter(self, folder):
        manifest = json.loads((folder / MANIFEST).read_text())
        turned = dict(reversed(manifest.items()))
        (folder / MANIFEST).write_text(json.dumps(turned, indent=7))
        assert Bundle.open(folder).manifest == Bundle.open(folder).manifest


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
            settings = encoder["settings"] | {"ngrams": 5, "ngram_buckets": 10**8}
            return encoder | {"settings": settings}

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
    def test_any_change_is_refused_or_harmless(
        self, ngram_folder, tmp_path, name, data
    ):
        """Never another fault than ours, and never an answer that is no answer."""
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(ngram_folder, copy)
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
    "a negative product": shape(-34, 6),
    "two negatives": shape(-34, -6),
    "a turned table": shape(6, 34),
    "a fraction": shape(34.0, 6),
    "words": shape("34", 6),
    "a truth value": shape(True, 34 * 6),
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
    "overlapping offsets": offsets(8, 34 * 6 * 4 + 8),
    "offsets beyond the end": offsets(10**9, 10**9 + 34 * 6 * 4),
    "negative offsets": offsets(-8, 34 * 6 * 4 - 8),
    "turned offsets": offsets(34 * 6 * 4, 0),
    "no tensor at all": lambda header: header.clear(),
    "a tensor more": lambda header: header.update(more=header[KERNEL]),
    "a tensor that is none": lambda header: header.update(more=3),
}


class TestForgedWeights:
    def test_the_table_is_what_the_lies_are_about(self, folder):
        header, _ = header_of(folder)
        assert header[TABLE]["shape"] == [34, 6] or header[TABLE]["shape"] == [32, 6]

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

    def buckets(encoder):
        encoder["settings"].update(ngrams=2, ngram_buckets=10**8)

    lying = variant("lying")
    forge(lying, "encoder.json", buckets)
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


class TestSecrets:
    # In falling order: words of equal count stand in the vocabulary in rising order.
    SECRET = ("zanzibar", "quokka", "mulberry", "aardvark")

    def test_no_training_text_is_kept(self, tmp_path):
        """Words must be kept, to read new texts; no two of them in their order."""
        base = small_dataset("binary")
        secret = " ".join(self.SECRET)
        texts = [f"{text} {secret}" for text in base.texts]
        data = Dataset(texts, base.targets, base.labels)
        made = untrained(small_config("average-mean", text={"ngrams": 3}), data)
        fitted(made)
        saved = contents(made.save(tmp_path / "b"))
        assert b"zanzibar" in saved["encoder.json"]
        pairs = list(zip(self.SECRET, self.SECRET[1:], strict=False))
        for content in saved.values():
            for first, second in pairs:
                assert f"{first} {second}".encode() not in content
            for text in base.texts:
                assert len(text.split()) < 3 or text.encode() not in content

    @pytest.mark.parametrize(
        "magic", [b"\x80\x04", b"\x80\x05", b"PK\x03\x04", b"\x93NUMPY"]
    )
    def test_nothing_is_pickled(self, small_bundle, magic):
        for content in contents(small_bundle("cnn-widths", "multiclass")).values():
            assert not content.startswith(magic)
            assert b"__reduce__" not in content


class TestProbeTexts:
    def test_cover_what_can_happen(self, small):
        made = small("average-mean", "binary")
        got = made.predictor.predict(probe_texts(made.encoder))
        assert got.empty.any()
        assert got.truncated.any()
        assert (got.unknown == 1).any()
        assert (got.unknown == 0).any()

    def test_of_a_vocabulary_of_one_word(self):
        labels = Labels(("a", "b"), "binary", None)
        data = Dataset(["joy", "joy"], np.array([0, 1], dtype=np.int32), labels)
        made = untrained(small_config("average-mean"), data)
        assert len(set(probe_texts(made.encoder))) >= 4


def test_data_digest_is_of_names_and_digests():
    first = data_digest({"train": "ab", "dev": "cd"})
    assert first == data_digest({"dev": "cd", "train": "ab"})
    assert first != data_digest({"train": "cd", "dev": "ab"})
    assert len(first) == 64
