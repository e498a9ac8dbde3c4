"""Colours: strong where the model is sure, pale where it says what it says always."""

import numpy as np
import pytest

from textclf.errors import DataError
from textclf.evaluation.colouring import Colouring, rgba


def colouring(values, labels=("neg", "pos")):
    return Colouring(np.array(values, dtype=float), labels, "told")


def test_two_opposed_labels_have_two_colours_and_grey_between():
    told = colouring([[0.4, -0.4], [-0.4, 0.4], [0.0, 0.0]])
    red, blue, grey = told.shades()
    assert told.opposed and told.strength.tolist() == pytest.approx([1, 1, 0])
    assert red[0] > red[2] and blue[2] > blue[0]
    assert np.ptp(grey[:3]) < 0.1


def test_two_labels_of_which_a_text_may_have_both_are_not_opposed():
    assert not colouring([[0.4, 0.3], [0.1, 0.1]]).opposed


def test_weak_leans_stay_pale():
    told = colouring([[0.001, -0.001]] * 5)
    assert told.scale == 0.05 and told.strength.max() < 0.05


def test_a_label_has_its_colour_whatever_the_words():
    labels = ("a", "b", "c")
    one = colouring([[0.5, 0, 0], [0, 0.5, 0], [0, 0, 0.5]], labels)
    other = colouring([[0, 0, 0.5]] * 3, labels)
    assert one.hues == other.hues and len(set(one.hues)) == 3
    assert one.shades()[2] == pytest.approx(rgba(one.hues[2]))


def test_of_many_labels_those_of_most_words_have_a_colour():
    k = 40
    values = np.eye(k)[np.arange(200) % 12]
    hues = colouring(values, tuple(map(str, range(k)))).hues
    assert len(set(hues)) == 11
    assert len({hues[label] for label in range(12, k)}) == 1


def test_values_without_a_label_are_refused():
    with pytest.raises(DataError, match="a column a label"):
        colouring([[0.1, 0.2, 0.3]])
