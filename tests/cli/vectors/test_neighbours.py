"""`vectors neighbours`: of a file and of a trained model."""

import json
import shutil

import numpy as np
import pytest

from tests.vectors.fasttext_models import model_bytes, numbers
from textclf.bundle import Bundle
from textclf.cli.main import main
from textclf.vectors.fasttext_format import open_fasttext
from textclf.vectors.start import START, write_start


def neighbours(*arguments):
    return main(["vectors", "neighbours", *map(str, arguments)])


def test_a_list_a_word(path, capsys):
    assert neighbours(path, "king", "Queen", "--k", "2") == 0
    assert capsys.readouterr().out == (
        "king\n   0.816  queen\n   0.707  man\n\n"
        "Queen\n   0.816  king\n   0.816  woman\n"
    )


def test_words_may_follow_flags_and_unknown_flags_are_refused(path, capsys):
    assert neighbours(path, "king", "--k", "1", "man") == 0
    assert capsys.readouterr().out.count("\n\n") == 1
    with pytest.raises(SystemExit):
        neighbours(path, "king", "--kk", "1")
    assert "unrecognized arguments: --kk" in capsys.readouterr().err


def test_json_and_words_that_would_harm_a_terminal(path, capsys):
    assert neighbours(path, "man", "--json", "--k", "9") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["word"] == "man"
    assert {one["word"] for one in told["neighbours"]} >= {"queen", "\x1b[31m"}
    assert neighbours(path, "man", "--k", "9") == 0
    assert "\x1b" not in capsys.readouterr().out


def test_a_bundle_is_asked_and_says_nothing_of_before(trained, capsys):
    assert neighbours(trained("binary") / "bundle", "lovely", "--k", "3") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "lovely"
    assert len(lines) == 4
    assert {"great", "superb", "delicious"} & {line.split()[1] for line in lines[1:]}
    assert neighbours(trained("binary") / "bundle", "lovely", "--json") == 0
    assert set(json.loads(capsys.readouterr().out)) == {"word", "neighbours"}


def test_a_run_shows_neighbours_before_beside_those_after(trained, capsys):
    assert neighbours(trained("binary"), "lovely", "--k", "3") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "lovely"
    assert lines[1].startswith("  moved ") and "cosine" in lines[1]
    assert lines[2].split() == ["before", "training", "after"]
    assert len(lines) == 6
    assert max(map(len, lines)) <= 80
    assert lines[2].index("after") == 42
    after = {line.split()[3] for line in lines[3:]}
    assert {"great", "superb", "delicious"} & after


def test_on_a_narrow_terminal_they_stand_below_each_other(trained, capsys, monkeypatch):
    monkeypatch.setattr("textclf.cli.vectors.neighbours.width", lambda: 40)
    assert neighbours(trained("binary"), "lovely", "--k", "2") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [lines[2], lines[5]] == ["  before training", "  after"]
    assert len(lines) == 8


def test_json_of_a_run_has_both_and_how_far_the_word_moved(trained, capsys):
    assert neighbours(trained("binary"), "Lovely", "--k", "2", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["word"] == "Lovely" and told["kept"] > 20
    assert len(told["neighbours"]) == len(told["before"]) == 2
    moved = told["moved"]
    assert moved["word"] == "lovely" and moved["after"] > moved["before"] > 0


def test_a_word_whose_start_is_not_kept_says_so(trained, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("textclf.explain.words.KEPT", 3)
    run = tmp_path / "run"
    shutil.copytree(trained("binary"), run)
    encoder = Bundle.open(run / "bundle").encoder
    start = np.ones((3, 8), dtype=np.float32)
    write_start(run / START, start, encoder=encoder.digest)
    rare = encoder.vocabulary.tokens[-1]
    assert neighbours(run, rare, "--k", "2") == 0
    assert capsys.readouterr().out.splitlines()[1] == (
        "  not one of the 3 words whose start the run keeps"
    )
    assert neighbours(run, rare, "--k", "2", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["kept"] == 3 and told["before"] is None and told["moved"] is None
    assert neighbours(run, encoder.vocabulary.tokens[2], "--k", "2") == 0
    assert "nearest of the 3 most frequent words" in capsys.readouterr().out


def test_an_old_run_and_a_damaged_start(trained, tmp_path, capsys):
    run = tmp_path / "run"
    shutil.copytree(trained("binary"), run)
    (run / START).write_bytes(b"damaged")
    assert neighbours(run, "lovely") == 4
    assert START in capsys.readouterr().err
    (run / START).unlink()
    assert neighbours(run, "lovely", "--k", "2") == 0
    assert len(capsys.readouterr().out.splitlines()) == 3


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["kin"], 3, "did you mean king?"),
        (["king", "--k", "0"], 2, "--k"),
    ],
)
def test_what_cannot_be_asked(path, capsys, arguments, code, told):
    assert neighbours(path, *arguments) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err


def test_a_file_that_is_missing_or_foreign(tmp_path, capsys):
    assert neighbours(tmp_path / "absent.txt", "king") == 4
    (tmp_path / "a.csv").write_text("text,label\n")
    assert neighbours(tmp_path / "a.csv", "king") == 4
    assert neighbours("glove.6B.no-such", "king") in (2, 4)
    assert "Traceback" not in capsys.readouterr().err


def test_a_word_that_a_fasttext_model_lacks_is_built_of_ngrams(tmp_path, capsys):
    words = [b"film", b"screen", b"soup"]
    path = tmp_path / "model.bin"
    path.write_bytes(model_bytes(words, numbers(words, 20)))
    assert main(["vectors", "neighbours", str(path), "films", "soup", "--k", "2"]) == 0
    out = capsys.readouterr().out
    assert out.count("built of n-grams") == 1
    assert main(["vectors", "neighbours", str(path), "films", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    with open_fasttext(path) as model:
        vector = model.vector("films")
        film = model.known(0, b"film")
    cosine = vector @ film / np.linalg.norm(vector) / np.linalg.norm(film)
    scores = {near["word"]: near["score"] for near in told["neighbours"]}
    assert told["built"] and scores["film"] == pytest.approx(cosine, abs=1e-5)
