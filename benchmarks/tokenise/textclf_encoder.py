"""textclf: `TextEncoder.fit_encode`."""

from benchmarks.tokenise.harness import VOCABULARY, run
from textclf.config.schema import TextConfig
from textclf.text.encoder import TextEncoder

SETTINGS = TextConfig(vocabulary_size=VOCABULARY, max_length=100_000)


def encode(texts: list[str]) -> int:
    """Learns and encodes; the ids are one flat array."""
    return len(TextEncoder.fit_encode(texts, SETTINGS)[1].ids)


if __name__ == "__main__":
    run(encode)
