"""Reports keep their numbers, judge honestly, and print safely at any width."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evaluation.samples import HOSTILE_LABELS, MANY_LABELS, answered
from textclf.errors import ArtefactError, DataError
from textclf.evaluation.decision import Decision
from textclf.evaluation.floor import Floor
from textclf.evaluation.measures import NAMES
from textclf.evaluation.predictions import BINARY, MULTICLASS, MULTILABEL
from textclf.evaluation.report import Report
from textclf.evaluation.tables import escaped, screen_width


def floors(accuracy: float, majority: float = 0.3, **linear) -> dict:
    """Returns what `Floor.score` does, with the same value for all measures."""
    names = ("accuracy", "macro_f1", "micro_f1")
    told = {"features": "words and characters", "terms": 9, "texts": 9} | linear
    return {
        "majority": {"label": "x"} | dict.fromkeys(names, majority),
        "linear": told | dict.fromkeys(names, accuracy),
    }


def reported(labels=("bad", "good"), n=200, accuracy=0.8, task=None, **changes):
    predictions, targets = answered(labels, n=n, accuracy=accuracy, task=task)
    settings = {"name": "run-1", "split": "test", "seed": 7, "floor": floors(0.6)}
    return Report.of(predictions, targets, **(settings | changes))


shapes = pytest.mark.parametrize(
    ("labels", "task"),
    [
        (("bad", "good"), BINARY),
        (HOSTILE_LABELS, MULTICLASS),
        (MANY_LABELS, MULTICLASS),
        (HOSTILE_LABELS, MULTILABEL),
        (MANY_LABELS, MULTILABEL),
    ],
)


class TestVerdict:
    @pytest.mark.parametrize(
        ("floor", "standing", "said"),
        [
            (floors(0.6), "above", "is better than the linear model, whose score"),
            (floors(0.8), "within", "No clear difference from the linear model"),
            (floors(0.9), "below", "is worse than the linear model, whose score"),
            (floors(0.6, majority=0.7), "above", "better than the majority class"),
            (floors(0.6, majority=0.95), "below", "worse than the majority class"),
            (floors(0.6, majority=0.6), "above", "better than the majority class"),
            (None, None, "no floor to compare with"),
        ],
    )
    def test_compares_the_interval_with_the_better_baseline(
        self, floor, standing, said
    ):
        report = reported(floor=floor)
        assert report.standing == standing
        assert said in report.verdict()
        side = {"above": "below", "within": "inside", "below": "above", None: ""}
        assert side[standing] in report.verdict()

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
        assert "better than the majority class" in told

    @pytest.mark.parametrize(("n", "said"), [(18, "few"), (20, "above")])
    def test_few_texts_are_too_few_to_tell(self, n, said):
        report = reported(n=n, accuracy=1.0)
        assert report.standing == said
        too_few = "Fewer than 20 texts are too few to compare it with the linear model."
        assert (too_few in report.verdict()) == (said == "few")
        assert report.verdict().startswith("accuracy 100.0 % [8")

    def test_multilabel_is_judged_by_micro_f1(self):
        report = reported(HOSTILE_LABELS, task=MULTILABEL)
        assert report.verdict().startswith("micro F1 ")

    def test_multilabel_has_a_constant_answer_and_no_majority_class(self):
        floor = floors(0.6, majority=0.7)
        floor["majority"]["label"] = [HOSTILE_LABELS[0]]
        told = reported(HOSTILE_LABELS, task=MULTILABEL, floor=floor).verdict()
        assert ", constant answer 70.0 %." in told
        assert "from the constant answer, whose" in told
        assert "majority" not in told and HOSTILE_LABELS[0] not in told


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
        assert "micro_f1_ci95" in reported(HOSTILE_LABELS, task=MULTILABEL).to_json()

    @shapes
    def test_a_report_of_an_earlier_version_is_read(self, labels, task):
        """What it lacks is left out, and nothing is made up."""
        values = json.loads(json.dumps(reported(labels, task=task).to_json()))
        kept = ("accuracy", "macro_f1", "micro_f1")
        new = (
            "balanced_accuracy",
            "mcc",
            "roc_auc",
            "average_precision",
            "brier",
            "ece",
        )
        old = {
            key: value
            for key, value in values.items()
            if key.removesuffix("_ci95") not in (*new, "decision", "per_label")
            or key == "per_label"
        }
        ends = [key for key in old if key.endswith("_ci95")]
        for key in ends:
            if key.removesuffix("_ci95") not in kept:
                del old[key]
        report = Report.from_json(old)
        assert report.verdict() == values["verdict"]
        assert report.scores.mcc is None and report.label_intervals == ()
        told = "\n".join(report.to_lines(80))
        assert "MCC" not in told and "decision" not in told and "nan" not in told
        assert report.to_markdown().startswith("# run-1: test\n\n")

    def test_the_decision_is_kept_and_told(self):
        predictions, targets = answered()
        decision = Decision(1.37, (0.42,), 0.61)
        predictions = replace(predictions, decision=decision)
        given = {"name": "run-1", "split": "test", "seed": 7}
        report = Report.of(predictions, targets, **given)
        assert Report.from_json(report.to_json()) == report
        assert report.decision == decision
        for told in (" ".join(report.to_lines(60)), report.to_markdown()):
            assert "temperature 1.37; threshold 0.42; no answer below a conf" in told
            assert "texts answered" in told

    def test_every_measure_and_label_has_an_interval(self):
        report = reported(HOSTILE_LABELS, task=MULTILABEL)
        values = report.to_json()
        for name in NAMES:
            if getattr(report.scores, name) is not None:
                low, high = values[f"{name}_ci95"]
                assert low <= high
        assert set(values["per_label_ci95"]) == set(HOSTILE_LABELS)

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
        report = reported(labels, task=task, notes=("see: <b>",))
        text = report.to_markdown()
        heading, verdict = text.split("\n\n")[:2]
        assert heading == "# run-1: test"
        assert verdict == report.verdict()
        assert all(f"| {escaped(label)} |" in text for label in labels)
        assert text.endswith("- see: \\<b\\>\n")

    @shapes
    def test_tables_keep_their_shape(self, labels, task):
        blocks = reported(labels, task=task).to_markdown().strip().split("\n\n")
        tables = [block.split("\n") for block in blocks if block.startswith("|")]
        assert len(tables) == 3
        for table in tables:
            widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table}
            assert len(widths) == 1


class TestLines:
    @shapes
    @pytest.mark.parametrize("width", [30, 45, 60, 80, 120])
    def test_no_line_is_too_wide_and_nothing_steers_the_terminal(
        self, labels, task, width
    ):
        notes = ("a note of many words " * 5, "x" * 300)
        lines = reported(labels, task=task, notes=notes).to_lines(width)
        assert max(map(screen_width, lines)) <= width
        assert all(line.isprintable() for line in lines)
