"""`vectors norms`: of a file as a stream, of a run before and after."""

import json

from textclf.cli.main import main


def test_a_file(path, tmp_path, capsys):
    picture = tmp_path / "norms.png"
    assert main(["vectors", "norms", str(path), "--output", str(picture)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{picture}: 6 words",
        "  norms   median 1.21, half of them 1.00 to 1.41, all 1.00 to 1.73",
    ]
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_run_before_and_after(trained, tmp_path, capsys):
    arguments = [str(trained("binary")), "--output", str(tmp_path / "norms.png")]
    assert main(["vectors", "norms", *arguments, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"file", "words", "before", "after"}
    # Rows begin in U(-0.05, 0.05), of 8 numbers.
    assert 0 < told["before"][2] < 0.05 * 8**0.5 < told["after"][4]


def test_another_kind_of_picture_is_refused(path, tmp_path, capsys):
    assert main(["vectors", "norms", str(path), "--output", "a.jpg"]) == 2
    assert ".png" in capsys.readouterr().err
