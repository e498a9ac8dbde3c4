"""fastText: a saved model, from tokenised lines to a file."""

import sys
from pathlib import Path

import fasttext

from benchmarks.child import tell


def main() -> None:
    """Reads lines, writes labels and probabilities."""
    model_file, source, target = sys.argv[1:4]
    model = fasttext.load_model(model_file)
    lines = Path(source).read_text(encoding="utf-8").split("\n")[:-1]
    labels, probabilities = model.predict(lines)
    with Path(target).open("w", encoding="utf-8") as file:
        for label, probability in zip(labels, probabilities, strict=True):
            file.write(f"{label[0]},{probability[0]:.6f}\n")
    tell(texts=len(lines))


if __name__ == "__main__":
    main()
