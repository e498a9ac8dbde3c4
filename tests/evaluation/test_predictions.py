"""Predictions check themselves, are computed stably, and are written exactly."""

import csv
import io
import json
import math
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from textclf.errors import ArtefactError, ConfigError, DataError
from textclf.evaluation.predictions import (
    BINARY,
    MULTICLASS,
    MULTILABEL,
    Predictions,
    concatenate,
    json_line,
    prediction_writer,
    probabilities_from_logits,
    write_predictions,
)

HOSTILE = [
    "",
    " padded ",
    'say "no"',
    "a,b",
    "bare\rreturn",
    "two\nlines",
    "dos\r\nlines",
    "nul\0inside",
    "=cmd|' /C calc'!A0",
    "\ufeffmark",
    "line\u2028separator",
    "null",
    "01",
    "\x1b[31mred",
    "e\u0301 \U0001f600 好评",
]


def made(probabilities: list, task: str, labels: tuple = (), **flags: list):
    n = len(probabilities)
    k = len(probabilities[0]) if n else 2
    plain = {"empty": [False] * n, "truncated": [False] * n, "unknown": [0.0] * n}
    labels = labels or tuple("abcdefgh"[:k])
    return Predictions(labels, task, probabilities, **(plain | flags))


def drawn(n: int, k: int, task: str, seed: int = 0) -> Predictions:
    rng = np.random.default_rng(seed)
    outputs = rng.normal(0, 3, (n, 1 if task == BINARY else k))
    flags = {
        "empty": rng.random(n) < 0.2,
        "truncated": rng.random(n) < 0.2,
        "unknown": rng.random(n),
    }
    probabilities = probabilities_from_logits(outputs, task)
    return Predictions(tuple("abcdefgh"[:k]), task, probabilities, **flags)


class TestPredictions:
    @pytest.mark.parametrize(
        ("probabilities", "task", "changes", "said"),
        [
            ([[0.5, 0.6]], BINARY, {}, "sum to 1.1"),
            ([[0.5, 0.500002]], BINARY, {}, "sum to"),
            ([[math.nan, 1.0]], BINARY, {}, "nan"),
            ([[1.2, -0.2]], BINARY, {}, "1.2"),
            ([[math.inf, 0.0]], MULTILABEL, {}, "inf"),
            ([[0.5, 0.5]], BINARY, {"labels": ("a", "b", "c")}, "3 labels"),
            ([[0.5, 0.5]], MULTICLASS, {"labels": ("a", "b", "c")}, r"\[texts, 3\]"),
            ([[0.5, 0.5]], BINARY, {"labels": ("a", "a")}, "twice"),
            ([[1.0]], MULTICLASS, {}, "1 labels"),
            ([[0.5, 0.5]], "regression", {}, "task"),
            ([[0.5, 0.5]], BINARY, {"empty": [False, True]}, "`empty`"),
            ([[0.5, 0.5]], BINARY, {"unknown": [math.nan]}, "`unknown`"),
        ],
    )
    def test_refuses(self, probabilities, task, changes, said):
        with pytest.raises(DataError, match=said):
            made(probabilities, task, **changes)

    def test_accepts_sums_within_a_millionth_and_independent_labels(self):
        assert len(made([[0.5, 0.5000009]], BINARY)) == 1
        assert len(made([[0.9, 0.9]], MULTILABEL)) == 1

    def test_cannot_be_changed_and_leaves_the_given_array_writable(self):
        given_array = np.array([[0.5, 0.5]])
        predictions = made(given_array, BINARY)
        with pytest.raises(ValueError, match="read-only"):
            predictions.probabilities[0, 0] = 1.0
        given_array[0, 0] = 0.4

    def test_chooses_the_first_of_equals_and_labels_from_one_half_on(self):
        assert made([[0.5, 0.5], [0.2, 0.8]], BINARY).chosen().tolist() == [0, 1]
        sets = made([[0.5, 0.49], [0.1, 0.2]], MULTILABEL).chosen()
        assert sets.tolist() == [[True, False], [False, False]]

    def test_records(self):
        single = made([[0.25, 0.75]], BINARY, empty=[True], unknown=[0.5])
        assert list(single.records()) == [
            {
                "label": "b",
                "probability": 0.75,
                "probabilities": {"a": 0.25, "b": 0.75},
                "flags": {"empty": True, "truncated": False, "unknown": 0.5},
            }
        ]
        many = list(made([[0.5, 0.1, 0.9], [0.0, 0.0, 0.0]], MULTILABEL).records())
        assert [row["label"] for row in many] == [["a", "c"], []]
        assert [row["probability"] for row in many] == [[0.5, 0.9], []]

    def test_joins_in_order(self):
        parts = [drawn(n, 3, MULTICLASS, seed=n) for n in (2, 0, 3)]
        whole = concatenate(parts)
        assert len(whole) == 5
        assert (whole.probabilities[2:] == parts[2].probabilities).all()
        assert (whole.truncated[:2] == parts[0].truncated).all()

    def test_joins_only_what_belongs_together(self):
        with pytest.raises(DataError, match="no predictions"):
            concatenate([])
        with pytest.raises(DataError, match="different"):
            concatenate([drawn(1, 3, MULTICLASS), drawn(1, 3, MULTILABEL)])


