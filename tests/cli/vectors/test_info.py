"""`vectors info`."""

import json

from textclf.cli.main import main


def test_figures_for_people_and_programs(path, capsys):
    assert main(["vectors", "info", str(path)]) == 0
    out = capsys.readouterr().out
    assert "6 of 3 numbers" in out
    assert "embedding.dim: 3" in out
    assert "\x1b" not in out
    assert all(len(line) <= 80 for line in out.splitlines())
    assert main(["vectors", "info", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["dim"], told["spaced"]) == (6, 3, 1)


def test_damage_is_told_with_its_place(path, capsys):
    path.write_text("a 1 2\nb 3 4\nc 5 x\n")
    assert main(["vectors", "info", str(path)]) == 4
    out, err = capsys.readouterr()
    assert out == ""
    assert "small.txt:3" in err
