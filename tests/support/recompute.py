"""Figures computed again from listed rows alone, in plain Python."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from datetime import date

from refgraph.estimates.proportion import newcombe, wilson

EPOCH = date(1970, 1, 1)
PARTS = {"numerator-denominator": ("numerator", "denominator")}


def recompute(rows: Sequence[Mapping[str, object]], method: str, *, is_date: bool) -> float | None:
    """The figure that rows with role, weight, amount and date make by a method."""
    amounts: dict[str, list[float]] = {}
    for row in rows:
        amount = row["amount"]
        if is_date:
            amount = (row["date"] - EPOCH).days  # type: ignore[operator]
        worth = float(row["weight"]) * (1.0 if amount is None else float(amount))  # type: ignore[arg-type]
        for role in PARTS.get(str(row["role"]), (str(row["role"]),)):
            amounts.setdefault(role, []).append(worth)
    counted = amounts.get("counted", [])
    if method in ("count", "sum"):
        return math.fsum(counted)
    if method in ("least", "greatest", "middle"):
        choose = {"least": min, "greatest": max, "middle": statistics.median}[method]
        return choose(counted) if counted else None
    names = ("numerator", "denominator", "reference-numerator", "reference")
    part, whole, other, base = (math.fsum(amounts.get(name, [])) for name in names)
    if whole <= 0:
        return None
    if method.startswith("difference"):
        ends = newcombe(part, whole, other, base)
        return ends[("difference", "difference-low", "difference-high").index(method)]
    low, high = wilson(part, whole) if method in ("low", "high") else (0.0, 0.0)
    return {"ratio": part / whole, "low": low, "high": high}[method]
