"""A row that goes missing between the steps of intake is an internal error, never an answer with a ledger that ties."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import toys

from refgraph.errors import RefgraphError
from refgraph.intake import duplicates, references
from refgraph.intake.sifted import Sifted

STEPS = [(duplicates, "customers"), (duplicates, "orders"), (references, "checked"), (references, "of_known")]


@pytest.mark.parametrize(("room", "step"), STEPS, ids=lambda x: getattr(x, "__name__", x))
def test_a_lost_row_is_told(room: object, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., Sifted] = getattr(room, step)

    def losing(*given: object) -> Sifted:
        done = real(*given)
        return done._replace(kept=done.kept.head(done.kept.height - 1))

    monkeypatch.setattr(room, step, losing)
    orders = [{"order_id": "1", "customer": "a", "at": "2024-01-01"}, {"order_id": "2", "customer": "b", "at": "2024-01-01"}]
    with pytest.raises(RefgraphError) as fault:
        toys.company({"a": {}, "b": {}}, [("a", "b"), ("b", "a")], orders)
    assert fault.value.id == "ledger-differs"
