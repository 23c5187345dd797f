"""Units that cannot be added are refused, and trimmed ids are told."""

from __future__ import annotations

import pytest
from intake_tables import admit

from refgraph.errors import DataError
from refgraph.intake.cast import Rules


@pytest.mark.parametrize("orders", [[{"customer": "a", "at": "2024-01-01", "revenue(元)": "5"}], []])
def test_two_currencies_are_refused(orders: list[dict[str, str]]) -> None:
    second = {} if orders else {"profit(元)": "1"}
    with pytest.raises(DataError) as fault:
        admit([{"id": "a", "revenue(USD)": "3", **second}], orders=orders)
    assert (fault.value.id, fault.value.values["units"]) == ("mixed-units", ["USD", "元"])


def test_one_currency_in_two_powers_is_one_unit() -> None:
    data = admit([{"id": "a", "revenue(万元)": "3", "profit(元)": "7"}])
    assert (data.units["money"], data.customers["revenue"][0], data.customers["profit"][0]) == ("元", 30000.0, 7.0)


def test_trimming_is_reported_and_only_by_option() -> None:
    people = [{"id": " a"}, {"id": "b"}, {"id": "c "}]
    assert dict(admit(people, rules=Rules(trim=True)).warnings) == {"trimmed": 2}
    assert admit(people).warnings == ()
