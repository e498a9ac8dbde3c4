"""Trees with graded phrases: read strictly, and made into texts with labels."""

import dataclasses
import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.data.catalogue import catalogue
from textclf.data.fetch import fetch
from textclf.data.locate import Located, unpacked
from textclf.data.named import Places, find
from textclf.data.tables import read_table
from textclf.data.trees import Phrase, distinct, read_tree, read_trees
from textclf.errors import DataError

WORDS = st.text("ab'\\\u00a0-", min_size=1, max_size=4)
GRADES = st.integers(0, 4)
TREES = st.recursive(
    st.tuples(GRADES, WORDS), lambda trees: st.tuples(GRADES, trees, trees)
)


def written(tree) -> str:
    grade, *parts = tree
    inside = (part if isinstance(part, str) else written(part) for part in parts)
    return f"({grade} {' '.join(inside)})"


def phrases(tree) -> list[Phrase]:
    """The phrases of a tree, the outer before the inner."""
    grade, *parts = tree
    if isinstance(parts[0], str):
        return [Phrase(grade, parts[0])]
    one, other = map(phrases, parts)
    return [Phrase(grade, f"{one[0].text} {other[0].text}"), *one, *other]


@given(TREES)
def test_every_phrase_of_a_tree_is_read(tree):
    assert read_tree(written(tree), where="") == phrases(tree)


@given(TREES, st.data())
def test_a_tree_that_lacks_a_sign_is_refused(tree, data):
    line = written(tree)
    places = [at for at, sign in enumerate(line) if sign in "()01234"]
    at = data.draw(st.sampled_from(places))
    with pytest.raises(
        DataError, match=r"^a\.txt:3: got .* at character \d+, expected"
    ):
        read_tree(line[:at] + line[at + 1 :], where="a.txt:3")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("(3 (2 Not) (1 bad)", "got the end at character 19, expected a )"),
        ("(3 (2 Not) (1 bad)))", "got ')' at character 20, expected the end"),
        ("(3 (2 Not) bad)", "got 'bad)' at character 12, expected a node"),
        ("(3 (2 Not))", "got ')' at character 11, expected a node"),
        ("(3 (2 a) (2 b) (2 c))", "got '(2 c))' at character 16, expected a )"),
        ("(3 two words)", "got 'words)' at character 8, expected a )"),
        ("(5 bad)", "got '(5 bad)' at character 1, expected a node"),
        ("(3)", "got '(3)' at character 1"),
        ("(3 )", "got ')' at character 4, expected a word or a node"),
        ("(3 a) (2 b)", "got '(2 b)' at character 7, expected the end"),
        ("word", "got 'word' at character 1, expected a node"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(line, told):
    lines = ["(2 fine)", "", line]
    with pytest.raises(DataError) as fault:
        list(read_trees(lines, source="t/dev.txt"))
    assert str(fault.value).startswith("t/dev.txt:3: ")
    assert told in str(fault.value)


def test_a_text_has_the_label_it_has_most_often_and_of_equals_the_first():
    given = [("a", "x"), ("b", "y"), ("a", "z"), ("b", "x"), ("a", "z")]
    assert distinct(given) == {"a": "z", "b": "y"}


TRAIN = "(4 (2 It) (4 Works))\n(1 (2 it) (1 (1 fails) (2 .)))\n(3 (2 Well) (2 done))\n"
DEV, TEST = "(3 (2 well) (2 done))\n", "(1 (1 fails) (2 .))\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of data sets that has a treebank unpacked."""
    trees = tmp_path / "data" / "sst_trees"
    trees.mkdir(parents=True)
    for split, lines in (("train", TRAIN), ("dev", DEV), ("test", TEST)):
        (trees / f"{split}.trees.txt").write_text(lines, "utf-8")
    return tmp_path / "data"


def made(name: str, folder: Path, **splits: int) -> Located:
    """Makes a data set of the treebank, as if it had so many rows."""
    entry = dataclasses.replace(catalogue()[name], splits=splits)
    files = unpacked(entry, environ={"TEXTCLF_DATA": str(folder)})
    return fetch(entry, cache=folder.parent / "cache", environ={}, unpacked=files)


def rows(found: Located, split: str) -> list[tuple[str, str]]:
    return pl.read_parquet(found.files[split]).rows()


def test_phrases_train_and_sentences_judge(folder):
    found = made("sst1_phrases", folder, train=8, dev=1, test=1)
    train = rows(found, "train")
    assert train[:2] == [("it works", "very positive"), ("it fails .", "negative")]
    assert set(train[2:]) == {
        ("it", "neutral"),
        ("works", "very positive"),
        ("fails", "negative"),
        (".", "neutral"),
        ("well", "neutral"),
        ("done", "neutral"),
    }
    assert rows(found, "dev") == [("well done", "positive")]
    assert rows(found, "test") == [("fails .", "negative")]


def test_neutral_phrases_are_left_out_of_two_classes(folder):
    found = made("sst2_phrases", folder, train=4, dev=1, test=1)
    assert rows(found, "train") == [
        ("it works", "positive"),
        ("it fails .", "negative"),
        ("works", "positive"),
        ("fails", "negative"),
    ]
    origin = json.loads((found.folder / "origin.json").read_text("utf-8"))
    address = origin["sources"][0]["address"]
    assert address.startswith("file://") and address.endswith("/train.trees.txt")


def test_a_malformed_tree_leaves_no_data_set(folder):
    with (folder / "sst_trees" / "dev.trees.txt").open("a", encoding="utf-8") as stream:
        stream.write("(2 (2 half)\n")
    with pytest.raises(DataError, match=r"dev\.trees\.txt:2: got the end"):
        made("sst2_phrases", folder, train=4, dev=1, test=1)
    assert not (folder.parent / "cache" / "sst2_phrases").exists()


def test_a_treebank_that_lacks_a_file_is_not_there(folder):
    entry, environ = catalogue()["sst2_phrases"], {"TEXTCLF_DATA": str(folder)}
    assert len(unpacked(entry, environ=environ)) == 3
    assert unpacked(entry, data_dir=folder, environ={}) == unpacked(
        entry, environ=environ
    )
    (folder / "sst_trees" / "test.trees.txt").unlink()
    assert unpacked(entry, environ=environ) == ()
    assert unpacked(catalogue()["sst2"], environ=environ) == ()


@pytest.fixture(scope="module")
def treebank(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Located:
    if not (shared / "data" / "sst_trees").is_dir():
        pytest.skip("the Stanford Sentiment Treebank is not on this machine")
    environ = {
        "TEXTCLF_DATA": str(shared / "data"),
        "XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache")),
    }
    return find("sst2_phrases", Places((), None, environ))


def test_of_the_real_treebank_no_held_sentence_is_trained_on(treebank):
    train = dict(rows(treebank, "train"))
    assert set(train.values()) == {"negative", "positive"}
    held = {text for split in ("dev", "test") for text, _ in rows(treebank, split)}
    assert not held & train.keys()
    assert {"what 's next ?", "hey arnold !"} & train.keys() == set()


def test_the_sentences_of_the_real_treebank_are_those_of_sst2(treebank, shared):
    for split in ("dev", "test"):
        path = shared / "data" / "sst2" / f"{split}.csv"
        table = read_table(path, text="text", label="label")
        sentences = zip(table.texts, table.labels, strict=True)
        assert sorted(rows(treebank, split)) == sorted(sentences)
