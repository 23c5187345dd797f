"""A company as the files of a folder, written in blocks so that no table has to fit into memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

from refgraph.generator import orders, side_tables, tables
from refgraph.generator.company import Company
from refgraph.generator.groups import build_affiliations
from refgraph.generator.truth import describe_truth
from refgraph.progress import Progress, ignore_progress
from refgraph.texts import LANGUAGES, look_up

TRUTH_FILE = "truth.json"
FILE_NAMES = (
    "customers.csv",
    "referrals.csv",
    "orders.csv",
    "affiliations.csv",
    "refgraph.toml",
    TRUTH_FILE,
)
ASKED_FILES = ("contacts.csv", "events.csv")
"""Files that a company has only if the plan asks for them."""
KEY_ACCOUNT_REVENUE = 300_000
"""Mean yearly revenue in 元 above which a customer is a key account."""
SETTINGS_TOML = f"""
[key_account]
measure = "revenue"
over = {KEY_ACCOUNT_REVENUE}
period = "yearly_mean"

[accounts]
territory = ["山东", "河北", "天津"]

[units]
money = "元"
volume = "t"
"""


def write_files(
    company: Company, folder: Path, progress: Progress = ignore_progress
) -> dict[str, Any]:
    """Write all files into an existing folder and return the truth.

    There is no orders.csv without years of orders, no affiliations.csv without groups, and neither
    of `ASKED_FILES` unless the plan asks for it.
    """
    names = tables.build_ids(company)
    for name, blocks in _build_tables(company, names):
        _write_csv(folder / name, blocks, name, progress)
    truth = describe_truth(company, names)
    notices = "".join(f"# {look_up('generate', 'notice', lang)}\n" for lang in LANGUAGES)
    (folder / "refgraph.toml").write_text(notices + SETTINGS_TOML, encoding="utf-8")
    truth_json = json.dumps(truth, ensure_ascii=False, indent=1) + "\n"
    (folder / TRUTH_FILE).write_text(truth_json, encoding="utf-8")
    return truth


def build_frames(company: Company) -> dict[str, pl.DataFrame]:
    """The same tables in memory by name; every cell is text, as read from the files."""
    names = tables.build_ids(company)
    frames = {}
    for file, blocks in _build_tables(company, names):
        texts = [block.select(pl.all().cast(pl.String)) for block in blocks]
        if texts:
            frames[file.removesuffix(".csv")] = pl.concat(texts)
    return frames


def _build_tables(
    company: Company, names: pl.Series
) -> Iterator[tuple[str, Iterable[pl.DataFrame]]]:
    """File name and blocks of each table."""
    yield "customers.csv", tables.build_customers(company, names)
    yield "referrals.csv", tables.build_referrals(company, names)
    if company.plan.order_years:
        yield "orders.csv", orders.build_orders(company, names)
    if company.groups.member.size:
        yield "affiliations.csv", [build_affiliations(company.plan, company.groups, names)]
    if company.plan.people:
        yield "contacts.csv", side_tables.build_contacts(company, names)
    if company.plan.events:
        yield "events.csv", side_tables.build_events(company, names)


def _write_csv(path: Path, blocks: Iterable[pl.DataFrame], stage: str, progress: Progress) -> None:
    with path.open("wb") as stream:
        rows = 0
        for number, block in enumerate(blocks):
            block.write_csv(stream, include_header=number == 0)
            rows += block.height
            progress(stage, rows)
