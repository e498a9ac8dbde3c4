"""Proposals: the recipes that are shipped, chosen by what the texts are."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import ROOT
from textclf.config.commented import commented_config
from textclf.config.load import config_from_mapping, load_config
from textclf.config.paths import resolve_path
from textclf.config.recipes import MARGINS, TOPICS
from textclf.config.yaml12 import read_yaml, read_yaml_file
from textclf.data.proposal import Proposal, propose

CONFIGS = ROOT / "configs"
RECIPE = read_yaml_file(CONFIGS / "recommended.yaml").mapping


@pytest.fixture
def proposed(tmp_path):
    def of(texts: list[str], labels: Sequence[str] = "ab") -> Proposal:
        cells = [f"{text},{labels[n % len(labels)]}\n" for n, text in enumerate(texts)]
        path = tmp_path / "texts.csv"
        path.write_text("text,label\n" + "".join(cells), "utf-8")
        return propose(path, folder=tmp_path)

    return of


def less_data(settings) -> dict:
    return {key: settings[key] for key in settings if key not in ("name", "data")}


def written(proposal: Proposal) -> str:
    """Returns the file that `init` writes, its comments as one line."""
    text = commented_config(proposal.settings, proposal.comments)
    back = config_from_mapping(read_yaml(text, where="c").mapping)
    assert back == config_from_mapping(proposal.settings)
    return " ".join(text.replace("#", " ").split())


def test_short_texts_get_the_recommended_recipe(proposed):
    found = proposed([f"a few words {n}" for n in range(20)])
    assert less_data(found.settings) == less_data(RECIPE)
    assert "words, pairs of words and characters inside words" in written(found)


def test_the_recipe_for_topics_is_the_shipped_one():
    shipped = less_data(read_yaml_file(CONFIGS / "topics.yaml").mapping)
    assert shipped == {name: dict(part) for name, part in TOPICS.items()}


@pytest.mark.parametrize(
    ("labels", "name"), [("abcdef", "recommended"), ("abcdefg", "topics")]
)
def test_many_labels_get_the_recipe_for_topics(proposed, labels, name):
    found = proposed([f"a few words {n}" for n in range(42)], labels=labels)
    shipped = read_yaml_file(CONFIGS / f"{name}.yaml").mapping
    assert less_data(found.settings) == less_data(shipped)
    assert ("as there are many labels" in written(found)) == (name == "topics")


def test_long_texts_get_more_words_in_a_row_and_stay_whole(proposed):
    found = proposed([f"number {n} " + "and so on " * 40 for n in range(20)])
    long = load_config(CONFIGS / "imdb_ngram.yaml").config.text
    text = config_from_mapping(found.settings).text
    assert (text.ngrams, text.char_ngrams) == (long.ngrams, long.char_ngrams)
    training = {**RECIPE["training"], **MARGINS}
    expected = {**less_data(RECIPE), "training": training}
    assert {**less_data(found.settings), "text": RECIPE["text"]} == expected
    assert "half of the texts have more than 100 words" in written(found)


def test_long_texts_of_many_labels_begin_with_no_counts(proposed):
    texts = [f"number {n} " + "and so on " * 40 for n in range(42)]
    found = proposed(texts, labels="abcdefg")
    config = config_from_mapping(found.settings)
    assert (config.embedding.init, config.text.distinct) == ("random", True)
    assert config.embedding.row_rates == "rarity" and config.model.length_norm
    assert "long texts of many labels" in written(found)


def test_the_median_decides_and_nothing_is_cut_off(proposed):
    texts = [f"a few words {n}" for n in range(20)]
    found = proposed([*texts, "long " * 401])
    text = config_from_mapping(found.settings).text
    assert text.char_ngrams == RECIPE["text"]["char_ngrams"]
    assert text.max_length > 401
    assert "95 % of them have at most 4 units" in written(found)


def test_scripts_without_blanks_get_characters(proposed):
    found = proposed([f"这个酒店非常好，房间{n}很大" for n in range(20)])
    shipped = load_config(CONFIGS / "chnsenticorp.yaml").config.text
    text = config_from_mapping(found.settings).text
    assert (text.unit, text.ngrams) == (shipped.unit, shipped.ngrams)
    assert less_data(found.settings)["training"] == RECIPE["training"]
    assert "up to three characters in a row" in written(found)


def test_several_labels_a_text_get_chances_and_no_margins(proposed):
    texts = [f"a few words {n}" for n in range(40)]
    cells = [f"{one}|{other}" for one in "abcde" for other in "fghijkxy"]
    found = proposed(texts, labels=cells)
    assert found.settings["data"]["label_separator"] == "|"
    training = config_from_mapping(found.settings).training
    assert (training.loss, training.monitor) == ("cross_entropy", "dev_loss")
    assert config_from_mapping(found.settings).embedding.row_rates == "rarity"


def test_unbalanced_labels_are_watched_by_macro_f1(proposed):
    found = proposed([f"a few words {n}" for n in range(40)], labels="a" * 19 + "b")
    assert found.settings["training"]["monitor"] == "dev_macro_f1"


@pytest.fixture
def linked(tmp_path, monkeypatch):
    """Texts behind linked folders: `shared` beside the work, `deep` inside of it."""
    kept, work = tmp_path / "disk" / "kept", tmp_path / "work"
    for folder in (kept, work / "configs", tmp_path / "else" / "far" / "away"):
        folder.mkdir(parents=True)
    (kept / "x.csv").write_text("text,label\nfine,a\nbad,b\n", "utf-8")
    (tmp_path / "shared").symlink_to(kept)
    (work / "deep").symlink_to(tmp_path / "else" / "far" / "away")
    monkeypatch.chdir(work)
    return work


@pytest.mark.parametrize(
    ("data", "folder", "written"),
    [
        ("../shared/x.csv", ".", "../shared/x.csv"),
        ("../shared/x.csv", "configs", "../../shared/x.csv"),
        ("configs/../../shared/x.csv", "configs", "../../shared/x.csv"),
        ("../shared/x.csv", "deep", "../../../shared/x.csv"),
        ("deep/../../../shared/x.csv", ".", "../disk/kept/x.csv"),
        ("deep/../../../shared/x.csv", "deep", "../../../shared/x.csv"),
    ],
)
def test_links_on_the_way_to_the_texts_stay(linked, data, folder, written):
    found = propose(Path(data), folder=Path(folder)).settings
    train = found["data"]["train"]
    assert (found["name"], train) == ("x", written)
    assert resolve_path(train, Path(folder)).path.samefile(data)


def test_a_link_to_a_file_gives_its_own_name(linked):
    (linked / "mine.csv").symlink_to(linked / ".." / "shared" / "x.csv")
    found = propose(Path("mine.csv"), folder=Path()).settings
    assert (found["name"], found["data"]["train"]) == ("mine", "mine.csv")


@pytest.mark.parametrize(
    ("name", "unit", "ngrams"),
    [
        ("trec/train.csv", "word", 2),
        ("reuters_r8/train.csv", "word", 2),
        ("polarity_v2/all.parquet", "word", 4),
        ("chnsenticorp/dev.csv", "character", 3),
    ],
)
def test_real_sets(shared, tmp_path, name, unit, ngrams):
    text = propose(shared / "data" / name, folder=tmp_path).settings["text"]
    assert (text.get("unit", "word"), text["ngrams"]) == (unit, ngrams)
