"""What `why` says of a party agrees with the rows of every figure."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from refgraph import pipeline
from refgraph.engines.base import Engine
from refgraph.errors import UsageError
from refgraph.pipeline.opening import Opener
from refgraph.pipeline.party_figures import explain_party

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The classic case."""
    return pipeline.open_source(CASE)


@pytest.mark.parametrize("party", ["C013", "C064", "C124"])
@pytest.mark.parametrize("name", ["effect", "recommenders", "segments"])
def test_party_counts_where_the_rows_of_the_figure_list_it(
    engine: Engine, party: str, name: str
) -> None:
    listed = explain_party(engine, party, within=name).frame
    counted = {
        (row, column) for row, column in listed.filter(counts="yes").select("row", "column").rows()
    }
    result = pipeline.run(engine, name)
    assert isinstance(result.opener, Opener)
    columns = set(listed["column"]) or {"customers", "direct"} & set(result.frame.columns)
    expected = set()
    for row, key in enumerate(result.frame[result.opener.analysis.keys[0]].to_list()):
        for column in result.columns:
            if column.name not in columns or result.frame[column.name][row] is None:
                continue
            rows = result.opener.open_cell(row, column).frame
            roles = set(rows.filter(party=party)["role"]) - {"denominator"}
            if roles:
                expected.add((key, column.name))
    shares = {c.name for c in result.columns if c.name.startswith("share_of")}
    assert {x for x in expected if x[1] not in shares} <= counted


def test_reasons_name_the_source_and_the_measure_of_the_party(engine: Engine) -> None:
    customers = pl.read_csv(CASE / "customers.csv", infer_schema=False)
    fair = customers.filter(pl.col("客户来源") == "展会", pl.col("流失日期").is_null())
    orders = pl.read_csv(CASE / "orders.csv", infer_schema=False)
    for party in fair["客户编号"].head(2):
        effect = explain_party(engine, party, within="effect").frame
        reasons = effect.filter(row="customers", column="referred")["why"].to_list()
        assert reasons == [["out-not-referred 展会"]]
        segments = explain_party(engine, party, within="segments").frame
        reasons = segments.filter(column="key_accounts", counts="no")["why"].to_list()
        bought = orders.filter(pl.col("客户编号") == party).height > 0
        assert bought and all(word.startswith("out-not-key ") for (word,) in reasons)
        assert all(word.endswith(" t ≤ 100 t") for (word,) in reasons)


def test_party_that_is_unknown_is_refused_with_the_nearest(engine: Engine) -> None:
    with pytest.raises(UsageError) as caught:
        explain_party(engine, "C01333")
    assert caught.value.id == "unknown-party"
