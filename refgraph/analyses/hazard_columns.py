"""Columns that `retention` and `churn` share: a hazard ratio with its counts, and the trees."""

from __future__ import annotations

from refgraph.model.result import Column
from refgraph.model.units import Unit

TREE_COLUMNS = (
    Column("trees", Unit.COUNT, key="gap_trees", detail=True),
    Column("effective_trees", Unit.RATIO, key="gap_effective_trees", detail=True, inputs=True),
)


def list_hazard_columns(formula: str) -> tuple[Column, ...]:
    """The hazard ratio of a state with its verdict, interval, counts and rate of leaving."""
    return (
        Column("verdict", Unit.LABEL, key="stay_verdict"),
        Column("hazard_ratio", Unit.RATIO, formula, key="stay_hazard_ratio", inputs=True),
        Column("hazard_ratio_low", Unit.RATIO, formula, key="stay_hazard_ratio_low", inputs=True),
        Column("hazard_ratio_high", Unit.RATIO, formula, key="stay_hazard_ratio_high", inputs=True),
        Column("customers", Unit.COUNT, key="stay_customers"),
        Column("leavers", Unit.COUNT, key="stay_leavers"),
        Column("loss_rate", Unit.SHARE, formula, key="stay_loss_rate"),
    )
