"""Two worked examples of five customers, small enough to check by hand."""

from __future__ import annotations

from pathlib import Path

from sample_data_maker.classic import table


def write(target: Path) -> None:
    """five-en: one file with ``referred_by``; five-zh: a folder with Chinese headers."""
    for name in ("five-en", "five-zh"):
        (target / name).mkdir(parents=True, exist_ok=True)
    table(target / "five-en" / "customers.csv", ["id", "name", "joined", "revenue", "referred_by"], [
        ("001", "Ada", "2020-01-15", "10", ""), ("002", "Ben", "2021-03-01", "10", "001"), ("003", "Cem", "2022-06-20", "10", "Ben"),
        ("004", "Dora", "2023-02-11", "40", "001"), ("005", "Eve", "2023-09-30", "30", ""),
    ])  # fmt: skip
    table(target / "five-zh" / "customers.csv", ["客户编号", "客户名称", "首次合同日期", "客户来源", "合同额(万元)"], [
        ("01", "镕成机械", "2020-03-02", "自有销售", "12"), ("02", "喆安建材", "2021-05-17", "老客户推荐", "30"),
        ("03", "堃和五金", "2022-01-09", "老客户推荐", "8.5"), ("04", "翀远管业", "2023-07-21", "展会", "20"),
        ("05", "岚升汽配", "2024-10-08", "", "5"),
    ])  # fmt: skip
    table(target / "five-zh" / "referrals.csv", ["推荐人", "被推荐人", "推荐日期", "奖励(元)"], [
        ("01", "02", "2021-04-20", "0"), ("02", "03", "2021-12-01", "500")])  # fmt: skip
