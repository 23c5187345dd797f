"""The sample company counted again with csv and fractions alone, to compare with l96.py."""

from __future__ import annotations

import csv
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

SAMPLES = Path(__file__).parent.parent.parent / "sample_data"
AS_OF = date(2025, 12, 31)
BASES = {"revenue": "销售额(万元)", "profit": "利润(万元)", "volume": "数量(kg)"}
Row = dict[str, str]
Shares = Mapping[str, Mapping[str, Fraction]]


def table(name: str, case: str = "l96") -> list[Row]:
    """The rows of one file."""
    with (SAMPLES / case / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


class Case:
    """One folder: parties by id, arcs, orders by customer in order of date."""

    def __init__(self, name: str) -> None:
        self.people = {r["客户编号"]: r for r in table("customers", name)}
        self.arcs = table("referrals", name)
        self.orders: dict[str, list[Row]] = {}
        for row in sorted(table("orders", name), key=lambda r: r["订单日期"]):
            self.orders.setdefault(row["客户编号"], []).append(row)
        self.counted = [
            a
            for a in self.arcs
            if self.is_customer(a["推荐人"]) and self.is_customer(a["被推荐人"])
        ]

    def is_customer(self, id: str) -> bool:
        """Role customer, whatever the status."""
        return self.people[id]["角色"] == "客户"

    def select_parties(self, column: str, *words: str) -> set[str]:
        """Parties with one of the words in a column."""
        return {i for i, p in self.people.items() if p[column] in words}

    def list_referred_by(self, role: str) -> set[str]:
        """The parties that those of a role recommended."""
        return {a["被推荐人"] for a in self.arcs if self.people[a["推荐人"]]["角色"] == role}

    def joined(self, id: str) -> date:
        """Day of the first contract."""
        return date.fromisoformat(self.people[id]["首次合同日期"])

    def days(self, id: str) -> list[date]:
        """Days of the orders."""
        return [date.fromisoformat(o["订单日期"]) for o in self.orders.get(id, [])]

    def sum_orders(self, id: str, column: str) -> Fraction:
        """Sum of a column over all orders, exactly."""
        return sum((Fraction(o[column]) for o in self.orders.get(id, [])), Fraction(0))

    def compute_yearly_tonnes(self, id: str) -> Fraction:
        """Total over the calendar years from the later of joining and 2022, to 2025."""
        return (
            self.sum_orders(id, BASES["volume"])
            / 1000
            / (AS_OF.year - max(2022, self.joined(id).year) + 1)
        )

    def is_customer_for_a_year(self, id: str, at: str) -> bool:
        """A customer for twelve months on a day."""
        joined = self.joined(id)
        return joined.replace(year=joined.year + 1).isoformat() <= at

    def has_two_orders(self, id: str, at: str) -> bool:
        """Two orders before a day."""
        return sum(o["订单日期"] < at for o in self.orders.get(id, [])) >= 2

    def net(self, id: str) -> Fraction:
        """Profit less rebates, returns, service and the cost of credit at 6 % a year."""
        tied_up = (
            Fraction(o["销售额(万元)"]) * int(o["账期(天)"]) for o in self.orders.get(id, [])
        )
        credit = sum(tied_up, Fraction(0)) * Fraction(6, 100) / 365
        costs = sum(self.sum_orders(id, c) for c in ("返利(万元)", "退货(万元)", "服务成本(万元)"))
        return self.sum_orders(id, "利润(万元)") - credit - costs

    def compute_shares(self) -> dict[str, dict[str, Fraction]]:
        """Referred -> referrer -> share, over all referrals between customers."""
        given: dict[str, dict[str, Fraction]] = defaultdict(dict)
        for a in self.counted:
            given[a["被推荐人"]][a["推荐人"]] = Fraction(a["份额"] or 1)
        return {v: {u: s / sum(us.values()) for u, s in us.items()} for v, us in given.items()}

    def lines(self) -> list[list[str]]:
        """Every line from a root down to any party, along all referrals between customers."""
        above = self.compute_shares()

        def climb(id: str) -> list[list[str]]:
            return [[*line, id] for u in above[id] for line in climb(u)] if id in above else [[id]]

        return [line for id in above for line in climb(id)]


def credit_earned(shares: Shares, worth: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Shapley credit without the part of a party's own value.

    Averaged over all choices of one referrer per party, weighted by referrer share.
    """
    earned: dict[str, Fraction] = defaultdict(Fraction)

    def lines(id: str) -> list[tuple[Fraction, list[str]]]:
        above = [(s * p, [*line, u]) for u, s in shares.get(id, {}).items() for p, line in lines(u)]
        return above or [(Fraction(1), [])]

    for id, value in worth.items():
        for chance, ancestors in lines(id):
            for u in ancestors:
                earned[u] += chance * value / (len(ancestors) + 1)
    return earned


def fold_text(text: str) -> str:
    """Letters and digits alone, lower case, full-width forms folded."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())
