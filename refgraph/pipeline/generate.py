"""``generate``: build a synthetic company as a Dataset or as files of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from refgraph import generator
from refgraph.generator import Plan
from refgraph.model.message import Message, message
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
    own = (*generator.FILE_NAMES, *generator.ASKED_FILES)
    with stage_folder(out, own, replace, generator.TRUTH_FILE) as staging:
        progress("history", 0)
        company = generator.build_company(plan)
        truth = generator.write_files(company, staging, progress)
    return _build_summary(str(out), truth)


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