class TestProbabilities:
    @given(
        hnp.arrays(
            float, st.tuples(st.integers(0, 4), st.just(3)), elements=st.floats(-50, 50)
        )
    )
    def test_equal_the_plain_formulas(self, logits):
        soft = probabilities_from_logits(logits, MULTICLASS)
        free = probabilities_from_logits(logits, MULTILABEL)
        for row, got_soft, got_free in zip(logits, soft, free, strict=True):
            powers = [math.exp(value) for value in row]
            assert got_soft == pytest.approx([p / sum(powers) for p in powers])
            assert got_free == pytest.approx([1 / (1 + math.exp(-v)) for v in row])

    @pytest.mark.parametrize("task", [MULTICLASS, MULTILABEL])
    def test_huge_outputs_stay_numbers(self, task):
        got = probabilities_from_logits(np.array([[1e4, -1e4, 1e308]]), task)
        assert got.dtype == np.float64
        assert np.isfinite(got).all()
        assert got[0, 2] == 1.0

    def test_binary_keeps_small_probabilities_on_both_sides(self):
        got = probabilities_from_logits(np.float32([[50.0], [-50.0], [0.0]]), BINARY)
        assert got[0] == pytest.approx([math.exp(-50), 1.0], rel=1e-9)
        assert got[1] == pytest.approx([1.0, math.exp(-50)], rel=1e-9)
        assert got[2].tolist() == [0.5, 0.5]

    @pytest.mark.parametrize("task", [BINARY, MULTICLASS, MULTILABEL])
    @pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
    def test_refuses_what_is_no_number(self, task, value):
        with pytest.raises(ArtefactError, match="not finite"):
            probabilities_from_logits([[value]], task)

    @pytest.mark.parametrize("shape", [(3,), (3, 2), (3, 0)])
    def test_refuses_another_shape(self, shape):
        with pytest.raises(DataError, match="shape"):
            probabilities_from_logits(np.zeros(shape), BINARY)


LABELS = ("a,b", 'say "x"', "=1+1")


def rows_of_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream, strict=True))


