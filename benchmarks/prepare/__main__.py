"""`python -m benchmarks.prepare --data DIR --work DIR [--quick] ITEM …`."""

import argparse
import importlib
import time
from pathlib import Path

from benchmarks.records import Place

ITEMS = {
    "imdb": "benchmarks.prepare.reviews:subset",
    "texts": "benchmarks.prepare.texts:texts",
    "reviews": "benchmarks.prepare.reviews:csv_files",
    "fasttext": "benchmarks.prepare.reviews:fasttext_files",
    "vectors": "benchmarks.prepare.word_vectors:vectors",
    "documents": "benchmarks.prepare.documents:documents",
    "sklearn_model": "benchmarks.prepare.models:sklearn_model",
    "keras_model": "benchmarks.prepare.models:keras_model",
    "fasttext_model": "benchmarks.prepare.models:fasttext_model",
    "textclf_models": "benchmarks.prepare.models:textclf_models",
}
"""The function of each item; it takes the place and may find its work done."""


def main() -> None:
    """Makes what is not there yet."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("items", nargs="+", choices=ITEMS)
    options = parser.parse_args()
    place = Place(options.data, options.work, options.quick)
    place.work.mkdir(parents=True, exist_ok=True)
    for item in options.items:
        started = time.monotonic()
        module, name = ITEMS[item].split(":")
        getattr(importlib.import_module(module), name)(place)
        print(f"  prepared {item}: {time.monotonic() - started:.1f} s", flush=True)


if __name__ == "__main__":
    main()
