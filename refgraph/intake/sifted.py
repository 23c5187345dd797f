"""What a check makes of the rows of a table: those kept, those set aside, those told before. No row may be anywhere else."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from refgraph.model.raw import no_rejects


class Sifted(NamedTuple):
    """kept: rows to use. aside: rejects, one a row. repeated: rows that say again what a kept one says."""

    kept: pl.DataFrame
    aside: pl.DataFrame
    repeated: pl.DataFrame


def unsifted(frame: pl.DataFrame) -> Sifted:
    """All rows kept."""
    return Sifted(frame, no_rejects(), frame.clear())
