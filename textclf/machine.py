"""What this machine has, and which versions run on it."""

import os
import platform
from importlib import metadata
from typing import Any

from textclf.errors import ResourceError

_PACKAGES = ("textclf", "keras", "tensorflow", "numpy", "polars", "scikit-learn")


def available_memory() -> int:
    """Returns the bytes of memory that a new allocation may use."""
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:  # noqa: PTH123
            for line in lines:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def check_memory(needed: int, *, what: str, fix: str) -> None:
    """Refuses what cannot fit before anything is allocated.

    Raises:
        ResourceError: `needed` bytes are more than the machine has free.
    """
    free = available_memory()
    if needed > free:
        raise ResourceError(
            f"got {what}, which needs about {needed / 1e9:,.1f} GB of memory, "
            f"available are {free / 1e9:,.1f} GB",
            fix=fix,
        )


def version_of(package: str) -> str | None:
    """Returns the installed version of a package without importing it."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def environment() -> dict[str, Any]:
    """Returns what may change the last bits of a result (for the run's record)."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "keras_backend": os.environ.get("KERAS_BACKEND"),
        "onednn": os.environ.get("TF_ENABLE_ONEDNN_OPTS", "1"),
        "versions": {p: v for p in _PACKAGES if (v := version_of(p))},
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123
            for line in lines:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor()
