"""A Case as the tables that refgraph reads: frames, or a folder of CSV."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from bench_tools.graphs import Case


def make_ids(case: Case) -> pl.Series:
    """Text ids in order of position: c00000000, c00000001 ..."""
    return pl.select(
        pl.concat_str(pl.lit("c"), pl.int_range(case.n).cast(pl.String).str.zfill(8))
    ).to_series()


def make_frames(case: Case) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(customers, referrals): id, revenue; referrer, referred."""
    names, (source, target) = make_ids(case), case.arcs
    customers = pl.DataFrame({"id": names, "revenue": case.value})
    return customers, pl.DataFrame(
        {"referrer": names.gather(source), "referred": names.gather(target)}
    )


def write_folder(case: Case, folder: Path) -> Path:
    """Write customers.csv and referrals.csv into a new folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in zip(("customers", "referrals"), make_frames(case), strict=True):
        frame.write_csv(folder / f"{name}.csv")
    return folder
