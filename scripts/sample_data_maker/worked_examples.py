"""Two worked examples of five customers, small enough to check by hand."""
# ruff: noqa: E501 (paragraphs of Markdown)

from __future__ import annotations

from pathlib import Path

from sample_data_maker.files import write_table, write_text

ENGLISH = """\
# five-en: one file, `referred_by`

Synthetic. Ada referred Ben and Dora, Ben (by name, not by id) referred Cem, Eve came by herself. By hand:

* 3 of 5 referred (60 %). There is no source column, so nothing bounds the unknown ones.
* Direct value: Ada 10 + 40 = 50, Ben 10; together 60, the revenue of the referred.
* Shapley credit: Ada 10 + 10/2 + 10/3 + 40/2 = 38.33, Ben 10/2 + 10/3 = 8.33, Cem 10/3 = 3.33, Dora 40/2 = 20,
  Eve 30; together 100.
* Longest chain: Ada, Ben, Cem; 2 referrals.
"""
CHINESE = """\
# five-zh：五家客户，一个文件夹

合成数据，名称均为虚构。01 推荐 02，02 推荐 03；04 来自展会；05 来源不明。手工可核：

* 5 家中有 2 家经推荐而来（40 %）；05 来源不明，故真实占比在 40 % 与 60 % 之间。
* 直接推荐价值：01 为 30 万元，02 为 8.5 万元，合计 38.5 万元，即被推荐客户的合同额。
* 沙普利分摊：01 = 12 + 30/2 + 8.5/3 = 29.83，02 = 30/2 + 8.5/3 = 17.83，03 = 8.5/3 = 2.83，04 = 20，05 = 5；合计 75.5 万元。
* 奖励：一次已付（500 元），一次未付。
"""


def write_worked_examples(target: Path) -> None:
    """five-en: one file with ``referred_by``; five-zh: a folder with Chinese headers."""
    for name in ("five-en", "five-zh"):
        (target / name).mkdir(parents=True, exist_ok=True)
    write_table(
        target / "five-en" / "customers.csv",
        ["id", "name", "joined", "revenue", "referred_by"],
        [
            ("001", "Ada", "2020-01-15", "10", ""),
            ("002", "Ben", "2021-03-01", "10", "001"),
            ("003", "Cem", "2022-06-20", "10", "Ben"),
            ("004", "Dora", "2023-02-11", "40", "001"),
            ("005", "Eve", "2023-09-30", "30", ""),
        ],
    )
    write_table(
        target / "five-zh" / "customers.csv",
        ["客户编号", "客户名称", "首次合同日期", "客户来源", "合同额(万元)"],
        [
            ("01", "镕成机械", "2020-03-02", "自有销售", "12"),
            ("02", "喆安建材", "2021-05-17", "老客户推荐", "30"),
            ("03", "堃和五金", "2022-01-09", "老客户推荐", "8.5"),
            ("04", "翀远管业", "2023-07-21", "展会", "20"),
            ("05", "岚升汽配", "2024-10-08", "", "5"),
        ],
    )
    write_table(
        target / "five-zh" / "referrals.csv",
        ["推荐人", "被推荐人", "推荐日期", "奖励(元)"],
        [("01", "02", "2021-04-20", "0"), ("02", "03", "2021-12-01", "500")],
    )
    write_text(target / "five-en" / "README.md", ENGLISH)
    write_text(target / "five-zh" / "README.md", CHINESE)
