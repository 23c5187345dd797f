"""Inputs that users reported, on the command line: the right number, or exit 3 with the cure."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from support.program import ask, call, write_tables

JOINED = "id,name,referred_by,joined\n"
CODES = (
    "id,name,email,phone,referral_code,referred_by\n"
    "101,Ada,ada@a.example,13800000001,AX7Q2,{0}\n"
    "102,Ben,ben@a.example,13800000002,B9KK1,{1}\n"
    "103,Cem,cem@a.example,13800000003,C3MM0,{2}\n"
    "104,Dora,dora@a.example,13800000004,D1PP8,{3}\n"
)
REFERRERS_BY_COLUMN = {
    "referral_code": ("", "AX7Q2", "AX7Q2", "B9KK1"),
    "email": ("", "ADA@a.example", "ada@a.example", "ben@a.example"),
    "phone": ("", "13800000001", "１3800000001", "138 0000 0002"),
}
WITHOUT_REFERRER = "编号,客户名称,签约日期,老客户\n1,甲一,2020-01-01,\n2,乙二,2020-02-01,甲一\n"


@pytest.mark.parametrize("word", ["0", "-1.0", "NaN", "<NA>", "FALSE", "暂无", "ＮＯＮＥ", "--"])
def test_words_for_nobody_are_counted_as_skipped_and_reported(word: str, tmp_path: Path) -> None:
    rows = f"1,Ann,{word},2020-01-01\n2,Bob,{word},2020-02-01\n3,Cem,1,2020-03-01\n"
    code, row, remarks = ask("effect", write_tables(tmp_path, customers=JOINED + rows))
    assert (code, row["referred"], row["customers"]) == (0, 1, 3)
    assert "2 skipped" in remarks
    assert "2 referrals were skipped because the referrer cell means nobody" in remarks


def test_word_of_the_settings_means_nobody_unless_a_customer_has_it(tmp_path: Path) -> None:
    people = "id,name,referred_by\n1,Ann,walk-in\n2,Bob,1\n3,Cem,WALK-IN\n"
    source = write_tables(tmp_path, customers=people)
    assert "2 of 2 referrers" not in ask("effect", source)[2]
    (tmp_path / "refgraph.toml").write_text('[words]\nnobody = ["Walk-in"]\n', encoding="utf-8")
    code, row, remarks = ask("effect", source)
    assert (code, row["referred"], row["customers"]) == (0, 1, 3)
    assert "2 skipped" in remarks
    source = write_tables(tmp_path, customers=people + "walk-in,Dan,\n")
    assert ask("effect", source)[1]["referred"] == 2


def test_referred_party_that_is_a_word_for_nobody_becomes_no_party(tmp_path: Path) -> None:
    referrals = "referrer,referred\n1,2\n1,无\n1,None\n"
    source = write_tables(tmp_path, customers="id\n1\n2\n", referrals=referrals)
    _, row, remarks = ask("recommenders", source)
    assert row["direct"] == 1
    assert "2 skipped" in remarks


@pytest.mark.parametrize("column", REFERRERS_BY_COLUMN)
def test_referrers_by_another_column_are_found_and_reported(column: str, tmp_path: Path) -> None:
    source = write_tables(tmp_path, customers=CODES.format(*REFERRERS_BY_COLUMN[column]))
    code, row, remarks = ask("effect", source)
    assert (code, row["referred"], row["customers"]) == (0, 3, 4)
    assert "3 cells name a party by another column" in remarks
    _, row, _ = ask("recommenders", source, "--by", "direct")
    assert (row["name"], row["direct"]) == ("Ada", 2)


@pytest.mark.parametrize("column", REFERRERS_BY_COLUMN)
def test_referrers_by_a_column_without_one_of_them_are_refused_until_it_is_named(
    column: str, tmp_path: Path
) -> None:
    cells = (*REFERRERS_BY_COLUMN[column][:3], "ZZZ9")
    source = write_tables(tmp_path, customers=CODES.format(*cells))
    code, _, remarks = ask("effect", source)
    assert code == 3
    assert column in remarks
    option = next(line for line in remarks.splitlines() if "--column" in line)
    words = option.split("Pass ")[1].split(",")[0].split()
    _, row, _ = ask("recommenders", source, *words, "--by", "direct")
    assert (row["name"], row["direct"]) == ("Ada", 2)


def test_names_in_another_form_are_found_and_reported(tmp_path: Path) -> None:
    names = ["", "ada lee", "Ada  Lee", "Ada Lee ", "Ａda Lee", "Ada\u00a0Lee"]
    people = ["Ada Lee", "Ben Wu", "Cem Fu", "Dora Ma", "Eve Xu", "Fay Ho"]
    rows = "".join(f"{k},{p},{r}\n" for k, (p, r) in enumerate(zip(people, names, strict=True)))
    source = write_tables(tmp_path, customers="id,name,referred_by\n" + rows)
    code, row, remarks = ask("effect", source)
    assert (code, row["referred"]) == (0, 5)
    assert "5 cells name a party by its name in another width, case or punctuation" in remarks


@pytest.mark.parametrize("layout", ["id", "referred_by", "referrals", "orders"])
def test_ids_that_a_spreadsheet_rounded_are_refused(layout: str, tmp_path: Path) -> None:
    rounded = {name: "13800000001" for name in ("id", "referred_by", "referrals", "orders")}
    rounded[layout] = "1.38E+10"
    files = {
        "customers": "id,referred_by\n{id},\n2,{referred_by}\n".format(**rounded),
        "referrals": "referrer,referred\n{referrals},2\n".format(**rounded),
        "orders": "customer,date,amount\n{orders},2024-01-01,5\n".format(**rounded),
    }
    code, row, remarks = ask("effect", write_tables(tmp_path, **files))
    assert (code, row) == (3, {})
    assert "rounded 1 ID" in remarks
    assert "1.38E+10" in remarks


def test_referred_parties_with_damaged_ids_are_no_firm_zero(tmp_path: Path) -> None:
    people = "id,name\n0101,Ada\n0102,Ben\n0103,Cem\n"
    source = write_tables(
        tmp_path, customers=people, referrals="referrer,referred\n0101,102\n0101,103\n"
    )
    code, _, remarks = ask("effect", source)
    assert code == 3
    assert "referred parties" in remarks
    assert ask("effect", source, "--repair-ids")[1]["referred"] == 2


def test_leads_outside_the_customers_are_no_fault(tmp_path: Path) -> None:
    source = write_tables(
        tmp_path, customers="id\n1\n2\n", referrals="referrer,referred\n1,x\n2,y\n"
    )
    code, row, remarks = ask("effect", source)
    assert (code, row["referred"]) == (0, 0)
    assert "Warning: 2 of 2 referred parties match no customer" in remarks


@pytest.mark.parametrize("words", [("effect",), ("customer", "1"), ("draw", "1"), ("report",)])
def test_unmatched_referrers_are_refused_by_every_command(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    source = write_tables(tmp_path, customers="id,referred_by\n1,\n2,x\n3,y\n")
    done = call(*words, source, "--lang", "en")
    assert done.code == 3
    assert "None of the 2 referrers (such as x) matches a customer" in done.err


@pytest.mark.parametrize(
    "words", [("draw", "1"), ("customer", "1"), ("path", "--from", "1", "--to", "2")]
)
def test_questions_about_parties_refuse_data_without_referrals(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    source = write_tables(tmp_path, customers=WITHOUT_REFERRER)
    done = call(*words, source, "--lang", "en")
    assert done.code == 3
    assert "--column customers.referred_by=老客户" in done.err


def test_understood_sources_do_not_hide_a_column_of_referrers(tmp_path: Path) -> None:
    people = "id,name,来源,Came Through\n1,Ann,web,\n2,Bob,fair,Ann\n3,Cem,web,ann\n"
    code, _, remarks = ask("effect", write_tables(tmp_path, customers=people))
    assert code == 0
    assert "looks like the referrer: 2 of its 2 entries" in remarks
    assert "--column 'customers.referred_by=Came Through'" in remarks


def test_column_of_codes_is_named_with_the_column_that_holds_them(tmp_path: Path) -> None:
    people = "id,name,Code,Came Through Code\n1,Ann,A7,\n2,Bob,B8,A7\n3,Cem,C9,a7\n4,Dan,D1,B8\n"
    source = write_tables(tmp_path, customers=people)
    code, _, remarks = ask("effect", source)
    assert code == 3
    option = remarks.split("Name it with ")[1].split(". If")[0]
    code, row, _ = ask("effect", source, *shlex.split(option), "--repair-ids")
    assert (code, row["referred"]) == (0, 3)


def test_source_that_names_customers_is_reported(tmp_path: Path) -> None:
    people = "id,name,source\n1,Ann,fair\n2,Bob,Ann\n3,Cem,Ann\n"
    code, _, remarks = ask("effect", write_tables(tmp_path, customers=people))
    assert code == 0
    assert "the column source looks like the referrer" in remarks


def test_column_of_orders_that_names_referrers_is_reported(tmp_path: Path) -> None:
    orders = "customer,date,amount,introducer\n1,2024-01-01,5,\n2,2024-01-02,6,Ann\n"
    source = write_tables(tmp_path, customers="id,name,note\n1,Ann,x\n2,Bob,y\n", orders=orders)
    code, _, remarks = ask("effect", source)
    assert code == 3
    assert "orders.introducer looks like the referrer" in remarks
    assert "Not understood: note, orders.introducer" in remarks


def test_statement_of_no_referrals_beside_referrals_is_refused(tmp_path: Path) -> None:
    source = write_tables(tmp_path, customers="id,referred_by\n1,\n2,1\n")
    code, _, remarks = ask("effect", source, "--no-referrals")
    assert code == 3
    assert "1 referral was read" in remarks


@pytest.mark.parametrize("name", ["accounts", "rfm", "concentration"])
def test_answers_without_referral_data_leave_their_figures_blank(name: str, tmp_path: Path) -> None:
    orders = "customer,date,amount\n1,2024-01-01,5\n2,2024-01-02,6\n"
    source = write_tables(tmp_path, customers="id,name\n1,Ann\n2,Bob\n", orders=orders)
    done = call(name, source, "--format", "json", "--lang", "en")
    page = json.loads(done.out)
    assert done.code == 0
    assert any("all figures about referrals are unknown" in note for note in page["notes"])
    for row in page["rows"]:
        assert row.get("measure") in (None, "own-value")
        assert not any(row.get(c) is not None for c in ("recommended", "keys_brought", "direct"))


def test_check_names_what_looks_like_a_referrer(tmp_path: Path) -> None:
    done = call("check", write_tables(tmp_path, customers=WITHOUT_REFERRER), "--lang", "en")
    assert done.code == 0
    assert "every figure about referrals" in done.out
