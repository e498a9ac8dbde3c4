"""What commands print while they work."""

import io
import sys

from textclf.cli.console import Console


class _Pieces(io.StringIO):
    """A stream that remembers what it was given at once."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def write(self, text: str) -> int:
        self.pieces.append(text)
        return super().write(text)


def test_a_line_comes_in_one_piece(monkeypatch):
    """While the backend starts, stderr is exchanged: an end of its own may get lost."""
    pieces = _Pieces()
    monkeypatch.setattr(sys, "stderr", pieces)
    Console().say("reading")
    Console().warn("few texts")
    assert [piece for piece in pieces.pieces if piece] == [
        "reading\n",
        "warning: few texts\n",
    ]


def test_a_line_goes_on_below_its_values_in_a_narrow_terminal(monkeypatch):
    stream = io.StringIO()
    stream.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("COLUMNS", "40")
    Console().say("epoch   1  train loss 0.6931 accuracy 0.5000  1.2 s  best")
    assert stream.getvalue().splitlines() == [
        "epoch   1  train loss 0.6931 accuracy",
        "        0.5000  1.2 s  best",
    ]
