"""The files of l96 and its variant."""

from __future__ import annotations

import csv
from pathlib import Path

from sample_data_maker import members as m
from sample_data_maker import people, trade

REFERRAL_HEADERS = ["推荐人", "被推荐人", "推荐日期", "份额", "关系", "联系人", "奖励(元)", "状态"]
LEFT_OUT = "C048"
CONFIG = """\
# Settings of the classic case; 'refgraph check' shows what was read.
[key_account]           # who is a key account: more than 100 t a year; exactly 100.0 t is out
measure = "volume"
over = 100
period = "yearly_mean"

[old_customer]          # who is an old customer when referring: 12 months, or 2 orders
months = 12
orders = 2

[accounts]              # rules of the finer sets of key accounts
territory = ["河北", "山东", "江苏", "辽宁"]
special_sectors = ["党政", "军队", "公检法", "文化", "教育", "卫生", "新闻"]
"""
README = """\
# {name}: the classic case (synthetic)

{referred} of 96 existing customers came by referral. All data is made up by `scripts/make_sample_data`; apart from the five mills
all names are invented, and no real relation between companies is claimed.

129 parties: 96 existing customers, 4 former, 24 prospects, 2 staff, 2 partners, 1 authority. Orders cover 2022-2025 (kg, 万元).
Planted: {referred} referred customers, 30 customers above 100 t a year (3 of them false key accounts), one hidden key account
(C060), a double claim (C049), an alias pair (C085, C086), an account that fell silent (C080). What each member is for stands in
`scripts/sample_data_maker/members.py`.

合成数据：96 家现有客户中 {referred} 家经推荐而来。除五家钢厂名称外均为虚构，不代表任何企业间的真实关系。
"""


def write(folder: Path, referred: int) -> None:
    """Write all files of the case with 30 referred customers, or of the variant with 29."""
    without = LEFT_OUT if referred == 29 else None
    folder.mkdir(parents=True, exist_ok=True)
    table(folder / "customers.csv", people.HEADERS, people.rows(without))
    table(folder / "referrals.csv", REFERRAL_HEADERS, _referrals(without))
    table(folder / "orders.csv", trade.HEADERS, trade.orders())
    members = [(m.GROUP[0], "华岳联合集团", "控股"), (m.GROUP[1], "华岳联合集团", "采购")]
    table(folder / "affiliations.csv", ["客户编号", "集团", "关系"], members)
    (folder / "refgraph.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "README.md").write_text(README.format(name=folder.name, referred=referred), encoding="utf-8")


def table(path: Path, headers: list[str], rows: list) -> None:
    """One CSV file: UTF-8, LF."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([headers, *rows])


def _referrals(without: str | None) -> list[list[str]]:
    told = [[u, v, day, "", tie, "", reward, ""] for u, v, day, tie, reward in m.REFERRALS if v != without]
    told += [[u, v, day, "", tie, "", "", ""] for u, v, day, tie in (*m.APART, *m.FORMER_REFERRALS, *m.LOST)]
    told += [[u, v, day, "", tie, "", "", ""] for u, v, day, tie, *_ in m.OPEN]
    return sorted(told, key=lambda row: (row[2], row[0], row[1]))
