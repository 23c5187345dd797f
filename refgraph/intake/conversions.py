"""Amounts in another currency than the declared one: converted by a rate, or a fault."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from refgraph.intake.cast import Cast
from refgraph.intake.fault_codes import make_fault_code
from refgraph.intake.numbers import MAX_NUMBER


class Conversion(NamedTuple):
    """is_other: cells in a currency without a rate. factors: float64 by cell, 1.0 for the rest."""

    is_other: pl.Series
    factors: pl.Series


def find_conversion(
    currencies: pl.Series, declared: str, rates: Mapping[str, float]
) -> Conversion | None:
    """What to do with each cell of a column of amounts; None if all are in the declared currency.

    currencies: of each cell, null = none named. rates: currency -> its worth in the declared one.
    """
    is_foreign = (currencies != declared).fill_null(False)
    if not is_foreign.any():
        return None
    factors = currencies.replace_strict(rates, default=None, return_dtype=pl.Float64)
    is_other = is_foreign & factors.is_null()
    known = pl.when(is_foreign & ~is_other).then(factors).otherwise(1.0)
    return Conversion(is_other, pl.select(known).to_series())


def convert_amounts(cast: Cast, conversion: Conversion) -> Cast:
    """A column of amounts in the declared currency; others cost their cells: ``other-currency``."""
    frame = pl.DataFrame(
        {
            "value": cast.values,
            "code": cast.codes,
            "is_other": conversion.is_other,
            "factor": conversion.factors,
        }
    )
    value = pl.col("value") * pl.col("factor")
    frame = frame.with_columns(value=pl.when(~pl.col("is_other")).then(value))
    is_large = pl.col("value").abs() >= MAX_NUMBER
    code = make_fault_code((pl.col("is_other"), "other-currency"), (is_large, "number-too-large"))
    code = pl.coalesce(code, "code")
    frame = frame.with_columns(code=code, value=pl.when(~is_large).then("value"))
    converted = int(((frame["factor"] != 1.0) & frame["value"].is_not_null()).sum())
    remarks = (*cast.remarks, ("converted-amount", converted)) if converted else cast.remarks
    return Cast(frame["value"], frame["code"], remarks)
