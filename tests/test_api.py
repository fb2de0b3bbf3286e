"""The public names, and what importing them costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import roas


def test_public_names_are_sorted_and_resolve() -> None:
    assert sorted(roas.__all__) == roas.__all__
    for name in roas.__all__:
        assert getattr(roas, name) is not None


def test_simulate_stays_a_function_after_its_package_is_imported() -> None:
    import roas.simulator

    assert callable(roas.simulator.simulate)
    assert callable(roas.simulate)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such"):
        roas.no_such  # noqa: B018


@pytest.mark.parametrize(
    "line", ["import roas", "import roas.cli.main", "from roas.cli.main import main; main(['--help'])"]
)
def test_start_up_imports_nothing_heavy(line: str) -> None:
    heavy = ("pandas", "numpy", "matplotlib", "duckdb", "rich", "babel")
    check = f"{line}\nimport sys\nprint([m for m in {heavy} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True).stdout
    assert out.strip().splitlines()[-1] == "[]"
