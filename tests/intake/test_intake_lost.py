"""A row that is lost between two checks is an internal error; there is no answer then."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support import toys

from refgraph.errors import RefgraphError
from refgraph.intake import duplicates, party_checks
from refgraph.intake.partition import Partition

STEPS = [
    (duplicates, "partition_customers"),
    (duplicates, "partition_orders"),
    (party_checks, "partition_referrals"),
    (party_checks, "partition_by_known_customer"),
]


@pytest.mark.parametrize(("room", "step"), STEPS, ids=lambda x: getattr(x, "__name__", x))
def test_ledger_with_row_lost_in_a_check_raises(
    room: object, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., Partition] = getattr(room, step)

    def lose_rows(*given: object) -> Partition:
        done = real(*given)
        return done._replace(accepted=done.accepted.head(done.accepted.height - 1))

    monkeypatch.setattr(room, step, lose_rows)
    orders = [
        {"order_id": "1", "customer": "a", "at": "2024-01-01"},
        {"order_id": "2", "customer": "b", "at": "2024-01-01"},
    ]
    with pytest.raises(RefgraphError) as fault:
        toys.company({"a": {}, "b": {}}, [("a", "b"), ("b", "a")], orders)
    assert fault.value.id == "ledger-differs"
