"""`python -m docs.generate.api` writes `docs/api`: the Python API as HTML, by pdoc.

pdoc reads Google docstrings and types as they are, needs neither a configuration nor a
second source of text, and its pages load nothing from elsewhere.
"""

import importlib
import shutil
import sys
import warnings
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).resolve().parents[1] / "api"
PUBLIC = (
    "textclf",
    "textclf.audit",
    "textclf.behave",
    "textclf.errors",
    "textclf.explain",
    "textclf.report",
    "textclf.study",
    "textclf.vectors",
)
"""The modules whose `__all__` is the public API; what else there is may change."""


def public_modules() -> list[ModuleType]:
    """Imports the public modules with all that they offer.

    They import much of it when it is asked for; pdoc looks only at what is there.
    """
    modules = [importlib.import_module(name) for name in PUBLIC]
    for module in modules:
        for name in getattr(module, "__all__", ()):
            setattr(module, name, getattr(module, name))
    return modules


def write(folder: Path) -> None:
    """Writes the pages; what was in the folder goes."""
    import pdoc

    public_modules()
    pdoc.render.configure(docformat="google", show_source=False, search=True)
    shutil.rmtree(folder, ignore_errors=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # A type that is imported for type checkers only is shown by its name.
        warnings.filterwarnings("ignore", message=".*Import of Markup failed")
        pdoc.pdoc(*PUBLIC, output_directory=folder)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if sys.argv[1:] else FOLDER)
