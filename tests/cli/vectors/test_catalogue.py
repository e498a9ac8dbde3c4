"""`vectors list | fetch`; downloads themselves are tested in tests/vectors."""

import json

from textclf.cli.main import main


def test_the_list_is_for_people_and_programs(capsys):
    assert main(["vectors", "list"]) == 0
    assert "glove.6B" in capsys.readouterr().out
    assert main(["vectors", "list", "--json"]) == 0
    entries = json.loads(capsys.readouterr().out)
    assert {"name", "rows", "dim", "address", "licence", "here"} <= set(entries[0])


def test_a_name_that_is_not_there(capsys):
    assert main(["vectors", "fetch", "glove.6B.100"]) == 2
    assert "glove.6B.100d" in capsys.readouterr().err
