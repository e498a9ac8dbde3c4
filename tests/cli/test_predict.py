"""`predict`: from arguments, files and pipes, to lines and files."""

import csv
import json
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from textclf.cli.main import main

from .conftest import TASKS, write_csv

TEXTS = ["a lovely film", "rude waiter", "", "zzz qqq", "=1+1;\r\x1b[31m<script>"]


def predict(run, *arguments):
    return main(["predict", "--run", str(run), *map(str, arguments)])


@pytest.mark.parametrize("task", TASKS)
def test_json_is_a_line_a_text(trained, task, capsys):
    assert predict(trained(task), "--json", *TEXTS) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["text"] for row in rows] == TEXTS
    for row in rows:
        assert set(row) == {"text", "label", "probability", "probabilities", "flags"}
        assert set(row["probabilities"]) == set(TASKS[task])
        assert set(row["flags"]) == {"empty", "truncated", "unknown", "built"}
        if task != "multilabel":
            assert row["probabilities"][row["label"]] == row["probability"]
            assert sum(row["probabilities"].values()) == pytest.approx(1)
    assert rows[2]["flags"]["empty"] and rows[3]["flags"]["unknown"] == 1.0


def test_lines_for_people_escape_what_could_steer_a_terminal(trained, capsys):
    assert predict(trained("binary"), *TEXTS) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(TEXTS) and lines[0].startswith("pos")
    assert "[empty: the answer is a guess]" in lines[2]
    assert "100% unknown words" in lines[3]
    assert "\x1b" not in lines[4] and "\r" not in lines[4]


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_a_file_is_written_whole_with_the_texts_exact(
    trained, tmp_path, ending, capsys
):
    source = write_csv(tmp_path / "in.csv", [(text, "pos") for text in TEXTS])
    target = tmp_path / f"out.{ending}"
    assert predict(trained("binary"), "--input", source, "--output", target) == 0
    assert capsys.readouterr().out == ""
    assert [row["text"] for row in read(target)] == TEXTS
    assert {path.name for path in tmp_path.iterdir()} == {"in.csv", target.name}


def read(path):
    if path.suffix == ".csv":
        with path.open(newline="", encoding="utf-8") as stream:
            return list(csv.DictReader(stream, strict=True))
    if path.suffix == ".jsonl":
        return [
            json.loads(line) for line in path.read_text("utf-8").split("\n") if line
        ]
    import polars

    return polars.read_parquet(path).to_dicts()


def test_a_bundle_alone_is_enough(trained, tmp_path, capsys):
    moved = tmp_path / "moved"
    shutil.copytree(trained("binary") / "bundle", moved)
    assert predict(moved, "--json", "a great plot") == 0
    assert json.loads(capsys.readouterr().out)["label"] == "pos"


def test_a_fault_in_a_later_row_leaves_no_output(trained, tmp_path, capsys):
    source = tmp_path / "in.csv"
    source.write_text("text,label\na,b\nc,d,e\n", "utf-8")
    target = tmp_path / "out.csv"
    assert predict(trained("binary"), "--input", source, "--output", target) == 3
    assert "in.csv:3" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_a_fault_behind_many_rows_is_told_with_its_line(trained, tmp_path, capsys):
    source = write_csv(tmp_path / "in.csv", [("a kind waiter", "pos")] * 9000)
    with source.open("a", encoding="utf-8") as stream:
        stream.write("c,d,e\n")
    target = tmp_path / "out.jsonl"
    assert predict(trained("binary"), "--input", source, "--output", target) == 3
    assert "in.csv:9002" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_many_rows_come_in_their_order(trained, tmp_path):
    texts = [f"a kind waiter {number}" for number in range(13_000)]
    source = write_csv(tmp_path / "in.csv", [(text, "pos") for text in texts])
    target = tmp_path / "out.jsonl"
    assert predict(trained("binary"), "--input", source, "--output", target) == 0
    assert [row["text"] for row in read(target)] == texts


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_columns_are_kept(trained, tmp_path, ending, capsys):
    rows = [f"{number:05},a kind waiter {number},film\n" for number in range(5000)]
    source = tmp_path / "in.csv"
    source.write_text("id,text,source\n" + "".join(rows), "utf-8")
    target = tmp_path / f"out.{ending}"
    files = ("--input", source, "--output", target)
    assert predict(trained("binary"), *files, "--keep", "id") == 0
    found = read(target)
    assert [row["id"] for row in found] == [f"{number:05}" for number in range(5000)]
    assert all(row["text"].endswith(f" {int(row['id'])}") for row in found)
    assert "source" not in found[0]
    assert predict(trained("binary"), *files, "--keep", "all") == 0
    assert list(read(target)[0])[:3] == ["id", "source", "text"]


