"""Texts on disk: a sequence like any other, in the order of file or choice."""

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from textclf.data.stored import StoredTexts, TextsWriter, chosen
from textclf.errors import ResourceError

ANY = st.text(st.characters(), max_size=8)  # lone surrogates too


def stored(folder: Path, *blocks: list[str]) -> StoredTexts:
    path = folder / "texts.utf8"
    path.unlink(missing_ok=True)
    with closing(TextsWriter(path)) as writer:
        for block in blocks:
            writer.extend(block)
    return StoredTexts.open(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    blocks=st.lists(st.lists(ANY, max_size=6), max_size=4),
    place=st.slices(20),
    data=st.data(),
)
def test_it_is_the_sequence_that_was_written(
    tmp_path: Path, blocks: list[list[str]], place: slice, data: st.DataObject
) -> None:
    texts, plain = stored(tmp_path, *blocks), [t for block in blocks for t in block]
    assert len(texts) == len(plain)
    assert list(texts) == plain
    assert texts[place] == plain[place]
    if plain:
        row = st.integers(-len(plain), len(plain) - 1)
        at = data.draw(row)
        assert texts[at] == plain[at]
        rows = np.array(data.draw(st.lists(st.integers(0, len(plain) - 1))), int)
        view = chosen(texts, rows)
        assert list(view) == [plain[at] for at in rows]
        again = np.arange(len(rows))[::-2]
        assert list(chosen(view, again)) == [plain[at] for at in rows[::-2]]


def test_places_count_from_either_end(tmp_path: Path) -> None:
    texts = stored(tmp_path, ["a", "é", ""])
    assert (texts[0], texts[1], texts[-1], texts[-2]) == ("a", "é", "", "é")
    for place in (3, -4):
        with pytest.raises(IndexError):
            texts[place]


def test_many_blocks_and_far_rows_are_read_alike(tmp_path: Path) -> None:
    plain = [f"text {at} " + "é" * (at % 7) for at in range(10_000)]
    texts = stored(tmp_path, plain[:1], plain[1:9_000], [], plain[9_000:])
    assert list(texts) == plain
    assert texts[::997] == plain[::997]
    rows = np.random.default_rng(1).permutation(10_000)
    assert list(texts.take(rows)) == [plain[at] for at in rows]
    assert texts.take(rows)[5_000:5_009] == [plain[at] for at in rows[5_000:5_009]]


def test_lists_are_chosen_from_too() -> None:
    assert chosen(["a", "b", "c"], np.array([2, 0, 2])) == ["c", "a", "c"]


def test_a_replaced_file_stays_readable_and_a_cut_one_is_told(tmp_path: Path) -> None:
    texts = stored(tmp_path, ["first", "second"])
    (tmp_path / "texts.utf8").unlink()
    (tmp_path / "texts.utf8").write_bytes(b"x" * 11)
    assert list(texts) == ["first", "second"]
    texts = stored(tmp_path, ["first", "second"])
    with (tmp_path / "texts.utf8").open("r+b") as stream:
        stream.truncate(7)
    assert texts[0] == "first"
    with pytest.raises(ResourceError, match="cut short"):
        texts[1]


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    stored(tmp_path, ["a"])
    with pytest.raises(FileExistsError):
        TextsWriter(tmp_path / "texts.utf8")
