"""Frames in several chunks, the first of them empty, as a file whose rows are all set aside leaves them behind."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from refgraph import flow
from refgraph.flow.checking import check
from refgraph.model.scope import Scope

PACKAGE = Path(__file__).parent.parent.parent / "refgraph"


def test_a_first_file_of_which_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "customers-1.csv").write_text("id,revenue\nx,1\nx,2\n")
    (tmp_path / "customers-2.csv").write_text("id,revenue\na,1\nb,2\n")
    (tmp_path / "referrals-1.csv").write_text("referrer,referred,at\na,a,2024-01-01\n")
    (tmp_path / "referrals-2.csv").write_text("referrer,referred,at\na,b,2024-01-01\n")
    (tmp_path / "orders-1.csv").write_text("customer,at,revenue\nz,2024-01-01,5\n")
    (tmp_path / "orders-2.csv").write_text("customer,at,revenue\na,2024-01-01,5\nb,2024-01-02,2\n")
    engine = flow.open_source(tmp_path)
    assert len(engine.dataset().fingerprint) == 64
    found = engine.graph(Scope()).findings
    assert found.filter(found["code"] == "value-mismatch")["detail"].to_list() == ["revenue: 1.0 / 5.0"]
    assert check(engine).sections
    assert flow.run(engine, "recommenders").frame["customer"].to_list() == ["a"]


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.name)
def test_pl_format_stays_out(file: Path) -> None:
    """`polars.format` panics on a frame whose first chunk is empty (polars 2.1); `concat_str` does the same without."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) != ("pl", "format")
