"""What only some companies record comes back from Neo4j: skipped orders, losses, key accounts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from support.program import write_tables
from support.stores import describe_dataset, open_store

from refgraph import pipeline, renderers
from refgraph.engines.base import Engine
from refgraph.engines.offline import OfflineEngine
from refgraph.model.scope import Scope
from refgraph.reports.check import check

pytestmark = pytest.mark.neo4j
CUSTOMERS = (
    "id,status,joined,lost_at,客户级别,source\n"
    "A,closed,2020-01-01,,KA,own sales\n"
    "B,closed,2021-01-01,,C级,customer referral\n"
    "D,lost,,2022-05-01,,customer referral\n"
    "E,lost,,2024-05-01,,customer referral\n"
    "F,closed,2022-03-01,,,customer referral\n"
)
REFERRALS = "referrer,referred,at\nA,B,2020-06-01\nA,D,2021-06-01\nB,E,2021-07-01\nB,F,2021-08-01\n"
ORDERS = (
    "order_id,customer,date,amount,status\n"
    "1,A,2024-01-01,100,paid\n"
    "2,A,2024-02-01,7000,refunded\n"
    "3,B,2024-03-01,10,paid\n"
    "4,B,2024-04-01,9000,cancelled\n"
    "5,F,2024-05-01,1,pending\n"
    "6,F,2024-06-01,5,paid\n"
)
SCOPES = [Scope(), Scope(as_of="2023-06-30")]  # type: ignore[arg-type]


@pytest.fixture
def offline(tmp_path: Path) -> Engine:
    source = write_tables(tmp_path, customers=CUSTOMERS, referrals=REFERRALS, orders=ORDERS)
    (tmp_path / "refgraph.toml").write_text('[key_account]\nlisted = "客户级别"\n', "utf-8")
    return pipeline.open_source(source)


def test_skipped_orders_losses_and_listed_key_accounts_survive_a_load(
    offline: Engine, neo4j_empty: Any
) -> None:
    data, store = offline.dataset(), open_store(neo4j_empty)
    assert store.load(data) == "new"
    again = open_store(neo4j_empty)
    stored = again.dataset()
    assert describe_dataset(stored) == describe_dataset(data)
    orders = stored.ledger.filter(pl.col("table") == "orders").row(0, named=True)
    assert (orders["read"], orders["used"], orders["skipped"]) == (6, 3, 3)
    pages = [renderers.render(check(engine), "md", "en") for engine in (offline, again)]
    assert pages[0] == pages[1]
    for word in ("refunded", "cancelled", "unpaid"):
        assert word in pages[1].decode()

    engines = [OfflineEngine(data), again]
    for scope in SCOPES:
        for name in ("effect", "funnel", "flows", "accounts", "recommenders"):
            answers = [pipeline.run(engine, name, {}, scope) for engine in engines]
            pages = [renderers.render(answer, "md", "en") for answer in answers]
            assert pages[0] == pages[1], (name, scope)
            assert answers[0].frame.equals(answers[1].frame), (name, scope)
    rows = [pipeline.run(again, "funnel", {}, scope).frame.row(0, named=True) for scope in SCOPES]
    assert [row["lost"] for row in rows] == [2, 1]
    (effect,) = pipeline.run(again, "effect").frame.head(1).iter_rows(named=True)
    assert (effect["value"], effect["key_only"] + effect["both"]) == (115.0, 1)
