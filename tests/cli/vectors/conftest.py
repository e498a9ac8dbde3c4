"""A small file of vectors."""

import pytest


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "small.txt"
    path.write_text(
        "man 1 0 0\nking 1 1 0\nwoman 1 0 1\nqueen 1 1 1\n"
        "\x1b[31m 0 0 -1\n. . 0 -1 0\n",
        encoding="utf-8",
    )
    return path
