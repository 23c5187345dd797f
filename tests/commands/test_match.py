"""``refgraph match``: proposals for texts that match no customer; nothing is applied."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from support.program import ask, call, write_tables
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


def confirm(path: Path, target: Path, encoding: str = "utf-8-sig", word: str = "yes") -> str:
    """The file with a decision in every row that has a candidate, as a spreadsheet saves it."""
    rows = read_file(path)
    for row in rows:
        row[next(reversed(row))] = word if list(row.values())[2] else ""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    target.write_bytes(text.getvalue().encode(encoding))
    return str(target)


@pytest.mark.parametrize(
    ("lang", "encoding", "word"), [("en", "utf-8", "YES"), ("zh", "gbk", "是")]
)
def test_case_20_confirmed_once_gives_the_first_recommender_with_seven(
    lang: str, encoding: str, word: str, tmp_path: Path
) -> None:
    proposed = tmp_path / "matches.csv"
    call("match", str(LEDGER), "-o", str(proposed), "--lang", lang)
    edited = confirm(proposed, tmp_path / "edited.csv", encoding, word)
    code, row, remarks = ask("recommenders", str(LEDGER), "--matches", edited, "--by", "direct")
    assert (code, row["name"], row["direct"]) == (0, "河北钢铁集团有限公司", 7)
    assert "name a customer as you confirmed" in remarks
    assert {row["confirm"] for row in propose(LEDGER, "--matches", edited)} == {"yes"}


def test_confirmed_texts_are_read_as_they_stand_in_the_data(tmp_path: Path) -> None:
    source = write_tables(tmp_path, customers=PEOPLE, referrals=REFERRALS)
    proposed = tmp_path / "m" / "matches.csv"
    proposed.parent.mkdir()
    call("match", source, "-o", str(proposed), "--lang", "en")
    edited = confirm(proposed, tmp_path / "m" / "edited.csv")
    data = refgraph.read(source, refgraph.SourceOptions(matches=edited))
    pairs = set(data.referrals.select("referrer", "referred").iter_rows())
    assert pairs == {("0012", "9"), ("9", "0012"), ("陌生人", "9"), ("A17", "9")}


def test_settings_name_the_file_from_their_own_folder(tmp_path: Path) -> None:
    source = write_tables(tmp_path, customers=PEOPLE, referrals="referrer,referred\n恒通管业厂,9\n")
    (tmp_path / "matches.csv").write_text("written,candidate,confirm\n恒通管业厂,''7,y\n", "utf-8")
    (tmp_path / "refgraph.toml").write_text('[read]\nmatches = "matches.csv"\n', "utf-8")
    code, row, remarks = ask("effect", source)
    assert (code, row["referred"]) == (0, 1)
    assert "matches.csv was not read" not in remarks
    done = call("match", source, "-o", str(tmp_path / "matches.csv"), "--lang", "en")
    assert done.code == 2


def test_workbook_of_matches_is_read_without_dropping_apostrophes(tmp_path: Path) -> None:
    source = write_tables(tmp_path, customers=PEOPLE, referrals="referrer,referred\n'8,9\n")
    book = tmp_path / "m.xlsx"
    pl.DataFrame({"written": ["'8"], "candidate": ["'7"], "confirm": ["yes"]}).write_excel(book)
    code, row, _ = ask("recommenders", source, "--matches", str(book))
    assert (code, row["customer"]) == (0, "'7")


def test_database_beside_a_file_of_matches_is_refused(tmp_path: Path) -> None:
    done = call("effect", "neo4j://localhost", "--matches", str(tmp_path / "m.csv"), "--lang", "en")
    assert done.code == 2


def test_file_of_matches_that_is_missing_or_another_file_is_an_error(tmp_path: Path) -> None:
    source = write_tables(tmp_path, customers=PEOPLE, referrals=REFERRALS)
    assert call("effect", source, "--matches", str(tmp_path / "none.csv")).code == 5
    done = call("effect", source, "--matches", str(tmp_path / "customers.csv"), "--lang", "en")
    assert done.code == 3
    assert "has no column written" in done.err


def test_decisions_are_never_overwritten_and_travel_to_the_next_file(tmp_path: Path) -> None:
    source = write_tables(tmp_path, customers=PEOPLE, referrals=REFERRALS)
    folder = tmp_path / "m"
    folder.mkdir()
    first, second = folder / "first.csv", folder / "second.csv"
    call("match", source, "-o", str(first), "--lang", "en")
    confirm(first, first)
    before = first.read_bytes()
    done = call("match", source, "-o", str(first), "--lang", "en")
    assert (done.code, first.read_bytes()) == (2, before)
    assert "holds 2 decisions" in done.err
    done = call("match", source, "--matches", str(first), "-o", str(second), "--lang", "zh")
    assert done.code == 0
    decided = {row["原文"]: row["确认"] for row in read_file(second)}
    assert decided == {"A17": "", "陌生人": "", "恒泰瑞丰机诫": "是", "'=永泰": "是"}
    data = [
        refgraph.read(source, refgraph.SourceOptions(matches=str(path))) for path in (first, second)
    ]
    assert data[0].fingerprint == data[1].fingerprint


def test_declined_candidate_is_not_proposed_again(tmp_path: Path) -> None:
    source = write_tables(tmp_path, customers=PEOPLE, referrals=REFERRALS)
    file = tmp_path / "m.csv"
    file.write_text("written,candidate,confirm\n恒泰瑞丰机诫,0012,no\n", "utf-8")
    rows = propose(source, "--matches", str(file))
    found = [(row["candidate"], row["confirm"]) for row in rows if row["written"] == "恒泰瑞丰机诫"]
    assert found == [("0012", "no")]
