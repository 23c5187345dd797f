"""``generate``: build a synthetic company as a Dataset or as files of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from refgraph import generator, intake
from refgraph.generator import Company, Plan
from refgraph.model.dataset import Dataset
from refgraph.model.message import Message, message
from refgraph.model.raw import RawTable, make_empty_rejects
from refgraph.model.settings import Settings
from refgraph.progress import Progress, ignore_progress
from refgraph.staging import stage_folder


def write_company(
    plan: Plan, out: str | Path, replace: bool = False, progress: Progress = ignore_progress
) -> Message:
    """Write the company of a plan to a folder, completely or not at all; returns a summary.

    replace: overwrite files that an earlier run wrote.
    Raises UsageError for a plan that cannot be met, FileError for a folder that holds other files
    or cannot be written.
    """
    with stage_folder(out, generator.FILE_NAMES, replace, generator.TRUTH_FILE) as staging:
        progress("history", 0)
        company = generator.build_company(plan)
        truth = generator.write_files(company, staging, progress)
    return _build_summary(str(out), truth)


def company_to_dataset(company: Company, settings: Settings = Settings()) -> Dataset:
    """The company as a Dataset, checked by the same rules as files."""
    tables = {
        name: [_to_raw_table(f"{name}.csv", frame)]
        for name, frame in generator.build_frames(company).items()
    }
    return intake.build_dataset(tables, settings)


def _to_raw_table(file: str, frame: pl.DataFrame) -> RawTable:
    lines = pl.int_range(2, frame.height + 2, dtype=pl.Int64, eager=True).alias("line")
    return RawTable(
        file=file, frame=frame, line=lines, rows_read=frame.height, rejects=make_empty_rejects()
    )


def _build_summary(out: str, truth: dict[str, Any]) -> Message:
    counts = truth["counts"]
    return message(
        "generate.written",
        folder=out,
        parties=counts["parties"],
        customers=counts["existing"],
        former=counts["former"],
        prospects=counts["prospects"],
        referred=counts["referred"],
        share=truth["share"]["recorded"],
        referrals=counts["referral_rows"],
        seed=truth["plan"]["seed"],
    )
