"""Units that cannot be added are refused; trimmed ids are counted."""

from __future__ import annotations

import pytest
from support.intake_tables import admit

from refgraph.errors import DataError
from refgraph.intake.cast_rules import CastRules


@pytest.mark.parametrize(
    "orders", [[{"customer": "a", "at": "2024-01-01", "revenue(元)": "5"}], []]
)
def test_units_of_two_currencies_raise(orders: list[dict[str, str]]) -> None:
    second = {} if orders else {"profit(元)": "1"}
    with pytest.raises(DataError) as fault:
        admit([{"id": "a", "revenue(USD)": "3", **second}], orders=orders)
    assert (fault.value.id, fault.value.values["units"]) == ("mixed-units", ["USD", "元"])


def test_units_of_one_currency_in_two_powers_are_merged() -> None:
    data = admit([{"id": "a", "revenue(万元)": "3", "profit(元)": "7"}])
    assert (data.units["money"], data.customers["revenue"][0], data.customers["profit"][0]) == (
        "元",
        30000.0,
        7.0,
    )


def test_capital_of_customers_in_another_unit_than_sales_is_read_without_a_conflict() -> None:
    row = {"id": "a", "revenue(USD)": "3", "注册资本(万元)": "500", "员工人数": "1,200"}
    data = admit([row])
    assert (data.units["money"], data.customers["registered_capital"][0]) == ("USD", 5e6)
    assert data.customers["employees"][0] == 1200.0


def test_trimmed_ids_with_option_are_counted_in_warnings() -> None:
    people = [{"id": " a"}, {"id": "b"}, {"id": "c "}]
    assert dict(admit(people, rules=CastRules(trim=True)).warnings) == {"trimmed": 2}
    assert admit(people).warnings == ()
