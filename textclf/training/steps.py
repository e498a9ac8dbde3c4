"""The compiled step of a stage: model, loss and a fresh optimiser."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from textclf import backend
from textclf.backend import Step
from textclf.config.schema import Config
from textclf.models.embedding import bias_of, table_of
from textclf.training.loss import Loss, cross_entropy, squared_hinge
from textclf.training.optimisers import optimiser
from textclf.training.rarity import BIAS_SHARE

Begin = Callable[[float], Step]
"""Gives the step of a stage from the embedding's share of the learning rate."""


@dataclass(frozen=True, eq=False)
class Steps:
    """Compiles the step of each stage of one training run.

    Attributes:
        model: A built Keras model.
        config: The settings.
        task: What is asked of the labels.
        shares: float32[rows, dim or 1], the share of the learning rate that each
            number of the embedding moves by; None: one.
    """

    model: Any
    config: Config
    task: str
    shares: np.ndarray | None = None

    def __call__(self, table_rate: float) -> Step:
        """Returns the step of a stage; see `begun`."""
        return self.begun(table_rate)[0]

    def begun(self, table_rate: float) -> tuple[Step, Any]:
        """Returns the step of a stage and its fresh optimiser.

        Args:
            table_rate: The embedding's share of the learning rate; 0 freezes it.
        """
        table = table_of(self.model)
        table.trainable = table_rate > 0
        rule = optimiser(self.config.training)
        rule.scale_table(table, table_rate, self.shares)
        bias = bias_of(self.model)
        if bias is not None and self.config.embedding.row_rates == "rarity":
            rule.scale_bias(bias, BIAS_SHARE)
        loss = self._loss()
        clip = self.config.training.clip_norm
        step = backend.compiled_step(self.model, rule, loss, clip_norm=clip)
        return step, rule

    def _loss(self) -> Loss:
        if self.config.training.loss == "squared_hinge":
            return squared_hinge(self.task)
        smoothing = self.config.regularisation.label_smoothing
        return cross_entropy(self.task, smoothing=smoothing)
