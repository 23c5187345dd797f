"""What can be asked: a Result with one row per analysis."""

from __future__ import annotations

import polars as pl

from refgraph import analyses
from refgraph.model.message import message
from refgraph.model.result import Column, Result
from refgraph.model.scope import Scope
from refgraph.model.units import Unit
from refgraph.registry import Analysis
from refgraph.texts import look_up

COLUMNS = (
    Column("analysis", Unit.ID),
    Column("answers", Unit.TEXT),
    Column("grain", Unit.LABEL),
    Column("options", Unit.TEXT),
    Column("formulas", Unit.TEXT),
)


def build_catalog(lang: str) -> Result:
    """All analyses: what they answer (in ``lang``), what a row stands for, options, formula ids."""
    rows = [_build_row(analyses.load(name), lang) for name in analyses.NAMES]
    return Result(
        analysis="catalog",
        parameters={},
        scope=Scope(),
        frame=pl.DataFrame(rows, schema=[c.name for c in COLUMNS], orient="row"),
        columns=COLUMNS,
        grain="analysis",
        headline=message("headline.catalog", analyses=len(rows)),
    )


def _build_row(analysis: Analysis, lang: str) -> tuple[str, ...]:
    options = " ".join(_to_flag(parameter.name) for parameter in analysis.parameters)
    answers = look_up("command", analysis.name, lang)
    return analysis.name, answers, analysis.grain, options, " ".join(analysis.formulas)


def _to_flag(name: str) -> str:
    """``of_`` -> ``--of``: a trailing underscore only avoids a Python keyword."""
    return "--" + name.rstrip("_").replace("_", "-")