def test_columns_are_kept_on_stdout(trained, tmp_path, capsys):
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "a lovely film", "id": 7, "tags": ["x"]}\n', "utf-8")
    keep = ("--keep", "id", "--keep", "tags", "--json")
    assert predict(trained("binary"), "--input", source, *keep) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["id"], row["tags"], row["label"]) == (7, ["x"], "pos")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--keep", "id", "text"], 2, "--input"),
        (["--keep", "id", "--input", "in.csv"], 2, "--output or --json"),
        (["--keep", "ids", "--input", "in.csv", "--json"], 3, "found: id, text, label"),
        (["--keep", "ids", "--input", "in.csv", "--json"], 3, 'give --keep "id"'),
        (["--keep", "all", "--input", "in.csv", "--json"], 2, "taken are text, label"),
        (
            ["--keep", "label", "--input", "in.csv", "--output", "out.csv"],
            2,
            "--keep label: the output has a column of that name itself",
        ),
    ],
)
def test_what_cannot_be_kept(
    trained, capsys, arguments, code, told, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text("id,text,label\n1,a lovely film,pos\n", "utf-8")
    assert predict(trained("binary"), *arguments) == code
    out, err = capsys.readouterr()
    assert told in err and "Traceback" not in err and out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--input", "in.csv", "text"], 2, "one of them"),
        (["--output", "out.xml", "text"], 2, ".csv"),
        (["--output", "nowhere/out.csv", "text"], 2, "no such folder"),
        (["--input", "absent.csv"], 3, "absent.csv"),
    ],
)
def test_mistakes(trained, capsys, arguments, code, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert predict(trained("binary"), *arguments) == code
    message = capsys.readouterr().err
    assert told in message and "Traceback" not in message


def test_a_changed_bundle_is_refused(trained, tmp_path, capsys):
    moved = tmp_path / "moved"
    shutil.copytree(trained("binary") / "bundle", moved)
    weights = moved / "weights.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    assert predict(moved, "text") == 4
    assert "sha256" in capsys.readouterr().err


def piped(run, *arguments, **options):
    command = [
        sys.executable,
        "-m",
        "textclf",
        "predict",
        "--run",
        str(run),
        *arguments,
    ]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, **options)


def test_stdin_is_answered_while_it_is_open_and_ends_quietly(trained):
    with piped(trained("binary"), "--json") as process:
        process.stdin.write(b"a lovely soup\nrude")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["label"] == "pos"
        out, err = process.communicate(b" lamp\n\n")
        rows = [json.loads(line) for line in out.splitlines()]
        assert [row["text"] for row in rows] == ["rude lamp", ""]
        assert process.returncode == 0 and err == b""


def test_nothing_on_stdin_is_no_row_and_a_closed_pipe_is_quiet(trained):
    with piped(trained("binary"), "--json") as process:
        assert process.communicate(b"") == (b"", b"")
        assert process.returncode == 0
    with piped(trained("binary"), "--json") as process:
        process.stdout.close()
        process.stdin.write(b"text\n" * 10)
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait() == 141


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_a_signal_ends_waiting_for_stdin(trained, number, code):
    """`read` alone would go on: polars has the system restart it behind a signal."""
    with piped(trained("binary")) as process:
        process.stdin.write(b"a lovely soup\n")
        process.stdin.flush()
        assert process.stdout.readline().startswith(b"pos")
        process.send_signal(number)
        assert process.wait(timeout=20) == code
        assert b"Traceback" not in process.stderr.read()


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_a_signal_ends_predicting_a_file(trained, tmp_path, number, code):
    source = tmp_path / "in.csv"
    source.write_text("text\n" + "a lovely soup of kind nine\n" * 2_000_000, "utf-8")
    files = ("--input", str(source), "--output", str(tmp_path / "out.jsonl"))
    with piped(trained("binary"), *files) as process:
        while process.poll() is None and len(list(tmp_path.iterdir())) == 1:
            time.sleep(0.01)
        process.send_signal(number)
        assert process.wait(timeout=20) == code
        assert b"Traceback" not in process.stderr.read()
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def resident(process):
    """The most memory the process ever held, in MB."""
    status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads memory from /proc")
def test_memory_does_not_grow_with_the_stream(trained):
    """200,000 lines, 13 MB, are answered batch by batch and not collected first."""
    lines = b"a lovely soup of kind nine, and a spoon for it, and a bowl of it\n" * 2000
    with piped(trained("binary")) as process:
        process.stdin.write(lines[:6500])
        process.stdin.flush()
        assert process.stdout.readline().startswith(b"pos")
        reader = threading.Thread(target=process.stdout.read)
        reader.start()
        for _ in range(10):
            process.stdin.write(lines)
        early = resident(process)
        for _ in range(90):
            process.stdin.write(lines)
        late = resident(process)
        process.stdin.close()
        reader.join()
        assert process.wait() == 0
    assert late < early + 40


class TestExpectedHash:
    """Fault 55: a bundle says of itself that it is whole; a hash tells which it is."""

    def test_the_hash_that_show_prints_is_taken(self, trained, capsys):
        run = str(trained("binary"))
        assert main(["show", run]) == 0
        digest = capsys.readouterr().out.split("sha256 ")[-1].split()[0]
        for given in (digest, digest.upper()):
            flags = ["--run", run, "--expect-sha256", given]
            assert main(["predict", *flags, "great soup"]) == 0
            assert main(["evaluate", *flags]) == 0

    @pytest.mark.parametrize(
        ("digest", "code", "said"),
        [("0" * 64, 4, "expected 0000"), ("abc", 2, "64 hexadecimal digits")],
    )
    def test_any_other_is_refused(self, trained, capsys, digest, code, said):
        flags = ["--run", str(trained("binary")), "--expect-sha256", digest]
        for command in (["predict", *flags, "great soup"], ["evaluate", *flags]):
            assert main(command) == code
            out, err = capsys.readouterr()
            assert out == "" and said in err


def test_another_column_or_encoding_is_mended_by_what_predict_has(
    trained, tmp_path, capsys
):
    path = tmp_path / "p.csv"
    path.write_text("review,stars\nlovely,5\n", encoding="utf-8")
    assert predict(trained("binary"), "--input", path) == 3
    said = capsys.readouterr().err
    assert "--text NAME" in said and "data.text" not in said
    assert predict(trained("binary"), "--input", path, "--text", "review") == 0
    path.write_bytes("text\ncafé\n".encode("latin-1"))
    assert predict(trained("binary"), "--input", path) == 3
    said = capsys.readouterr().err
    assert "save the file as UTF-8" in said and "data.encoding" not in said
