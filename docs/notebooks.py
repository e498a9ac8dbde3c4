"""`python -m docs.notebooks` runs every notebook from a clean kernel.

Outputs are written in place, without what differs from run to run; with `--check`
nothing is written. A notebook runs in its own folder, as in Jupyter, within two
minutes, and leaves no file there.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

from textclf.files import write_text

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
SECONDS = 120
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_FAULTS = (CellExecutionError, DeadKernelError, TimeoutError, FileExistsError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs notebooks; returns 1 if one of them failed."""
    options = _parser().parse_args(arguments)
    paths = options.notebooks or sorted(FOLDER.glob("*.ipynb"))
    done = [
        _carried_out(path, write=not options.check, seconds=options.seconds)
        for path in paths
    ]
    return int(not all(done))


def executed(path: Path, *, seconds: float) -> Any:
    """Runs a notebook and returns it with its outputs.

    Raises:
        CellExecutionError: A cell failed.
        TimeoutError: It took longer than `seconds`.
        FileExistsError: It left files in its folder.
    """
    notebook = nbformat.read(path, as_version=4)
    before = set(path.parent.iterdir())
    began = time.monotonic()
    NotebookClient(
        notebook,
        timeout=int(seconds),
        kernel_name=_KERNEL["name"],
        record_timing=False,
        startup_timeout=int(seconds),
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    took = time.monotonic() - began
    if took > seconds:
        raise TimeoutError(f"took {took:.0f} s, at most {seconds:.0f} are allowed")
    if left := {found.name for found in set(path.parent.iterdir()) - before}:
        raise FileExistsError(f"left {', '.join(sorted(left))} in its folder")
    return lasting(notebook)


def lasting(notebook: Any) -> Any:
    """Takes out what another run or machine would write otherwise."""
    notebook.metadata = {"kernelspec": dict(_KERNEL)}
    notebook.nbformat_minor = 5
    for number, cell in enumerate(notebook.cells):
        cell.metadata = {}
        cell.id = f"cell-{number}"
        if cell.cell_type == "code":
            cell.outputs = _joined(cell.outputs)
    return notebook


def _joined(outputs: Sequence[Any]) -> list[Any]:
    """Joins pieces of one stream, whose borders are a matter of time."""
    joined: list[Any] = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and last.get("name") == output.get("name") is not None:
            last.text += output.text
        else:
            joined.append(output)
    return joined


def _carried_out(path: Path, *, write: bool, seconds: float) -> bool:
    began = time.monotonic()
    try:
        notebook = executed(path, seconds=seconds)
    except _FAULTS as fault:
        print(f"{path.name}: {fault}", file=sys.stderr)
        return False
    if write:
        write_text(path, nbformat.writes(notebook) + "\n")
    print(f"{path.name}: {time.monotonic() - began:.0f} s")
    return True


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("docs.notebooks", description=__doc__)
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, help="most for one; %(default)s"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
