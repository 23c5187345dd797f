"""Frames in several chunks, the first one empty: what a file leaves if all of it is rejected."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from refgraph import pipeline
from refgraph.model.scope import Scope
from refgraph.reports.check import check

PACKAGE = Path(__file__).parent.parent.parent / "refgraph"


def test_build_dataset_with_first_file_all_rejected_reads_second(tmp_path: Path) -> None:
    (tmp_path / "customers-1.csv").write_text("id,revenue\nx,1\nx,2\n")
    (tmp_path / "customers-2.csv").write_text("id,revenue\na,1\nb,2\n")
    (tmp_path / "referrals-1.csv").write_text("referrer,referred,at\na,a,2024-01-01\n")
    (tmp_path / "referrals-2.csv").write_text("referrer,referred,at\na,b,2024-01-01\n")
    (tmp_path / "orders-1.csv").write_text("customer,at,revenue\nz,2024-01-01,5\n")
    (tmp_path / "orders-2.csv").write_text("customer,at,revenue\na,2024-01-01,5\nb,2024-01-02,2\n")
    engine = pipeline.open_source(tmp_path)
    assert len(engine.dataset().fingerprint) == 64
    found = engine.graph(Scope()).findings
    assert found.filter(found["code"] == "value-mismatch")["detail"].to_list() == [
        "revenue: 1.0 / 5.0"
    ]
    assert check(engine).sections
    assert pipeline.run(engine, "recommenders").frame["customer"].to_list() == ["a"]


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.name)
def test_package_does_not_use_pl_format(file: Path) -> None:
    """`polars.format` panics if the first chunk is empty (polars 2.1); `concat_str` does not."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) != ("pl", "format")
