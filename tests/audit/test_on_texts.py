"""Empty, over-long and formal texts; scripts and languages."""

import pytest

from textclf.audit.on_languages import on_languages
from textclf.audit.on_texts import on_texts


def kinds(findings):
    return {one.kind: one for one in findings}


def plain(*texts):
    return [(text, "x") for text in texts]


def test_empty_texts_and_texts_of_signs(pool):
    one = kinds(on_texts(pool(plain("", " \n", "?!", "word", "5"))))
    assert (one["empty"].count, one["empty"].weight) == (2, "serious")
    assert one["no_word"].examples[0].place == "train.csv:4"


def test_texts_far_longer_than_the_others(pool):
    texts = [f"a short text {i}" for i in range(60)]
    assert kinds(on_texts(pool(plain(*texts, "x" * 4_000)))) == {}
    one = kinds(on_texts(pool(plain(*texts, "x" * 9_000))))["far_too_long"]
    assert (one.count, one.examples[0].note) == (1, "9,000 characters")


def test_a_form_that_texts_share(pool):
    texts = [f"From: somebody{i} about this" for i in range(40)]
    found = kinds(on_texts(pool(plain(*texts, *(f"hello {i}" for i in range(40))))))
    assert found["same_beginning"].count == 40
    usual = plain(*(f"the story {i}" for i in range(80)))
    assert kinds(on_texts(pool(usual))) == {}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Das ist nicht so gut wie der Film, und auch die Musik von ihm.", "German"),
        ("Je ne sais pas qui est dans cette maison avec les enfants.", "French"),
        (
            "No me gusta, pero la comida y el servicio son muy buenos, del todo",
            "Spanish",
        ),
        ("Questo non è il film che mi è piaciuto più di tutti gli altri", "Italian"),
        (
            "Não gostei do filme, mas ele também foi muito bom em uma parte",
            "Portuguese",
        ),
        ("Ik vind het niet goed, maar wat een mooi boek voor zijn vrouw", "Dutch"),
        ("Det som jag inte gillar är att det också tar mycket tid", "Swedish"),
        ("Nie wiem czy to jest dla mnie, ale bardzo się cieszę że już po", "Polish"),
        ("Bu çok güzel bir kitap ve benim için daha iyi ama kadar değil", "Turkish"),
    ],
)
def test_other_languages_are_named(pool, text, language):
    english = [f"This is the story of a man {i} and that it was" for i in range(20)]
    one = kinds(on_languages(pool(plain(*english, text))))["language_mix"]
    assert one.count == 1 and one.examples[0].note == language


def test_english_of_every_kind_is_english(pool):
    texts = (
        "What do I need to do to get my new card, no me too, to go on",
        "no no no, do do do, I am in an in-between mood as was per her plan",
        "The man and the die; a pour over, con artist, men in black, one son",
    )
    english = [f"This is the story of a man {i} and that it was" for i in range(20)]
    assert kinds(on_languages(pool(plain(*english, *texts)))) == {}


def test_scripts_are_told_by_their_letters(pool):
    texts = [
        "hello there friends",
        "Привет, мой друг",
        "这个宾馆比较陈旧了",
        "日本語を話します",
    ]
    one = kinds(
        on_languages(pool(plain(*texts, *(f"good word {i}" for i in range(9)))))
    )
    notes = {example.note for example in one["script_mix"].examples}
    assert notes == {"Cyrillic", "Han", "Kana"}
    assert one["script_mix"].weight == "notable"
