"""Hugging Face tokenizers: WordLevel, trained and applied in native threads."""

import numpy as np
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from benchmarks.tokenise.harness import VOCABULARY, run

_BATCH = 4096
_UNKNOWN = "[UNK]"


def encode(texts: list[str]) -> int:
    """Learns and encodes; the ids are copied out of the encodings of each batch."""
    tokenizer = Tokenizer(models.WordLevel(unk_token=_UNKNOWN))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    trainer = trainers.WordLevelTrainer(
        vocab_size=VOCABULARY, special_tokens=[_UNKNOWN], show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer, length=len(texts))
    parts = []
    for start in range(0, len(texts), _BATCH):
        found = tokenizer.encode_batch_fast(texts[start : start + _BATCH])
        parts += [np.array(one.ids, dtype=np.int32) for one in found]
    return len(np.concatenate(parts))


if __name__ == "__main__":
    run(encode)
