"""Imports go downwards: the layout of the package, read from its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "roas"

#: A part may import from itself and from parts of a lower layer, so parts of
#: one layer never meet. The root is above all: it names everything, lazily.
LAYERS = {
    "errors": 0, "_typing": 0, "_lazy": 0, "language": 0.5,
    "tables": 1, "format": 1, "calendar": 1, "limits": 1, "problems": 1, "quantiles": 1,
    "io": 2,
    "tags": 3, "metrics": 3,
    "charts": 3.5,  # drawn from tables; results of the layers above plot themselves with them
    "decompose": 4, "volatility": 4, "response": 4, "attribution": 4, "experiments": 4,
    "simulator": 5, "diagnosis": 5,
    "plan": 6, "history": 6,
    "analysis": 7, "schemas": 7,
    "weekly": 7.5,  # one report: an analysis beside what earlier ones said
    "report": 8,
    "cli": 9,
    "__main__": 10,  # only starts the command line
}  # fmt: skip
ROOT = "__init__"

#: What the root defines itself, before it names anything else.
OF_THE_ROOT = {"__version__"}


def part_of(module: str) -> str:
    """The part that a dotted name belongs to: ``roas.io.readers`` is of ``io``."""
    return module.split(".")[1] if "." in module else ROOT


def dotted(path: Path, root: Path = PACKAGE) -> str:
    """The dotted name of a file; a package's ``__init__.py`` names the package."""
    parts = (root.name, *path.relative_to(root).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(source: str, module: str, *, package: bool) -> Iterator[str]:
    """Dotted names of ours that `source` imports, at any depth, in any form."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = module.split(".")[: None if package and node.level == 1 else -node.level + package]
                base = ".".join([*above, base] if base else above)
            names = [f"{base}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            first = node.args[0] if node.args else None
            names = [first.value] if isinstance(first, ast.Constant) and isinstance(first.value, str) else []
        else:
            continue
        yield from (name for name in names if name.split(".")[0] == "roas")


def breaches(source: str, module: str, *, package: bool = False) -> list[str]:
    """What a module imports against the layout, one sentence each."""
    own = part_of(module)
    if own == ROOT:
        return []
    if own not in LAYERS:
        return [f"{module}: `{own}` has no layer; give it one in {Path(__file__).name}"]
    found = []
    for name in imported(source, module, package=package):
        part = part_of(name)
        if part == own or part in OF_THE_ROOT:
            continue
        if part not in LAYERS:
            found.append(f"{module} imports {name}: not a part; import from the module that defines it")
        elif LAYERS[part] >= LAYERS[own]:
            found.append(f"{module} (layer {LAYERS[own]}) imports {name} (layer {LAYERS[part]})")
    return found


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def test_there_are_modules_to_check() -> None:
    assert {"roas.errors", "roas.schemas"} <= {dotted(path) for path in sources()}


@pytest.mark.parametrize("path", sources(), ids=dotted)
def test_imports_go_downwards(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert breaches(source, dotted(path), package=path.name == "__init__.py") == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("roas.metrics", "from roas.tables import SPEND"),
        ("roas.metrics", "from roas import tables"),
        ("roas.metrics", "from . import tables"),
        ("roas.io.platforms.meta", "from .base import Platform"),
        ("roas.io.platforms.meta", "from ..headers import plain"),
        ("roas.io.platforms.meta", "from ...errors import InputError"),
        ("roas.io.readers", "from roas.io import engine"),
        ("roas.analysis", "from roas import __version__"),
        ("roas.errors", "import json, roasting"),
        ("roas", "def __getattr__(name):\n    from roas.analysis import analyze"),
        ("roas.__main__", "from roas.cli.main import cli"),
    ],
)
def test_lawful_imports_pass(module: str, source: str) -> None:
    assert breaches(source, module) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("roas.metrics", "from roas.analysis import analyze"),
        ("roas.metrics", "import roas.report.charts as charts"),
        ("roas.metrics", "def f():\n    from roas import plan"),
        ("roas.metrics", "if TYPE_CHECKING:\n    from .analysis import Analysis"),
        ("roas.metrics", "import_module('roas.cli')"),
        ("roas.metrics", "importlib.import_module('roas.cli')"),
        ("roas.metrics", "from roas import analyze"),
        ("roas.metrics", "import roas"),
        ("roas.metrics", "from roas import *"),
        ("roas.metrics", "from roas.tags import label"),
        ("roas.errors", "from roas._typing import Json"),
        ("roas.attribution.markov", "from roas.response.model import fit"),
        ("roas.attribution.markov", "from ..response import model"),
        ("roas.attribution.markov", "from .. import response"),
        ("roas.misc", "import json"),
    ],
)
def test_unlawful_imports_are_found(module: str, source: str) -> None:
    assert len(breaches(source, module)) == 1


def test_relative_import_of_a_package_starts_at_itself() -> None:
    assert list(imported("from .base import x", "roas.io.platforms", package=True)) == ["roas.io.platforms.base.x"]
    assert list(imported("from ..base import x", "roas.io.platforms", package=True)) == ["roas.io.base.x"]
    assert list(imported("from .base import x", "roas.io.platforms", package=False)) == ["roas.io.base.x"]
