"""The bundled accounts are what the simulator makes."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

DATASETS = Path(__file__).parents[2] / "datasets"
LARGEST_BYTES = 1_500_000


@pytest.fixture(scope="module")
def rebuild():
    spec = importlib.util.spec_from_file_location("rebuild_datasets", DATASETS / "rebuild.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        # Dataclasses look their module up by name while they are being made.
        patch.setitem(sys.modules, spec.name, module)
        spec.loader.exec_module(module)
    return module.rebuild


@pytest.fixture(scope="module")
def rebuilt(rebuild, tmp_path_factory):
    home = tmp_path_factory.mktemp("datasets")
    rebuild(home)
    return home


@pytest.mark.parametrize("name", ["small-shop", "small-shop-journeys", "retailer-weekly"])
def test_bundled_files_equal_what_the_simulator_makes(rebuilt, name):
    made = {path.name: path.read_bytes() for path in (rebuilt / name).iterdir()}
    assert {path.name for path in (DATASETS / name).iterdir()} == set(made)
    for file, content in made.items():
        assert (DATASETS / name / file).read_bytes() == content, f"{name}/{file}: run datasets/rebuild.py"
    assert sum(map(len, made.values())) < LARGEST_BYTES


def test_rebuilding_in_place_changes_nothing(rebuild, rebuilt):
    before = {path: path.read_bytes() for path in rebuilt.rglob("*") if path.is_file()}
    rebuild(rebuilt)
    assert {path: path.read_bytes() for path in rebuilt.rglob("*") if path.is_file()} == before
