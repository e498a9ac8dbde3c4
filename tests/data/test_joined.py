"""Two columns of texts as one."""

from hypothesis import given
from hypothesis import strategies as st

from textclf.data.joined import JoinedTexts

COLUMNS = st.lists(st.text(max_size=2), max_size=5)


@given(COLUMNS, COLUMNS, st.slices(10))
def test_texts_behind_texts_are_one_column(first, second, part):
    joined, plain = JoinedTexts(first, second), first + second
    assert len(joined) == len(plain)
    assert list(joined) == plain
    assert joined[part] == plain[part]
    assert [joined[place] for place in range(-len(plain), len(plain))] == 2 * plain
