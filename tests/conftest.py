"""What all tests share: the folder of real data, and quiet, derandomised settings."""

import os
from pathlib import Path

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
