"""Files of pairs, analogies and dictionaries: read strictly, faults with their line."""

import pytest

from textclf.errors import DataError
from textclf.vectors.questions import read_dictionary, read_pairs, read_questions


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "questions.txt"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    "text",
    [
        "Word 1,Word 2,Human (mean)\ntiger,cat,7.35\nold,new,1.58\n",
        "tiger\tcat\t7.35\n\n# a comment\nold\tnew\t1.58\n",
        "word1\tword2\tPOS\tSimLex999\ntiger\tcat\tN\t7.35\t0.9\nold\tnew\tA\t1.58\t2\n",
        "tiger cat 7.35\r\nold new 1.58",
    ],
)
def test_pairs_of_known_forms(file, text):
    pairs = read_pairs(file(text))
    assert [(p.first, p.second, p.score) for p in pairs] == [
        ("tiger", "cat", 7.35),
        ("old", "new", 1.58),
    ]


def test_questions_keep_their_sections(file):
    text = ": capitals\nAthens Greece Oslo Norway\n: gram1\nbig bigger old older\n"
    questions = read_questions(file(text))
    assert [q.section for q in questions] == ["capitals", "gram1"]
    assert questions[1].words == ("big", "bigger", "old", "older")


def test_a_dictionary_may_have_tabs_or_blanks(file):
    assert read_dictionary(file("dog\tHund\ncat Katze\n")) == [
        ("dog", "Hund"),
        ("cat", "Katze"),
    ]


@pytest.mark.parametrize(
    ("read", "text", "told"),
    [
        (read_pairs, "a b 1\na b\n", r":2: got 2 cells"),
        (read_pairs, "a b 1\na b nan\n", r":2: "),
        (read_pairs, "first second score\n", "no line with a pair"),
        (read_questions, "a b c d\na b c\n", r":2: got 3 words"),
        (read_questions, ": only a section\n", "no line with a question"),
        (read_dictionary, "a b\n\na b c\n", r":3: got 3 words"),
        (read_dictionary, "", "no line with an entry"),
    ],
)
def test_faults_name_the_line(file, read, text, told):
    with pytest.raises(DataError, match=told):
        read(file(text))
