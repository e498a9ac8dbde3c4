"""What the numbers depend on: cores, memory, versions."""

import os
import platform
import subprocess
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

_FASTTEXT = ("fasttext-wheel",)


def facts(packages: Iterable[str], *, fasttext_python: Path) -> dict[str, Any]:
    """Returns cores, memory in GB, Python and the versions of some packages."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(
            os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
        ),
        "processor": _processor(),
        "python": platform.python_version(),
        "versions": {
            name: _foreign(name, fasttext_python) if name in _FASTTEXT else _own(name)
            for name in packages
        },
    }


def _own(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _foreign(package: str, interpreter: Path) -> str:
    code = f"import importlib.metadata as m; print(m.version({package!r}), end='')"
    try:
        done = subprocess.run(
            [interpreter, "-c", code], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "not installed"
    return done.stdout


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if "model name" in line]
    return names[0] if names else platform.machine()
