"""Reports keep their numbers, judge honestly, and print safely at any width."""

import json
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.errors import ArtefactError, DataError
from textclf.evaluation.floor import Floor
from textclf.evaluation.predictions import (
    BINARY,
    MULTICLASS,
    MULTILABEL,
    Predictions,
)
from textclf.evaluation.report import Report, _escaped, _fitted, _wide, _wrapped

HOSTILE = (
    "a|b",
    "<script>alert(1)</script>",
    "[x](http://e.vil) www.e.vil",
    "`code` *b* _i_ ~s~",
    "new\nline \x1b[31m\u202e",
    "好评好评好评好评好评好评好评好评",
    "a very long label name that goes on and on and on and on",
)


def floors(accuracy: float, majority: float = 0.3, **linear) -> dict:
    """Returns what `Floor.score` does, with the same value for all measures."""
    names = ("accuracy", "macro_f1", "micro_f1")
    told = {"features": "words and characters", "terms": 9, "texts": 9} | linear
    return {
        "majority": {"label": "x"} | dict.fromkeys(names, majority),
        "linear": told | dict.fromkeys(names, accuracy),
    }


def reported(labels=("bad", "good"), n=200, accuracy=0.8, task=None, **changes):
    k, rng = len(labels), np.random.default_rng(0)
    task = task or (BINARY if k == 2 else MULTICLASS)
    marks, right = np.zeros(n, dtype=bool), np.arange(n) < accuracy * n
    if task == MULTILABEL:
        targets = rng.random((n, k)) < 0.3
        rows = np.where(targets == right[:, None], 0.9, 0.1)
    else:
        targets = np.arange(n) % k
        rows = np.full((n, k), 0.1 / k)
        rows[np.arange(n), np.where(right, targets, (targets + 1) % k)] += 0.9
    predictions = Predictions(tuple(labels), task, rows, marks, marks, np.zeros(n))
    settings = {"name": "run-1", "split": "test", "seed": 7, "floor": floors(0.6)}
    return Report.of(predictions, targets, **(settings | changes))


many = tuple(f"label_with_a_long_name_number_{place}" for place in range(77))
shapes = pytest.mark.parametrize(
    ("labels", "task"),
    [
        (("bad", "good"), BINARY),
        (HOSTILE, MULTICLASS),
        (many, MULTICLASS),
        (HOSTILE, MULTILABEL),
        (many, MULTILABEL),
    ],
)


class TestVerdict:
    @pytest.mark.parametrize(
        ("floor", "standing", "said"),
        [
            (floors(0.6), "above", "is above the floor"),
            (floors(0.8), "within", "is not above the floor"),
            (floors(0.9), "below", "is below the floor"),
            (floors(0.6, majority=0.95), "below", "is below the floor"),
            (None, None, "no floor to compare with"),
        ],
    )
    def test_compares_the_interval_with_the_better_baseline(
        self, floor, standing, said
    ):
        report = reported(floor=floor)
        assert report.standing == standing
        assert said in report.verdict()

    def test_tells_score_interval_and_floor_first(self):
        told = reported(n=2000).verdict()
        assert re.match(
            r"accuracy 80\.0 % \[7\d\.\d, 8\d\.\d\] on 2,000 texts; the floor reaches "
            r"60\.0 % \(linear TF-IDF, words and characters\), majority class 30\.0 %",
            told,
        )

    def test_names_the_majority_where_there_is_no_linear_model(self):
        floor = Floor.majority_only([0, 1], ("bad", "good"), BINARY)
        scored = floor.score(["x", "y"], [0, 1])
        told = reported(floor=scored).verdict()
        assert "the floor is the majority class with 50.0 % (not trained)" in told

    def test_multilabel_is_judged_by_micro_f1(self):
        report = reported(HOSTILE, task=MULTILABEL)
        assert report.verdict().startswith("micro F1 ")


