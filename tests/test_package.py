"""The package as users import it: public names, version, types, ``python -m``, no hooks."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from importlib.resources import files

import pytest

import refgraph


def run_python(*words: str) -> str:
    done = subprocess.run([sys.executable, *words], check=True, capture_output=True, text=True)
    return done.stdout


@pytest.mark.parametrize("name", refgraph.__all__)
def test_public_name_can_be_imported(name: str) -> None:
    assert getattr(refgraph, name) is not None


def test_unknown_name_raises_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = refgraph.nothing  # type: ignore[attr-defined]


def test_version_is_that_of_the_distribution() -> None:
    assert refgraph.__version__ == version("refgraph")


def test_import_loads_no_heavy_library() -> None:
    loaded = run_python("-c", "import refgraph, sys; print(*sys.modules)").split()
    assert "refgraph.errors" in loaded
    assert not {"polars", "numpy", "click"} & set(loaded)


def test_python_m_runs_the_command_line() -> None:
    assert "recommenders" in run_python("-m", "refgraph", "--help")


def test_types_are_shipped() -> None:
    assert files("refgraph").joinpath("py.typed").is_file()


def test_values_show_themselves_without_importing_the_api_first() -> None:
    program = """
from refgraph import pipeline
from refgraph.errors import UsageError
from refgraph.model.scope import Scope
import sys
assert "refgraph.api" not in sys.modules and "refgraph.texts" not in sys.modules
print(str(UsageError("unknown-analysis", name="x", known=["effect"], near="")))
engine = pipeline.open_source("sample_data/five-en")
print(len(engine.graph(Scope()).to_networkx()))
print(pipeline.run(engine, "effect")._repr_html_()[:4])
"""
    error, parties, html = run_python("-c", program).splitlines()
    assert "unknown-analysis" not in error and "x" in error
    assert int(parties) > 0 and html == "<div"
