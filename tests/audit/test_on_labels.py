"""Labels: blank, unknown, rare, alike, oddly written, unevenly divided."""

import pytest

from textclf.audit.on_labels import on_labels


def kinds(pool):
    return {one.kind: one for one in on_labels(pool)}


def many(*pairs):
    return [(f"{label} {i}", label) for label, count in pairs for i in range(count)]


def test_good_labels_give_nothing(pool):
    assert kinds(pool(many(("a", 20), ("b", 30)), test=many(("a", 4), ("b", 6)))) == {}


@pytest.mark.parametrize(
    ("names", "weight"),
    [
        (("spam", "Spam "), "serious"),
        (("not spam", "not_spam"), "serious"),
        (("ﬁne", "fine"), "serious"),
        (("sport", "sports"), "notable"),
        (("colour", "color"), "notable"),
        (("class1", "class2"), None),
        (("pos", "neg"), None),
        (("good", "goad"), None),
    ],
)
def test_labels_that_look_alike(pool, names, weight):
    one = kinds(pool(many(*((name, 20) for name in names)))).get("label_look_alike")
    assert (one and one.weight) == weight
    if one:
        assert all(name.strip() in one.told for name in names)


def test_rare_and_unbalanced_labels(pool):
    one = kinds(pool(many(("a", 200), ("b", 9))))
    assert one["label_rare"].count == 1 and '"b" (9)' in one["label_rare"].told
    assert one["imbalance"].count == 200


def test_labels_that_only_one_split_has(pool):
    one = kinds(pool(many(("a", 20), ("b", 20)), test=[("u", "c"), ("v", "a")]))
    assert (one["label_unknown"].count, one["label_unknown"].weight) == (1, "serious")
    assert one["label_unknown"].examples[0].place == "test.csv:2"
    assert one["label_not_judged"].told.endswith(": b")


def test_blank_labels_are_faults_unless_there_may_be_several(pool):
    rows = [*many(("a", 20), ("b", 20)), ("u", " ")]
    assert kinds(pool(rows))["label_blank"].examples[0].place == "train.csv:42"
    assert "label_blank" not in kinds(pool(rows, separator="|"))


def test_shares_that_differ_beyond_chance(pool):
    train = many(("a", 500), ("b", 500))
    assert "label_drift" not in kinds(pool(train, test=many(("a", 45), ("b", 55))))
    drift = kinds(pool(train, test=many(("a", 300), ("b", 700))))["label_drift"]
    assert (drift.count, drift.of) == (200, 1000)


def test_a_name_written_otherwise_than_all_others(pool):
    names = [*(f"label_{letter}" for letter in "abcdefghijklmn"), "Odd_one", "why?"]
    found = [
        one
        for one in on_labels(pool(many(*((name, 20) for name in names))))
        if one.kind == "label_form"
    ]
    assert [one.told.rpartition(": ")[2] for one in found] == ["Odd_one", "why?"]
