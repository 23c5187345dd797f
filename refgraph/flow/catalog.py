"""What can be asked: a Result with one row an analysis."""

from __future__ import annotations

import polars as pl

from refgraph import analyses
from refgraph.model.message import message
from refgraph.model.result import Column, Result
from refgraph.model.scope import Scope
from refgraph.model.units import Unit
from refgraph.texts import lookup

COLUMNS = (Column("analysis", Unit.ID), Column("answers", Unit.TEXT), Column("grain", Unit.LABEL),
           Column("options", Unit.TEXT), Column("formulas", Unit.TEXT))  # fmt: skip


def catalog(lang: str) -> Result:
    """All analyses: what each answers (in ``lang``), what a row stands for, its options and formula ids."""
    rows = []
    for name in analyses.NAMES:
        what = analyses.load(name)
        flags = " ".join("--" + p.name.rstrip("_").replace("_", "-") for p in what.parameters)
        rows.append((name, lookup("command", name, lang), what.grain, flags, " ".join(what.formulas)))
    frame = pl.DataFrame(rows, schema=[c.name for c in COLUMNS], orient="row")
    return Result("catalog", {}, Scope(), frame, COLUMNS, "analysis", message("headline.catalog", analyses=len(rows)))
