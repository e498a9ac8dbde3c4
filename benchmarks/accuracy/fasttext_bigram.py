"""fastText: words and pairs; runs in an environment of its own."""

import sys

import fasttext

from benchmarks.child import quiet_stdout, tell


def train(path: str) -> "fasttext.FastText._FastText":
    """Trains on a file of labelled lines."""
    return fasttext.train_supervised(
        path,
        lr=0.5,
        epoch=5,
        wordNgrams=2,
        dim=50,
        bucket=2_000_000,
        thread=2,
        verbose=0,
        seed=7,
    )


def main() -> None:
    """Trains on one file, tells the accuracy on the other; saves the model if told."""
    with quiet_stdout():
        model = train(sys.argv[1])
        _, precision, _ = model.test(sys.argv[2])
        if len(sys.argv) > 3:
            model.save_model(sys.argv[3])
    tell(accuracy=precision)


if __name__ == "__main__":
    main()
