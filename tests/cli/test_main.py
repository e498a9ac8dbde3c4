"""Usage, exit codes, signals: what every command shares."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from textclf.cli.main import main
from textclf.run import Run

HEAVY = {"tensorflow", "keras", "pandas", "sklearn", "scipy", "matplotlib"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0),
        (["train", "--help"], 0),
        (["trian"], 2),
        (["train"], 2),
        (["train", "--config", "absent.yaml"], 2),
        (["train", "--config", "bad.yaml"], 2),
        (["train", "--config", "good.yaml", "--set", "training.epocs=3"], 2),
        (["train", "--config", "good.yaml", "--run-dir", "."], 2),
        (["predict", "--run", "nowhere", "text"], 4),
        (["evaluate", "--run", "nowhere"], 4),
        (["show", "nowhere"], 4),
        (["data", "where", "imdbb"], 2),
        (["init", "absent.csv"], 3),
    ],
)
def test_help_and_mistakes_import_nothing_heavy(arguments, code, tmp_path):
    """A child process per case would import the interpreter anew; one is enough."""
    (tmp_path / "bad.yaml").write_text("data: {dataset: sample}\nmodle: {}\n", "utf-8")
    (tmp_path / "good.yaml").write_text("data: {dataset: sample}\n", "utf-8")
    script = (
        "import json, sys\n"
        "from textclf.cli.main import main\n"
        "try: code = main(sys.argv[1:])\n"
        "except SystemExit as end: code = end.code\n"
        "sys.stdout.flush()\n"
        "print('\\n' + json.dumps([code, sorted(sys.modules)]))\n"
    )
    command = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    got, modules = json.loads(done.stdout.splitlines()[-1])
    assert got == code
    assert HEAVY.isdisjoint(modules)
    assert "Traceback" not in done.stderr
    assert ("error[E" in done.stderr) == (code != 0)


def test_a_misspelt_flag_or_command_names_the_nearest(capsys):
    for arguments, near in (
        (["train", "--confg", "x"], "--config"),
        (["trian"], "train"),
    ):
        with pytest.raises(SystemExit) as end:
            main(arguments)
        assert end.value.code == 2
        assert near in capsys.readouterr().err


def test_a_bug_of_ours_shows_its_traceback_and_exits_with_1(monkeypatch, capsys):
    import textclf.cli.data

    def broken(options):
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(textclf.cli.data, "run", broken)
    assert main(["data", "list"]) == 1
    message = capsys.readouterr().err
    assert "planted" in message and "error[E1]" in message


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_a_signal_leaves_an_interrupted_run_without_a_bundle(
    config, tmp_path, number, code
):
    run = tmp_path / "run"
    words = ["--set", "training.epochs=100000", "--set", "training.patience=null"]
    command = [sys.executable, "-m", "textclf", "train", "--config"]
    command += [str(config("binary")), "--run-dir", str(run), *words]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE
    ) as it:
        history = run / "history.jsonl"
        while not history.exists() and it.poll() is None:
            time.sleep(0.05)
        second = subprocess.run([*command], capture_output=True, text=True)
        os.kill(it.pid, number)
        out, err = it.communicate(timeout=30)
    assert it.returncode == code
    assert out == b"" and b"Traceback" not in err
    assert err.splitlines()[-1] == b"interrupted"
    assert Run(run).state()["status"] == "interrupted"
    assert not (run / "bundle").exists() and history.exists()
    assert second.returncode == 2 and "exists already" in second.stderr


def test_an_unknown_backend_is_refused_before_a_run_folder_exists(config, tmp_path):
    command = [sys.executable, "-m", "textclf", "train", "--config"]
    command += [str(config("binary")), "--run-dir", str(tmp_path / "run")]
    environ = {**os.environ, "KERAS_BACKEND": "nonsense"}
    done = subprocess.run(command, env=environ, capture_output=True, text=True)
    assert done.returncode == 2 and "tensorflow" in done.stderr
    assert not (tmp_path / "run").exists()


def test_the_version_is_printed(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert re.fullmatch(r"textclf \d+\.\d+\S*\n", capsys.readouterr().out)
