"""What is told of a movement: in a terminal, in Markdown, in JSON and back."""

import json

import numpy as np
import pytest

from textclf.errors import ArtefactError
from textclf.evaluation.distances import measure
from textclf.evaluation.movement import EpochMove, Movement
from textclf.evaluation.tables import screen_width

BEFORE = np.random.default_rng(1).normal(size=(30, 4)).astype(np.float32)
COURSE = (EpochMove(1, 0.0, 0.0), EpochMove(2, 0.0, 0.0), EpochMove(3, 0.1, 0.25))


def movement(after=None, *, words=30, first="w0", epochs=COURSE):
    after = BEFORE * np.float32(1.5) if after is None else after
    return measure(
        BEFORE,
        after,
        tokens=(first, *(f"w{row}" for row in range(1, 30))),
        counts=np.arange(30) + 1,
        found=np.arange(30) < 12,
        words=words,
        epochs=epochs,
    )


def test_json_comes_back_exactly():
    told = movement()
    assert Movement.from_json(json.loads(json.dumps(told.to_json()))) == told


@pytest.mark.parametrize(
    "change",
    [
        {"groups": []},
        {"groups": None},
        {"groups": [{"name": "all"}]},
        {"most": [{"wrong": 1}]},
        {"measured": 31},
        {"measured": 0},
        {"epochs": 3},
    ],
)
def test_a_damaged_record_is_refused(change):
    with pytest.raises(ArtefactError):
        Movement.from_json(movement().to_json() | change)
    with pytest.raises(ArtefactError):
        Movement.from_json([])


@pytest.mark.parametrize("width", [40, 78, 120])
def test_no_line_is_wider_than_the_terminal(width):
    lines = movement(first="\x1b[31m" + "x" * 200).to_lines(width)
    assert max(map(screen_width, lines)) <= width
    assert "\x1b" not in "".join(lines)


def test_a_frozen_table_is_said_to_stand_still():
    frozen = tuple(EpochMove(number, 0.0, 0.0) for number in (1, 2, 3))
    told = movement(BEFORE.copy(), epochs=frozen)
    text = "\n".join(told.to_lines())
    assert told.verdict() == "No word moved: all 30 rows are what they were."
    assert "frozen in epochs 1 to 3" in text and "moved most" not in text
    assert "moved most" not in told.to_markdown()


def test_the_course_tells_frozen_epochs_apart():
    assert movement().course() == (
        "Mean distance of frequent words after each epoch (frozen in epochs 1 to 2): "
        "0, 0, 0.25."
    )
    one = (EpochMove(1, 0.0, 0.0), EpochMove(2, 1.0, 0.5))
    assert "(frozen in epoch 1)" in movement(epochs=one).course()
    free = (EpochMove(1, 1.0, 0.5),)
    assert "frozen" not in movement(epochs=free).course()


def test_words_that_stay_among_others_are_counted():
    after = BEFORE * np.float32(2)
    after[:3] = BEFORE[:3]
    assert "3 of 30 words did not move" in movement(after).verdict()


def test_markdown_is_escaped_and_says_what_it_rests_on():
    told = movement(first="|<b>`", words=900).to_markdown()
    assert told.startswith("## Embedding\n")
    assert "\\|\\<b\\>\\`" in told
    assert "Of the first 30 of 900 words." in told
    assert "Of the first" not in movement().to_markdown()
