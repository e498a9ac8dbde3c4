"""The house: imports point down, rooms form no circle, files are short."""

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping, Set
from functools import cache
from pathlib import Path

import pytest

import textclf

PACKAGE = Path(textclf.__file__).parent
LEVELS = (
    ("errors", "files", "progress", "background", "machine", "backend"),
    ("config", "page"),
    ("text",),
    ("data", "vectors", "run"),
    ("evaluation", "models", "sealed"),
    ("bundle", "audit"),
    ("training", "predictor", "assessment", "ensemble", "overview", "export"),
    ("study", "explain", "behave", "estimator", "serving"),
    ("report",),
    ("cli", "__main__"),
)
LEVEL = {room: level for level, rooms in enumerate(LEVELS) for room in rooms}
LONGEST_FILE, LONGEST_FUNCTION = 400, 60
FILES = sorted(PACKAGE.rglob("*.py"))
NAMES = [str(path.relative_to(PACKAGE)) for path in FILES]


def module_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in FILES}


@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def imports_of(module: str) -> Iterator[str]:
    """Every module of textclf that this one imports, wherever in the file."""
    package = (
        module if MODULES[module].stem == "__init__" else module.rpartition(".")[0]
    )
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level]
            base = ".".join(
                [*above, node.module or ""] if node.level else [node.module]
            )
            base = base.rstrip(".")
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                if inner in MODULES or base in MODULES:
                    yield inner if inner in MODULES else base
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            # a lazily imported module is named by a string: "textclf.models.cnn:build"
            named = node.value.partition(":")[0]
            if named in MODULES and named != "textclf":
                yield named


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def circle_in(arrows: Mapping[str, Set[str]]) -> list[str]:
    """Returns a circle of the graph, or nothing."""
    done: set[str] = set()

    def walk(node: str, path: list[str]) -> list[str]:
        if node in path:
            return [*path[path.index(node) :], node]
        if node in done:
            return []
        for other in sorted(arrows.get(node, set())):
            if found := walk(other, [*path, node]):
                return found
        done.add(node)
        return []

    return next((found for node in sorted(arrows) if (found := walk(node, []))), [])


ARROWS = {module: set(imports_of(module)) - {module} for module in MODULES}


def test_every_room_has_a_level():
    assert {room_of(module) for module in MODULES} - {""} <= set(LEVEL)


def test_the_imports_are_seen():
    assert "textclf.config.schema" in ARROWS["textclf.text.encoder"]
    assert "textclf.text.encoder" in ARROWS["textclf.bundle"]
    assert "textclf.backend" in ARROWS["textclf.models.build"]
    assert sum(map(len, ARROWS.values())) > 100


def test_imports_point_down_the_levels():
    up = [
        f"{module} imports {other}"
        for module, others in ARROWS.items()
        for other in others
        if room_of(module) and room_of(other)
        if LEVEL[room_of(module)] < LEVEL[room_of(other)]
    ]
    assert up == []


def test_rooms_form_no_circle():
    rooms: dict[str, set[str]] = {}
    for module, others in ARROWS.items():
        beside = {room_of(other) for other in others} - {room_of(module), ""}
        rooms.setdefault(room_of(module), set()).update(beside)
    assert circle_in(rooms) == []


def test_files_form_no_circle():
    assert circle_in(ARROWS) == []


@pytest.mark.parametrize(
    ("arrows", "circle"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, []),
        ({"a": {"b"}, "b": {"c"}, "c": {"b"}}, ["b", "c", "b"]),
        ({"a": {"b", "c"}, "b": {"d"}, "c": {"d"}}, []),
    ],
)
def test_circles_are_found(arrows, circle):
    assert circle_in(arrows) == circle


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_no_file_is_long(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("module", sorted(MODULES))
def test_no_function_is_long(module):
    long = [
        f"{node.name}: {lines}"
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (lines := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert long == []


@pytest.mark.parametrize("module", sorted(MODULES))
def test_no_assert_and_no_print_outside_the_command_line(module):
    nodes = [*ast.walk(tree_of(module))]
    asserts = [node.lineno for node in nodes if isinstance(node, ast.Assert)]
    prints = [
        node.lineno
        for node in nodes
        if isinstance(node, ast.Name) and node.id == "print"
        if room_of(module) != "cli"
    ]
    assert (asserts, prints) == ([], [])


def test_no_room_for_odds_and_ends():
    stems = {path.stem for path in FILES} | {path.parent.name for path in FILES}
    assert not stems & {"utils", "util", "helpers", "common", "misc"}


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        (
            "textclf.config.load",
            "tensorflow keras pandas sklearn matplotlib polars scipy",
        ),
        (
            "textclf.cli.parser",
            "tensorflow keras pandas sklearn matplotlib polars scipy",
        ),
        ("textclf.cli.main", "tensorflow keras pandas sklearn matplotlib polars scipy"),
        ("textclf.errors", "tensorflow keras pandas sklearn matplotlib polars numpy"),
        ("textclf.data.tables", "tensorflow keras pandas sklearn matplotlib scipy"),
        ("textclf.vectors.seed", "tensorflow keras pandas sklearn matplotlib scipy"),
        ("textclf.text.encoder", "tensorflow keras pandas sklearn matplotlib scipy"),
        (
            "textclf.behave.running",
            "tensorflow keras pandas sklearn matplotlib scipy",
        ),
        ("textclf.audit.source", "tensorflow keras pandas sklearn matplotlib scipy"),
        ("textclf.run", "tensorflow keras pandas sklearn matplotlib polars scipy"),
    ],
)
def test_heavy_imports_are_late(module, heavy):
    code = f"import sys, {module}; print(*set({heavy.split()}) & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split() == []
