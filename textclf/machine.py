"""What this machine has, and which versions run on it."""

import os
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

from textclf.errors import ResourceError

_PACKAGES = ("textclf", "keras", "tensorflow", "numpy", "polars", "scikit-learn")
_CONTROL_GROUP = Path("/sys/fs/cgroup")


def available_memory() -> int:
    """Returns the bytes a new allocation may use, here or in this container."""
    told = [
        line.split()[1]
        for line in _lines(Path("/proc/meminfo"))
        if line.startswith("MemAvailable:")
    ]
    if told:
        free = int(told[0]) * 1024
    else:
        free = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = _lines(_CONTROL_GROUP / "memory.max")
    used = _lines(_CONTROL_GROUP / "memory.current")
    if limit and used and limit[0].isdigit():
        free = min(free, max(int(limit[0]) - int(used[0]), 0))
    return free


def _lines(path: Path) -> list[str]:
    """Returns the lines of a file of the kernel; none where there is no such file."""
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


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
    for line in _lines(Path("/proc/cpuinfo")):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()