class TestFiles:
    @given(
        st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=4),
        st.sampled_from([BINARY, MULTICLASS, MULTILABEL]),
    )
    def test_csv_round_trip(self, tmp_path, texts, task):
        texts = [*texts, *HOSTILE]
        k = 2 if task == BINARY else 3
        predictions = drawn(len(texts), k, task)
        path = tmp_path / "out.csv"
        write_predictions(path, texts, predictions)
        header, *rows = rows_of_csv(path)
        assert header[:6] == [
            *("text", "label", "probability", "empty", "truncated", "unknown")
        ]
        assert header[6:] == [f"p:{label}" for label in predictions.labels]
        assert [row[0] for row in rows] == texts
        got = np.array([[float(cell) for cell in row[6:]] for row in rows])
        assert (got == predictions.probabilities).all()
        assert [row[3] == "true" for row in rows] == predictions.empty.tolist()
        assert [float(row[5]) for row in rows] == predictions.unknown.tolist()

    def test_csv_label_cells(self, tmp_path):
        many = made([[0.5, 0.1, 0.75], [0.0, 0.0, 0.0]], MULTILABEL, labels=LABELS)
        write_predictions(tmp_path / "m.csv", ["x", "y"], many)
        header, first, second = rows_of_csv(tmp_path / "m.csv")
        assert header[6:] == [f"p:{label}" for label in LABELS]
        assert first[1:3] == ["a,b|=1+1", "0.5|0.75"]
        assert second[1:3] == ["", ""]

    def test_jsonl_keeps_everything_even_half_a_surrogate_pair(self, tmp_path):
        texts = [*HOSTILE, "half \ud800"]
        predictions = drawn(len(texts), 3, MULTILABEL)
        write_predictions(tmp_path / "out.jsonl", texts, predictions)
        content = (tmp_path / "out.jsonl").read_bytes()
        rows = [json.loads(line) for line in content.decode().split("\n")[:-1]]
        assert [row.pop("text") for row in rows] == texts
        assert rows == list(predictions.records())
        assert "好评".encode() in content

    @pytest.mark.parametrize("task", [MULTICLASS, MULTILABEL])
    def test_parquet_has_a_row_group_a_chunk(self, tmp_path, task):
        path = tmp_path / "out.parquet"
        chunks = [drawn(n, 3, task, seed=n) for n in (3, 0, 2)]
        texts = [["a", "", "nul\0"], [], ["好评", "\ud800"]]
        labels = chunks[0].labels
        with prediction_writer(path, labels=labels, task=task) as rows:
            for some, chunk in zip(texts, chunks, strict=True):
                rows.write(some, chunk)
        file = pq.ParquetFile(path)
        sizes = [file.metadata.row_group(i).num_rows for i in range(2)]
        assert (file.num_row_groups, sizes) == (2, [3, 2])
        table = file.read().to_pydict()
        assert table["text"] == ["a", "", "nul\0", "好评", "\ufffd"]
        whole = concatenate(chunks)
        assert table["truncated"] == whole.truncated.tolist()
        assert table["p:b"] == whole.probabilities[:, 1].tolist()
        wanted = [row["label"] for row in whole.records()]
        if task == MULTILABEL:
            wanted = ["|".join(names) for names in wanted]
        assert table["label"] == wanted

    @pytest.mark.parametrize("ending", ["csv", "jsonl"])
    def test_chunks_equal_one_write(self, tmp_path, ending):
        one, two = tmp_path / f"one.{ending}", tmp_path / f"two.{ending}"
        parts = [drawn(n, 3, MULTICLASS, seed=n) for n in (2, 1)]
        write_predictions(one, ["x", "y", "z"], concatenate(parts))
        with prediction_writer(two, labels=parts[0].labels, task=MULTICLASS) as rows:
            rows.write(["x", "y"], parts[0])
            rows.write(["z"], parts[1])
        assert one.read_bytes() == two.read_bytes()

    @pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
    def test_no_chunk_makes_an_empty_file(self, tmp_path, ending):
        path = tmp_path / f"out.{ending}"
        with prediction_writer(path, labels=("a", "b"), task=BINARY):
            pass
        if ending == "parquet":
            assert pq.read_table(path).num_rows == 0
        else:
            assert path.read_text().count("\n") == (ending == "csv")

    @pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
    def test_whole_or_not_at_all(self, tmp_path, ending):
        path = tmp_path / f"out.{ending}"
        path.write_text("before")
        predictions = drawn(2, 2, BINARY)

        def fail():
            with prediction_writer(path, labels=("a", "b"), task=BINARY) as rows:
                rows.write(["x", "y"], predictions)
                rows.write(["only one"], predictions)

        with pytest.raises(DataError, match="1 texts for 2"):
            fail()
        assert path.read_text() == "before"
        assert list(tmp_path.iterdir()) == [path]

    def test_refuses_other_endings_and_ambiguous_labels(self, tmp_path):
        with pytest.raises(ConfigError, match=r"write to out\.csv"):
            write_predictions(tmp_path / "out.cvs", ["x"], drawn(1, 2, BINARY))
        piped = made([[0.1, 0.2]], MULTILABEL, labels=("a|b", "c"))
        with pytest.raises(DataError, match="separator"):
            write_predictions(tmp_path / "out.csv", ["x"], piped)
        write_predictions(tmp_path / "out.csv", ["x"], piped, separator=";")
        assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]

    def test_csv_can_be_read_by_lines_of_any_reader(self, tmp_path):
        write_predictions(tmp_path / "out.csv", ["a\rb"], drawn(1, 2, BINARY))
        text = (tmp_path / "out.csv").read_bytes().decode()
        assert '"a\rb"' in text
        assert len(list(csv.reader(io.StringIO(text, newline=""), strict=True))) == 2

    def test_json_line_is_one_line(self):
        assert json_line({"text": "a\nb\u2028"}).count(b"\n") == 1
