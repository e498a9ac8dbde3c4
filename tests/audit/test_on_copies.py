"""Copies within and across splits, exact and near, with equal and other labels."""

from textclf.audit.on_copies import on_copies

LONG = (
    "the quick brown fox jumps over the lazy dog and then it sleeps all day in the sun"
)
NEAR = f"{LONG} again"


def found(pool, kind, split=None):
    return [o for o in on_copies(pool) if o.kind == kind and split in (None, o.split)]


def test_leaks_name_the_twin(pool):
    one = pool([("a b", "x"), ("c", "y")], test=[("A  b", "x"), ("d", "y"), ("c", "y")])
    (leak,) = found(one, "leak")
    assert (leak.count, leak.of, leak.split, leak.weight) == (2, 3, "test", "serious")
    assert "1 of them to the last sign" in leak.told
    places = [(example.place, example.note) for example in leak.examples]
    assert places == [
        ("test.csv:2", "as train.csv:2"),
        ("test.csv:4", "as train.csv:3"),
    ]
    assert not found(one, "near_leak") and not found(one, "conflict")


def test_near_copies_are_told_apart_from_copies(pool):
    one = pool(
        [(LONG, "x"), (LONG, "x"), ("z", "y")],
        test=[(NEAR, "x"), (LONG, "x"), ("q", "y")],
    )
    assert [o.count for o in found(one, "leak")] == [1]
    assert [(o.count, o.weight) for o in found(one, "near_leak")] == [(1, "serious")]
    assert [o.count for o in found(one, "duplicate", "train")] == [1]
    assert not found(one, "near_duplicate", "train")
    assert [o.count for o in found(one, "near_duplicate", "test")] == [1]


def test_a_few_near_copies_across_splits_are_not_serious(pool):
    test = [(NEAR, "x"), *((f"text number {i} here", "y") for i in range(150))]
    (near,) = found(pool([(LONG, "x"), ("z", "y")], test=test), "near_leak")
    assert (near.count, near.weight) == (1, "notable")


def test_conflicts_are_counted_by_text(pool):
    train = [("a", "x"), ("A", "y"), ("a", "x"), ("b", "x"), ("b", "x"), ("c", "x")]
    one = pool(train, test=[("c", "y"), ("b", "x")])
    (within,) = found(one, "conflict", "train")
    assert (within.count, within.of) == (1, 3)
    assert {e.place for e in within.examples} == {f"train.csv:{n}" for n in (2, 3, 4)}
    (across,) = found(one, "conflict", "train, test")
    assert (across.count, across.of) == (1, 2)


def test_the_order_of_several_labels_is_no_conflict(pool):
    one = pool([("a", "x|y"), ("a", "y | x"), ("b", "x"), ("b", "")], separator="|")
    assert [o.count for o in found(one, "conflict")] == [1]


def test_near_copies_with_other_labels(pool):
    one = pool([(LONG, "x"), (NEAR, "y"), ("other", "x")])
    (near,) = found(one, "near_conflict")
    assert (near.count, near.weight) == (1, "notable")


def test_different_texts_give_nothing(pool):
    assert list(on_copies(pool([("a", "x"), ("b", "y")], dev=[("c", "x")]))) == []
