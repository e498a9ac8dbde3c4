"""Trains fastText on a file of labelled lines; prints labels for those of another.

Runs in an environment of its own, which has no textclf.
"""

import sys
from pathlib import Path

import fasttext


def main() -> None:
    model = fasttext.train_supervised(
        sys.argv[1],
        lr=0.5,
        epoch=25,
        wordNgrams=2,
        dim=50,
        thread=2,
        verbose=0,
        seed=int(sys.argv[3]),
    )
    with Path(sys.argv[2]).open(encoding="utf-8") as stream:
        texts = [line.rstrip("\n").partition(" ")[2] for line in stream]
    for answers in model.predict(texts)[0]:
        print(answers[0].removeprefix("__label__"))


if __name__ == "__main__":
    main()
