"""What all tests share: the folder of real data, and quiet, derandomised settings."""

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("TEXTCLF_SHARED") or ROOT.parent / "shared")

settings.register_profile(
    "default",
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("default")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data sets and vectors; tests that need it skip without it."""
    if not (SHARED / "data").is_dir():
        pytest.skip("needs the shared data sets: set TEXTCLF_SHARED to their folder")
    return SHARED


@pytest.fixture(scope="session")
def small() -> Callable[[str, str], Any]:
    """Trains the small model of a variant and task once: `small("cnn-one", "binary")`.

    Who changes a model builds another one.
    """
    from tests.contracts import REGULARISED, small_config, small_dataset, trained

    @functools.cache
    def of(variant: str, task: str) -> Any:
        config = small_config(variant, regularisation=REGULARISED)
        return trained(config, small_dataset(task))

    return of


@pytest.fixture(scope="session")
def small_bundle(
    small: Callable[[str, str], Any], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, str], Path]:
    """Saves the bundle of a small model once; who changes it copies it."""
    parent = tmp_path_factory.mktemp("bundles")

    @functools.cache
    def of(variant: str, task: str) -> Path:
        folder: Path = small(variant, task).save(parent / f"{variant}.{task}")
        return folder

    return of
