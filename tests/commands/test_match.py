"""``refgraph match``: proposals for texts that match no customer; nothing is applied."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from support.program import call, write_tables
from support.public_cases import CASES, read_case

import refgraph

LEDGER = CASES / "20-steel-ledger" / "客户台账2025.xlsx"
PEOPLE = "id,name\n0012,恒泰瑞丰机械有限公司\n'7,恒通管业\n9,=永泰钢构\n"
REFERRALS = "referrer,referred\n恒泰瑞丰机诫,9\n=永泰,0012\n陌生人,9\nA17,9\n"


def propose(source: Path | str, *words: str) -> list[dict[str, Any]]:
    done = call("match", str(source), "--format", "json", "--lang", "en", *words)
    rows: list[dict[str, Any]] = json.loads(done.out)["rows"]
    return rows


def read_file(path: Path) -> list[dict[str, str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_case_20_every_spelling_gets_its_customer() -> None:
    rows = propose(LEDGER)
    found = {row["written"]: (row["name"], row["count"]) for row in rows}
    assert found == {
        "河北钢铁": ("河北钢铁集团有限公司", 3),
        "河钢": ("河北钢铁集团有限公司", 2),
        "河钢集团": ("河北钢铁集团有限公司", 1),
        "唐山瑞丰": ("唐山瑞丰机械有限公司", 1),
        "保定长城": ("保定长城精密铸造有限公司", 1),
        "鲁能塔杆": ("济南鲁能塔杆有限公司", 1),
    }
    assert {(row["kind"], row["confirm"]) for row in rows} == {("cell", None)}


@pytest.mark.parametrize(("lang", "header"), [("en", "written"), ("zh", "原文")])
def test_file_is_for_spreadsheets_in_the_language_of_the_reader(
    lang: str, header: str, tmp_path: Path
) -> None:
    target = tmp_path / "matches.csv"
    done = call("match", str(LEDGER), "-o", str(target), "--lang", lang)
    assert (done.code, done.out) == (0, "")
    assert "6" in done.err
    content = target.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in content
    assert [row[header] for row in read_file(target)][:2] == ["河北钢铁", "河钢"]


def test_texts_of_the_file_are_safe_for_spreadsheets(tmp_path: Path) -> None:
    source = write_tables(tmp_path, customers=PEOPLE, referrals=REFERRALS)
    target = tmp_path / "matches.csv"
    assert call("match", source, "-o", str(target), "--lang", "en").code == 0
    rows = {row["written"]: row for row in read_file(target)}
    assert rows["恒泰瑞丰机诫"]["candidate"] == "'0012"
    assert rows["'=永泰"]["name"] == "'=永泰钢构"


def test_referrer_without_candidate_is_listed_last_and_a_new_lead_is_not(tmp_path: Path) -> None:
    referrals = REFERRALS + "9,新客户\n"
    rows = propose(write_tables(tmp_path, customers=PEOPLE, referrals=referrals))
    open_rows = {row["written"]: row["rule"] for row in rows if row["candidate"] is None}
    assert open_rows == {"A17": "no-candidate", "陌生人": "no-candidate"}
    assert [row["candidate"] is None for row in rows] == sorted(
        row["candidate"] is None for row in rows
    )
    assert "新客户" not in {row["written"] for row in rows}


def test_customer_of_an_order_and_a_code_of_one_customer_are_proposed(tmp_path: Path) -> None:
    people = "id,name,code\n1,恒通管业有限公司,A17\n2,瑞丰机械,B18\n"
    orders = "customer,date,amount\n恒通管,2024-01-01,5\n恒通管,2024-01-02,5\n"
    source = write_tables(
        tmp_path, customers=people, referrals="referrer,referred\nA17,2\n甲,1\n", orders=orders
    )
    rows = {row["written"]: row for row in propose(source, "--allow-rejects")}
    assert (rows["A17"]["candidate"], rows["A17"]["rule"]) == ("1", "by-column")
    assert (rows["恒通管"]["candidate"], rows["恒通管"]["count"]) == ("1", 2)


def test_output_over_an_input_is_refused(tmp_path: Path) -> None:
    source = write_tables(tmp_path, customers=PEOPLE, referrals=REFERRALS)
    file = Path(source) / "customers.csv"
    done = call("match", source, "-o", str(file), "--lang", "en")
    assert done.code == 2
    assert file.read_text(encoding="utf-8") == PEOPLE


def test_proposals_in_python_are_those_of_the_command() -> None:
    frame = refgraph.match(read_case("20-steel-ledger/客户台账2025.xlsx")).frame
    assert frame.to_dicts() == propose(LEDGER)
