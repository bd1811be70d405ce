"""Imports go one way, and importing does nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "model" / "reliefsim"

# The way of the data, room by room. A module imports from its own room and those before it, inside functions too.
ROOMS: tuple[tuple[str, ...], ...] = (
    ("units", "compiled", "screen", "store"),
    ("layout", "growth"),
    ("records", "displacement", "rules"),
    ("scenario",),
    ("engine.compile",),
    ("engine.state",),
    ("engine.world",),
    ("engine.as_of",),
    ("engine.money",),
    ("engine.delivery",),
    ("engine.processes", "engine.simulate"),
    ("engine.story",),
    ("indicators",),
    ("study.statistics",),
    ("study.goals",),
    ("study.request",),
    ("study.running",),
    ("study.queries",),
    ("results",),
    ("report.text",),
    ("report.views",),
    ("report",),
    ("verify",),
    ("docs",),
    ("cli", "__main__"),
)
STEP = {room: number for number, rooms in enumerate(ROOMS) for room in rooms}


def modules() -> list[str]:
    """Every module of the package by its name below it."""
    paths = (path.relative_to(PACKAGE).with_suffix("") for path in sorted(PACKAGE.rglob("*.py")))
    return [".".join(path.parts) for path in paths]


def _file(module: str) -> Path:
    path = PACKAGE.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def imported(module: str, at_top: bool = False) -> frozenset[str]:
    """The modules of the package that a module imports: at its top, or anywhere."""
    tree = ast.parse(_file(module).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            node.body = []  # for the type checker alone
    nodes = tree.body if at_top else ast.walk(tree)
    return frozenset(target for node in nodes for target in _targets(module, node))


def _targets(module: str, node: ast.AST) -> Iterator[str]:
    package = module.split(".")[:-1]
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.name.startswith("reliefsim."):
                yield alias.name.removeprefix("reliefsim.")
    elif isinstance(node, ast.ImportFrom):
        if node.level:
            base = package[: len(package) - node.level + 1]
        elif (node.module or "").split(".")[0] == "reliefsim":
            base = []
        else:
            return
        name = ".".join([*base, *((node.module or "").removeprefix("reliefsim").strip(".").split("."))]).strip(".")
        for alias in node.names:
            inner = f"{name}.{alias.name}".strip(".")
            yield inner if _file(inner).exists() else name


def step(module: str) -> int:
    """How far along the way of the data a module's room lies."""
    parts = module.removesuffix(".__init__").split(".")
    room = next(room for room in (".".join(parts[:2]), parts[0]) if room in STEP)
    return STEP[room]


PACKAGES = {"", "engine", "study"}  # hold rooms, and nothing of their own


def test_every_module_has_its_room() -> None:
    found = {step(module) for module in modules() if module.removesuffix("__init__").rstrip(".") not in PACKAGES}
    assert found == set(STEP.values())


def test_imports_go_along_the_way_of_the_data() -> None:
    against = {
        (module, target)
        for module in modules()
        if module.removesuffix("__init__").rstrip(".") not in PACKAGES
        for target in imported(module)
        if target and step(target) > step(module)
    }
    assert against == set()


def test_no_two_files_have_one_name() -> None:
    names = [module.split(".")[-1] for module in modules() if not module.endswith("__init__")]
    assert sorted(names) == sorted(set(names))


def test_no_imports_make_a_circle() -> None:
    names = [module for module in modules() if module != "__init__"]
    found = {module.removesuffix(".__init__"): imported(module) - {""} for module in names}
    left = {module: {one for one in targets if one != module} for module, targets in found.items()}
    while left:
        free = [module for module, targets in left.items() if not targets & set(left)]
        assert free, f"these import each other: {sorted(left)}"
        for module in free:
            del left[module]


def test_only_the_operation_and_its_actors_use_simpy() -> None:
    use = {module for module in modules() if "import simpy" in _file(module).read_text(encoding="utf-8")}
    assert use == {"engine.processes.actors", "engine.processes.calendar", "engine.simulate"}


@pytest.mark.parametrize("module", ["reliefsim", "reliefsim.cli.main", "reliefsim.scenario"])
def test_importing_waits_for_nothing_slow(module: str) -> None:
    program = f"import sys, {module}; print({{'numba', 'matplotlib', 'scipy', 'simpy'}} & set(sys.modules) or 'none')"
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "none"


@pytest.mark.parametrize("module", [module for module in modules() if not module.endswith("__main__")])
def test_scipy_stats_and_pyplot_are_imported_where_they_are_used(module: str) -> None:
    """At a module's top they would cost every import of it half a second."""
    tree = ast.parse(_file(module).read_text(encoding="utf-8"))
    slow = ("scipy", "matplotlib.pyplot")
    for node in tree.body:
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
        assert not [name for name in names if name.startswith(slow)]


WIDE = {"report.python_study.run_study"}  # the signature that users of Python have


def test_no_function_around_a_study_takes_more_than_seven_arguments() -> None:
    wide = set()
    for module in modules():
        if module.split(".")[0] in ("study", "results", "report", "verify", "cli"):
            for node in ast.walk(ast.parse(_file(module).read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef):
                    told = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
                    if len([one for one in told if one and one.arg not in ("self", "cls")]) > 7:
                        wide.add(f"{module}.{node.name}")
    assert wide == WIDE


def test_no_file_is_over_300_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in ("model", "tests")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert not long