class TestJson:
    @shapes
    def test_round_trip(self, labels, task):
        report = reported(labels, task=task, notes=("a note",))
        values = json.loads(json.dumps(report.to_json(), allow_nan=False))
        assert Report.from_json(values) == report
        assert Report.from_json(values).to_json() == report.to_json()

    def test_holds_the_public_keys(self):
        values = reported().to_json()
        assert set(values) >= {
            *("n", "accuracy", "macro_f1", "per_label", "confusion", "accuracy_ci95"),
            *("macro_f1_ci95", "floor", "split", "task", "log_loss", "labels"),
        }
        assert values["n"] == 200
        assert values["accuracy"] == 0.8
        assert values["confusion"] == [[80, 20], [20, 80]]
        low, high = values["accuracy_ci95"]
        assert low < 0.8 < high
        assert "micro_f1_ci95" in reported(HOSTILE, task=MULTILABEL).to_json()

    @given(st.data())
    def test_damage_is_explained(self, data):
        values = reported().to_json()
        key = data.draw(st.sampled_from(sorted(set(values) - {"verdict", "n"})))
        if data.draw(st.booleans()):
            del values[key]
        else:
            values[key] = 3 if key not in ("name", "split", "task") else None
        # A number may stand where a number stood; any other damage is refused.
        try:
            Report.from_json(values)
        except ArtefactError as fault:
            assert "evaluate the run again" in str(fault)
        else:
            assert isinstance(values.get(key), int | None)

    def test_an_incomplete_floor_is_refused(self):
        with pytest.raises(DataError, match="linear baseline"):
            reported(floor={"majority": {"accuracy": 0.5}})


class TestMarkdown:
    @shapes
    def test_has_the_verdict_first_and_every_label(self, labels, task):
        report = reported(labels, task=task, notes=("see <b>",))
        text = report.to_markdown()
        heading, verdict = text.split("\n\n")[:2]
        assert heading == "# run-1: test"
        assert verdict == report.verdict()
        assert all(f"| {_escaped(label)} |" in text for label in labels)
        assert text.endswith("- see \\<b\\>\n")

    @shapes
    def test_tables_keep_their_shape(self, labels, task):
        blocks = reported(labels, task=task).to_markdown().strip().split("\n\n")
        tables = [block.split("\n") for block in blocks if block.startswith("|")]
        assert len(tables) == 3
        for table in tables:
            widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table}
            assert len(widths) == 1

    def test_confusion_is_a_table_or_the_most_frequent(self):
        assert "| bad | 80 | 20 |" in reported().to_markdown()
        blocks = reported(many, n=770).to_markdown().split("## Confusion\n\n")
        lines = blocks[1].strip().split("\n")
        assert lines[0] == "| truth | prediction | texts |"
        assert len(lines) == 2 + 15
        assert "None." in reported(many, accuracy=1.0).to_markdown()

    @given(st.text(max_size=60))
    def test_escaping_can_be_undone_and_leaves_no_sign_bare(self, text):
        escaped = _escaped(text)
        assert "\n" not in escaped
        bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", escaped)
        assert not re.search(r"[\\`*_\[\]<>|~$&@#!]", bare)


class TestLines:
    @shapes
    @pytest.mark.parametrize("width", [30, 45, 60, 80, 120])
    def test_no_line_is_too_wide_and_nothing_steers_the_terminal(
        self, labels, task, width
    ):
        notes = ("a note of many words " * 5, "x" * 300)
        lines = reported(labels, task=task, notes=notes).to_lines(width)
        assert max(map(_wide, lines)) <= width
        assert all(line.isprintable() for line in lines)

    def test_long_tables_tell_what_they_leave_out(self):
        text = "\n".join(reported(many, n=770).to_lines(60))
        assert "10 worst and 5 best by F1; 62 of 77 labels left out" in text
        short = "\n".join(reported(many[:16], n=770).to_lines(60))
        assert "left out" not in short

    def test_shows_the_worst_and_the_best(self):
        lines = reported(many, n=200, accuracy=0.7).to_lines(120)
        start = next(i for i, line in enumerate(lines) if line.startswith("label "))
        shares = [float(line.split()[3]) for line in lines[start + 1 : start + 16]]
        assert shares == sorted(shares)
        assert shares[0] < shares[-1]

    def test_confusion_table(self):
        lines = reported().to_lines(60)
        assert "truth    1   2" in lines
        assert "1 bad   80  20" in lines

    def test_a_word_for_people_without_confusions(self):
        assert "no confusions" in reported(many, accuracy=1.0).to_lines(60)


class TestWidths:
    @given(st.text("ab好é\u0301 \U0001f600", max_size=20), st.integers(2, 12))
    def test_fitted_is_exact(self, text, width):
        for left in (True, False):
            assert _wide(_fitted(text, width, left=left)) == width

    @given(st.text("ab好é ", max_size=40), st.integers(2, 12))
    def test_wrapped_loses_nothing(self, text, width):
        lines = _wrapped(text, width)
        assert max(map(_wide, lines)) <= width
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
