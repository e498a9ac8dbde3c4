"""Rows are written exactly, whole or not at all."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evaluation.samples import drawn, made
from textclf.data.columns import JsonText
from textclf.errors import ConfigError, DataError
from textclf.evaluation.decision import Decision
from textclf.evaluation.json_lines import json_line
from textclf.evaluation.predictions import BINARY, MULTICLASS, MULTILABEL, concatenate
from textclf.evaluation.rows import prediction_writer, write_predictions

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
LABELS = ("a,b", 'say "x"', "=1+1")


def rows_of_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream, strict=True))


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_who_abstains_has_a_column_of_its_own(tmp_path, ending):
    predictions = made([[0.9, 0.1], [0.4, 0.6]], BINARY, labels=("no", "yes"))
    predictions = replace(predictions, decision=Decision(abstain=0.7))
    path = tmp_path / f"out.{ending}"
    write_predictions(path, ["a", "b"], predictions)
    if ending == "csv":
        header, *rows = rows_of_csv(path)
        at = header.index("abstained")
        assert [row[at] for row in rows] == ["false", "true"]
        assert header[at + 1 :] == ["p:no", "p:yes"]
    else:
        assert pq.read_table(path)["abstained"].to_pylist() == [False, True]


KEPT = {"id": ["01", None], "n": [1, None], "ok": [True, None], "x": [0.5, None]}
KINDS = {"id": str, "n": int, "ok": bool, "x": float}


def written(path: Path, beside: dict, kinds: dict[str, type]) -> Path:
    """Writes two rows with columns kept beside them."""
    predictions = made([[0.9, 0.1], [0.4, 0.6]], BINARY, labels=("no", "yes"))
    opened = prediction_writer(
        path, labels=predictions.labels, task=BINARY, beside=kinds
    )
    with opened as rows:
        rows.write(["a", "b"], predictions, beside)
    return path


def test_what_is_kept_comes_first_in_csv(tmp_path):
    header, *rows = rows_of_csv(written(tmp_path / "out.csv", KEPT, KINDS))
    assert header[:5] == ["id", "n", "ok", "x", "text"]
    assert [row[:5] for row in rows] == [
        ["01", "1", "true", "0.5", "a"],
        ["", "", "", "", "b"],
    ]


def test_what_is_kept_has_its_type_in_parquet(tmp_path):
    table = pq.read_table(written(tmp_path / "out.parquet", KEPT, KINDS))
    assert table.column_names[:5] == [*KEPT, "text"]
    assert {name: table[name].to_pylist() for name in KEPT} == KEPT
    assert [str(table.schema.field(name).type) for name in KEPT] == [
        *("string", "int64", "bool", "double")
    ]
    values = [JsonText("[1.50]"), False]
    table = pq.read_table(written(tmp_path / "b.parquet", {"v": values}, {"v": str}))
    assert table["v"].to_pylist() == ["[1.50]", "false"]


@pytest.mark.parametrize(
    ("ending", "name", "free"),
    [
        ("csv", "label", "flags"),
        ("csv", "p:yes", "flags"),
        ("parquet", "empty", "p:maybe"),
        ("jsonl", "flags", "p:yes"),
    ],
)
def test_a_kept_column_called_as_another_is_refused(tmp_path, ending, name, free):
    path = tmp_path / f"out.{ending}"
    with pytest.raises(ConfigError, match=f"--keep {name}: the output has a column"):
        written(path, {name: ["a", "b"]}, {name: str})
    assert not path.exists()
    assert written(path, {free: ["a", "b"]}, {free: str}).exists()


class TestRows:
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
        assert header[:7] == [
            *("text", "label", "probability", "empty", "truncated", "unknown", "built")
        ]
        assert header[7:] == [f"p:{label}" for label in predictions.labels]
        assert [row[0] for row in rows] == texts
        got = np.array([[float(cell) for cell in row[7:]] for row in rows])
        assert (got == predictions.probabilities).all()
        assert [row[3] == "true" for row in rows] == predictions.empty.tolist()
        assert [float(row[5]) for row in rows] == predictions.unknown.tolist()
        assert [float(row[6]) for row in rows] == predictions.built.tolist()

    def test_csv_label_cells(self, tmp_path):
        many = made([[0.5, 0.1, 0.75], [0.0, 0.0, 0.0]], MULTILABEL, labels=LABELS)
        write_predictions(tmp_path / "m.csv", ["x", "y"], many)
        header, first, second = rows_of_csv(tmp_path / "m.csv")
        assert header[7:] == [f"p:{label}" for label in LABELS]
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
