"""Stock Keras: a saved model and `predict`, from CSV to CSV."""

import sys
from pathlib import Path

import keras
import numpy as np
import pandas as pd

from benchmarks.accuracy.keras_average import LENGTH, VOCABULARY, encode
from benchmarks.child import quiet_stdout, tell


def main() -> None:
    """Reads texts, writes labels and probabilities."""
    model_file, words_file, source, target = sys.argv[1:5]
    model = keras.models.load_model(model_file)
    words = Path(words_file).read_text(encoding="utf-8").split("\n")
    layer = keras.layers.TextVectorization(
        VOCABULARY, output_sequence_length=LENGTH, vocabulary=words
    )
    table = pd.read_csv(source, usecols=["text"], keep_default_na=False)
    with quiet_stdout():
        ids = encode(layer, table["text"].tolist())
        logits = model.predict(ids, batch_size=1024, verbose=0)[:, 0]
    positive = 1 / (1 + np.exp(-logits))
    label = np.where(positive > 0.5, "positive", "negative")
    answers = {"label": label, "probability": np.maximum(positive, 1 - positive)}
    pd.DataFrame(answers).to_csv(target, index=False)
    tell(texts=len(table))


if __name__ == "__main__":
    main()
