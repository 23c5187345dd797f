"""``generate``: a plan becomes a company, and the company a Dataset or the files of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from refgraph import generator, intake
from refgraph.files import folder
from refgraph.generator import Company, Plan
from refgraph.model.dataset import Dataset
from refgraph.model.message import Message, message
from refgraph.model.raw import RawTable, no_rejects
from refgraph.model.settings import Settings
from refgraph.progress import Progress, silent


def write(plan: Plan, out: str | Path, replace: bool = False, progress: Progress = silent) -> Message:
    """The company of a plan as a folder; it is there as a whole or not at all. Returns the sentence that says what it holds.

    Raises UsageError for a plan that cannot be met, FileError for a folder that holds other things or cannot be written.
    """
    with folder(out, generator.FILES, replace) as place:
        progress("history", 0)
        company = generator.build(plan)
        facts = generator.files(company, place, progress)
    return _summary(str(out), facts)


def dataset(company: Company, settings: Settings = Settings()) -> Dataset:
    """The company as a Dataset, checked by the same rules as files."""
    tables = {name: [_raw(f"{name}.csv", frame)] for name, frame in generator.frames(company).items()}
    return intake.admit(tables, settings)


def _raw(file: str, frame: pl.DataFrame) -> RawTable:
    lines = pl.int_range(2, frame.height + 2, dtype=pl.Int64, eager=True).alias("line")
    return RawTable(file, frame, lines, frame.height, no_rejects())


def _summary(out: str, facts: dict[str, Any]) -> Message:
    counts = facts["counts"]
    return message("generate.written", folder=out, parties=counts["parties"], customers=counts["existing"],
                   former=counts["former"], prospects=counts["prospects"], referred=counts["referred"],
                   share=facts["share"]["recorded"], referrals=counts["referral_rows"], seed=facts["plan"]["seed"])
