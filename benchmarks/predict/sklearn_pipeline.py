"""scikit-learn: a dumped pipeline, from CSV to CSV."""

import sys

import joblib
import pandas as pd

from benchmarks.child import tell


def main() -> None:
    """Reads texts, writes labels and probabilities."""
    model_file, source, target = sys.argv[1:4]
    model = joblib.load(model_file)
    table = pd.read_csv(source, usecols=["text"], keep_default_na=False)
    probabilities = model.predict_proba(table["text"])
    chosen = probabilities.argmax(axis=1)
    answers = {
        "label": model.classes_[chosen],
        "probability": probabilities.max(axis=1),
    }
    pd.DataFrame(answers).to_csv(target, index=False)
    tell(texts=len(table))


if __name__ == "__main__":
    main()
