"""`vectors align`."""

import json

import numpy as np
import pytest

from tests.vectors.test_align import languages
from textclf.cli.main import main
from textclf.vectors.table import Vectors
from textclf.vectors.writers import write_vectors


@pytest.fixture
def files(tmp_path):
    source, target, _, pairs = languages(noise=0.05)
    write_vectors(source, tmp_path / "a.bin")
    write_vectors(target, tmp_path / "b.txt")
    lines = "".join(f"{a} {b}\n" for a, b in pairs)
    (tmp_path / "pairs.txt").write_text(lines + "a1 unknown\n")
    return tmp_path, source, target


def align(folder, *flags, source="a.bin", target="b.txt"):
    named = folder / source, folder / target
    given = ("--dictionary", folder / "pairs.txt", "--output", folder / "turned.vec")
    return main(["vectors", "align", *map(str, (*named, *given, *flags))])


def test_the_turned_vectors_lie_beside_their_translations(files, capsys):
    folder, source, target = files
    assert align(folder, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["entries"], told["words"]) == (81, 80)
    assert (told["learnt"], told["asked"]) == (64, 16)
    assert [(p["by"], p["cutoff"]) for p in told["precision"]] == [
        (by, cutoff) for by in ("cosine", "csls") for cutoff in (1, 5, 10)
    ]
    assert all(p["share"] == 1 for p in told["precision"])
    turned = Vectors.read(folder / "turned.vec")
    assert turned.tokens == source.tokens
    cosines = np.einsum("ij,ij->i", turned.unit, target.unit)
    assert cosines.min() > 0.98
    lengths = np.linalg.norm(turned.matrix, axis=1)
    assert lengths == pytest.approx(np.linalg.norm(source.matrix, axis=1), rel=1e-4)


def test_the_score_is_told_in_words(files, capsys):
    assert align(files[0]) == 0
    out = capsys.readouterr().out
    assert "64 learnt from, 16 asked" in out and "csls     precision @1 100.0%" in out
    assert max(map(len, out.splitlines()[:-1])) <= 80


@pytest.mark.parametrize(
    ("flags", "code", "told"),
    [
        (("--heldout", "1"), 2, "--heldout"),
        (("--output", "x.npy"), 2, "ends in .txt"),
        (("--dictionary", "absent"), 3, "absent"),
        (("--limit", "0"), 2, "--limit"),
    ],
)
def test_mistakes_leave_nothing(files, capsys, flags, code, told):
    assert align(files[0], *flags) == code
    assert told in capsys.readouterr().err
    assert not (files[0] / "turned.vec").exists()
