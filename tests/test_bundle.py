"""Bundles: what is written comes back, and nothing else does."""

import hashlib
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.contracts import (
    fitted,
    small_config,
    small_dataset,
    trained,
    untrained,
)
from tests.forgery import contents, forge, refused, seal, write_manifest
from textclf.bundle import (
    DECISION,
    FORMAT,
    MANIFEST,
    MEMBERS,
    Bundle,
    data_digest,
    probe_texts,
)
from textclf.data.dataset import Dataset
from textclf.data.labels import Labels
from textclf.errors import ConfigError
from textclf.evaluation.decision import NEUTRAL, Decision
from textclf.predictor import Predictor

FILES = (*MEMBERS, MANIFEST)


@pytest.fixture
def folder(small_bundle, tmp_path):
    """A bundle that may be changed."""
    return shutil.copytree(small_bundle("average-mean", "multiclass"), tmp_path / "b")


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

    def test_a_format_that_is_too_old_says_to_train_again(self, folder):
        self.changed(folder, format=1, more=[])
        fault = refused(folder, "got bundle format 1 of an older textclf")
        assert f"expected format 2 to {FORMAT}" in str(fault)
        assert "train again" in str(fault)

    @pytest.mark.parametrize("version", range(2, FORMAT))
    def test_the_members_are_those_of_the_format(self, folder, version):
        self.changed(folder, format=version)
        refused(folder, "other members than expected")

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


class TestFrozen:
    """Fault 53: bundles of earlier formats, as they were written, still answer."""

    @pytest.fixture(params=[2])
    def frozen(self, request, tmp_path):
        kept = Path(__file__).parent / "frozen" / f"bundle-{request.param}"
        return shutil.copytree(kept, tmp_path / "frozen")

    def test_an_older_format_loads_with_the_neutral_decision(self, frozen):
        bundle = Bundle.open(frozen)
        assert bundle.manifest["format"] < FORMAT
        assert bundle.decision == NEUTRAL
        predictor = Predictor.of_bundle(bundle)
        got = predictor.predict(bundle.golden["texts"]).probabilities
        assert np.allclose(got, bundle.golden["probabilities"], atol=1e-6)

    def test_an_older_format_takes_no_member_of_a_newer_one(self, frozen, folder):
        shutil.copy(folder / DECISION, frozen / DECISION)
        refused(frozen, "missing or extra files")


class TestDecision:
    def test_comes_back_and_is_obeyed(self, small, tmp_path):
        made = small("average-mean", "multilabel")
        decision = Decision(1.7, (0.2, 0.5, 0.9), 0.6)
        predictor = replace(made.predictor, decision=decision)
        saved = replace(made, predictor=predictor).save(tmp_path / "b")
        loaded = Predictor.load(saved)
        assert Bundle.open(saved).decision == loaded.decision == decision
        texts = made.dataset.texts
        got, plain = loaded.predict(texts), made.predictor.predict(texts)
        assert np.array_equal(got.chosen(), got.probabilities >= [0.2, 0.5, 0.9])
        odds = [np.log(p.probabilities / (1 - p.probabilities)) for p in (got, plain)]
        assert np.allclose(1.7 * odds[0], odds[1], atol=1e-6)

    @pytest.mark.parametrize(
        "value",
        [
            {},
            [],
            {"temperature": 1.0, "thresholds": None},
            *(
                {"temperature": 1.0, "thresholds": None, "abstain": None} | wrong
                for wrong in (
                    {"temperature": 0},
                    {"temperature": "1"},
                    {"temperature": True},
                    {"temperature": float("nan")},
                    {"thresholds": []},
                    {"thresholds": [0.5]},
                    {"thresholds": [0.5] * 10**6},
                    {"thresholds": {"a": 0.5}},
                    {"abstain": 2},
                    {"more": 1},
                )
            ),
        ],
    )
    def test_any_other_is_refused(self, folder, value):
        """Fault 54: the file is whole, its content is none of ours."""
        forge(folder, DECISION, lambda _: json.dumps(value))
        assert DECISION in refused(folder).where


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
