"""A company as the files of a folder, table by table and block by block, so that memory stays below that of its tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

from refgraph.generator import orders, tables
from refgraph.generator.company import Company
from refgraph.generator.groups import affiliations
from refgraph.generator.truth import truth
from refgraph.progress import Progress, silent
from refgraph.texts import LANGUAGES, lookup

FILES = ("customers.csv", "referrals.csv", "orders.csv", "affiliations.csv", "refgraph.toml", "truth.json")
KEY_ACCOUNT = 300_000
SETTINGS = f"""
[key_account]
measure = "revenue"
over = {KEY_ACCOUNT}
period = "yearly_mean"

[accounts]
territory = ["山东", "河北", "天津"]

[units]
money = "元"
volume = "t"
"""


def files(company: Company, folder: Path, progress: Progress = silent) -> dict[str, Any]:
    """Write all files into ``folder``, which exists; no orders.csv without years of orders, no affiliations.csv without groups.

    Returns the truth."""
    names = tables.ids(company)
    for name, blocks in _tables(company, names):
        _csv(folder / name, blocks, name, progress)
    facts = truth(company, names)
    notices = "".join(f"# {lookup('generate', 'notice', lang)}\n" for lang in LANGUAGES)
    (folder / "refgraph.toml").write_text(notices + SETTINGS, encoding="utf-8")
    (folder / "truth.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return facts


def frames(company: Company) -> dict[str, pl.DataFrame]:
    """The same tables in memory, every cell text, as a reader of the files would have them."""
    names = tables.ids(company)
    text = {name.removesuffix(".csv"): [block.select(pl.all().cast(pl.String)) for block in blocks]
            for name, blocks in _tables(company, names)}  # fmt: skip
    return {name: pl.concat(blocks) for name, blocks in text.items() if blocks}


def _tables(company: Company, names: pl.Series) -> Iterator[tuple[str, Iterable[pl.DataFrame]]]:
    yield "customers.csv", tables.customers(company, names)
    yield "referrals.csv", tables.referrals(company, names)
    if company.plan.order_years:
        yield "orders.csv", orders.orders(company, names)
    if company.groups.member.size:
        yield "affiliations.csv", [affiliations(company.plan, company.groups, names)]


def _csv(path: Path, blocks: Iterable[pl.DataFrame], stage: str, progress: Progress) -> None:
    with path.open("wb") as stream:
        rows = 0
        for number, block in enumerate(blocks):
            block.write_csv(stream, include_header=number == 0)
            rows += block.height
            progress(stage, rows)
