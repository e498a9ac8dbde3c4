"""textclf: the step that training takes, of the model kind `average`."""

import sys

import numpy as np

from benchmarks.child import tell
from benchmarks.records import SEED
from benchmarks.step.harness import DIM, Step, milliseconds
from textclf import backend
from textclf.config.kinds import AverageConfig
from textclf.config.regularisation import RegularisationConfig
from textclf.config.training import TrainingConfig
from textclf.models.build import build_model
from textclf.models.spec import ModelSpec


def textclf_step(rows: int) -> Step:
    """Builds model, rule and loss as training does."""
    spec = ModelSpec(
        rows=rows,
        units=rows,
        dim=DIM,
        outputs=1,
        task="binary",
        model=AverageConfig(),
        regularisation=RegularisationConfig(dropout=0.0),
    )
    model = build_model(spec, seed=SEED)
    from textclf.training.loss import loss_function
    from textclf.training.optimisers import optimiser

    rule = optimiser(TrainingConfig(optimizer="lazy_adam"))
    loss = loss_function("binary", smoothing=0.0)
    learn = backend.compiled_step(model, rule, loss)
    return lambda ids, targets: learn(ids, targets, np.ones_like(targets)) and None


def main() -> None:
    """Times the steps on both kinds of ids."""
    rows, steps = int(sys.argv[1]), int(sys.argv[2])
    backend.prepare()
    step = textclf_step(rows)
    tell(
        zipf_ms=milliseconds(step, rows, steps, zipf=True),
        uniform_ms=milliseconds(step, rows, steps, zipf=False),
        way="compiled step",
    )


if __name__ == "__main__":
    main()
