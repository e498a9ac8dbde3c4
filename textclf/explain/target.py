"""The number that is explained: the log-odds of a label."""

from dataclasses import dataclass

import numpy as np

from textclf.backend.slope import Question, question_of
from textclf.evaluation.predictions import BINARY, MULTICLASS, MULTILABEL


@dataclass(frozen=True)
class Target:
    """The log-odds of one label, log(p / (1 - p)), as a function of the logits.

    That is one number for every task, and scores add up to it: of a binary task it is
    the logit, towards the first label its negative; of a multi-label task the logit of
    the label. Of several labels of which one is right it is the logit less the log of
    the sum of powers of the others; a word that raises all logits alike says nothing.

    Attributes:
        label: The number of the label.
        task: What is asked of labels.
    """

    label: int
    task: str

    def of_logits(self, logits: np.ndarray) -> np.ndarray:
        """Returns float64[n] log-odds for float[n, outputs] logits."""
        logits = np.asarray(logits, dtype=np.float64)
        if self.task == BINARY:
            return logits[:, 0] if self.label == 1 else -logits[:, 0]
        if self.task == MULTILABEL:
            return logits[:, self.label]
        others = np.delete(logits, self.label, axis=1)
        highest = others.max(axis=1)
        powers = np.exp(others - highest[:, None]).sum(axis=1)
        return logits[:, self.label] - highest - np.log(powers)

    def weights(self, logits: np.ndarray) -> np.ndarray:
        """Returns float64[n, outputs], the gradient by the logits."""
        weights = np.zeros(logits.shape)
        weights[:, self._column] = self._sign
        if self.task == MULTICLASS:
            others = np.delete(np.arange(logits.shape[1]), self.label)
            powers = np.exp(logits[:, others] - logits[:, others].max(axis=1)[:, None])
            weights[:, others] = -powers / powers.sum(axis=1, keepdims=True)
        return weights

    def question(self, texts: int, outputs: int) -> Question:
        """Returns the same for a backend."""
        return question_of(
            np.full(texts, self._column),
            np.full(texts, self._sign),
            outputs=outputs,
            rivals=self.task == MULTICLASS,
        )

    @property
    def _column(self) -> int:
        return 0 if self.task == BINARY else self.label

    @property
    def _sign(self) -> float:
        return -1.0 if self.task == BINARY and self.label == 0 else 1.0
