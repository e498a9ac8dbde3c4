"""The audit as a whole: text settings, JSON, notebook, memory, known real oddities."""

import json
import re

import pytest

from textclf.audit import check, check_texts
from textclf.audit.found import KINDS
from textclf.audit.on_copies import on_copies
from textclf.audit.on_signs import on_signs
from textclf.audit.pool import Pool
from textclf.audit.source import opened
from textclf.config.load import config_from_mapping
from textclf.errors import DataError


def test_texts_in_memory_have_places():
    found = check_texts(
        ["one text", "one text", "two", "three", ""],
        ["a", "b", "a", "b", "a"],
        test=(["one TEXT", "new words here"], ["a", "b"]),
    )
    (leak,) = found.of("leak", "test")
    assert leak.examples[0].place == "test:1"
    assert leak.examples[0].note == "as train:1"
    assert found.folder == ""
    assert json.loads(json.dumps(found.to_json()))["rows"] == {"train": 5, "test": 2}
    assert {one.kind for one in found.findings} <= set(KINDS)
    with pytest.raises(DataError, match="3 texts and 1 labels"):
        check_texts(["a", "b", "c"], ["x"])
    with pytest.raises(DataError, match="no texts"):
        check_texts([], [])
    with pytest.raises(DataError, match="at least two labels"):
        check_texts(["a", "b"], ["x", "x"])


def test_a_prompt_shows_one_line():
    audit = check_texts(["good film", "bad film"] * 9, ["pos", "neg"] * 9)
    assert repr(audit).startswith("Audit(texts: 18 texts, 2 labels; ")
    assert "\n" not in repr(audit)


def test_what_the_settings_cut_off_and_do_not_know(tmp_path):
    train = [f"word{i % 7} is here" for i in range(20)] + ["long " * 30]
    rows = "\n".join(f"{text},{'ab'[i % 2]}" for i, text in enumerate(train))
    (tmp_path / "train.csv").write_text(f"text,label\n{rows}\n")
    (tmp_path / "test.csv").write_text("text,label\nword1 is zebra,a\nzebra gnu,b\n")
    data = {name: str(tmp_path / f"{name}.csv") for name in ("train", "test")}
    config = config_from_mapping({"data": data, "text": {"max_length": 10}})
    found = check(config)
    train_seen, test_seen = found.view.splits
    assert (train_seen.cut, train_seen.longest) == (1, 30)
    assert train_seen.lost == pytest.approx(20 / 90)
    assert test_seen.unknown == pytest.approx(3 / 5)
    (unknown,) = found.of("unknown_words")
    assert "zebra, gnu" in unknown.told
    (cut,) = found.of("truncation")
    assert (cut.count, cut.of, cut.weight) == (1, 21, "notable")


def test_a_notebook_shows_escaped_texts():
    found = check_texts(
        ["<script>alert(1)</script>", "<script>alert(1)</script>", "x", "y"],
        ["a", "b", "<b>", "b"],
    )
    page = found._repr_html_()
    assert "&lt;script&gt;" in page and "<script>" not in page
    assert "<b>" not in re.sub(r"<b>(?=\w+</b>)", "", page).replace("&lt;b&gt;", "")
    for one in found.findings:
        assert one.kind in page


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("trec", {("leak", "test"): 11, ("duplicate", "train"): 72}),
        ("sms_spam", {("duplicate", "train"): 415, ("control_sign", "train"): 35}),
        (
            "chnsenticorp",
            {("leak", "test"): 331, ("leak", "dev"): 338, ("conflict", "train"): 24},
        ),
    ],
)
def test_known_oddities_of_real_data_are_found(shared, name, known):
    config, tables = opened(name, data_dir=shared / "data")
    pool = Pool(tables, config.data.label_separator)
    found = {}
    for one in (*on_copies(pool), *on_signs(pool)):
        found.setdefault((one.kind, one.split), one.count)
    assert known.items() <= found.items()
