"""Names that match no customer: every command that meets them says how to confirm who they are."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from support.program import call, write_tables
from support.public_cases import CASES

LEDGER = CASES / "20-steel-ledger" / "客户台账2025.xlsx"
REMEDY = "refgraph match SOURCE -o matches.csv"
PEOPLE = "id,name\n1,恒泰瑞丰机械有限公司\n2,恒通管业\n3,永泰钢构\n"
REFERRALS = "referrer,referred\n恒泰瑞丰,2\n陌生人,3\n"


def propose_lines(source: str, lang: str) -> list[str]:
    return call("init", source, "-o", "-", "--lang", lang).out.splitlines()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_init_offers_no_name_with_a_candidate_as_a_word_for_nobody(
    lang: str, tmp_path: Path
) -> None:
    source = write_tables(tmp_path, customers=PEOPLE, referrals=REFERRALS)
    lines = propose_lines(source, lang)
    assert '# nobody = ["陌生人"]' in lines
    assert '# matches = ["matches.csv"]' in lines
    (above,) = [line for line in lines if f"refgraph match {source} -o matches.csv" in line]
    assert "恒泰瑞丰 (1)" in above


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_init_of_case_20_offers_matches_and_no_word_for_nobody(lang: str) -> None:
    lines = propose_lines(str(LEDGER), lang)
    assert not any("nobody =" in line for line in lines)
    assert '# matches = ["matches.csv"]' in lines


def test_init_prints_the_command_that_proposes_customers(tmp_path: Path) -> None:
    source = write_tables(tmp_path, customers=PEOPLE, referrals=REFERRALS)
    done = call("init", source, "--lang", "en")
    assert f"refgraph match {source} -o matches.csv" in done.err


def test_init_after_no_offers_the_name_as_a_word_for_nobody(tmp_path: Path) -> None:
    source = write_tables(tmp_path, customers=PEOPLE, referrals=REFERRALS)
    decisions = tmp_path / "decided.txt"
    decisions.write_text("written,candidate,confirm\n恒泰瑞丰,1,no\n", encoding="utf-8")
    done = call("init", source, "-o", "-", "--matches", str(decisions), "--lang", "en")
    (line,) = [line for line in done.out.splitlines() if line.startswith("# nobody = ")]
    assert set(tomllib.loads(line[2:])["nobody"]) == {"陌生人", "恒泰瑞丰"}


@pytest.mark.parametrize(
    ("command", "lang"), [("effect", "en"), ("report", "zh"), ("check", "en"), ("check", "zh")]
)
@pytest.mark.parametrize("others", ["", "1,2\n", "1,2\n2,3\n3,1\n"], ids=["all", "most", "some"])
def test_unmatched_referrers_are_reported_with_the_command_that_helps(
    command: str, lang: str, others: str, tmp_path: Path
) -> None:
    source = write_tables(tmp_path, customers=PEOPLE, referrals=REFERRALS + others)
    done = call(command, source, "--format", "md", "--lang", lang)
    assert REMEDY in done.out + done.err


def test_lock_file_of_a_spreadsheet_program_is_passed_over_in_silence(tmp_path: Path) -> None:
    source = write_tables(tmp_path, customers=PEOPLE, referrals="referrer,referred\n1,2\n")
    before = call("check", source, "--lang", "en")
    (tmp_path / "~$customers.xlsx").write_bytes(b"\x05Annie" + bytes(159))
    (tmp_path / "~$orders.csv").write_bytes(b"\x05Annie" + bytes(159))
    after = call("check", source, "--lang", "en")
    assert (after.code, after.out, after.err) == (before.code, before.out, before.err)


@pytest.mark.parametrize(
    ("command", "lang"), [("effect", "en"), ("report", "zh"), ("check", "en"), ("check", "zh")]
)
@pytest.mark.parametrize(
    ("word", "remarks_en", "remarks_zh"),
    [
        ("yes", "matches.csv holds 1 decision of", "matches.csv 中有 1 条"),
        ("no", "matches.csv holds 1 decision of", "matches.csv 中有 1 条"),
        ("", "without a decision (2 open)", "尚无决定（2 条待定）"),
    ],
)
def test_file_of_matches_in_the_folder_is_reported_with_the_way_to_apply_it(
    command: str, lang: str, word: str, remarks_en: str, remarks_zh: str, tmp_path: Path
) -> None:
    source = write_tables(tmp_path, customers=PEOPLE, referrals=f"{REFERRALS}1,2\n")
    call("match", source, "-o", str(tmp_path / "matches.csv"), "--lang", lang)
    file = tmp_path / "matches.csv"
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    lines = [line + word if "恒泰瑞丰" in line else line for line in lines]
    file.write_text("\n".join(lines), encoding="utf-8")
    done = call(command, source, "--format", "md", "--lang", lang)
    remarks = (done.out + done.err).replace("\\", "")
    assert {"en": remarks_en, "zh": remarks_zh}[lang] in remarks
    assert "--matches" in remarks
    assert "contains no table" not in remarks
    assert "不含 refgraph 认识的表" not in remarks


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_undecided_rows_of_a_file_of_matches_are_reported(lang: str, tmp_path: Path) -> None:
    source = write_tables(tmp_path, customers=PEOPLE, referrals=f"{REFERRALS}1,2\n")
    file = tmp_path / "matches.csv"
    text = "written,candidate,confirm\n恒泰瑞丰,1,yes\n陌生人,3,\n"
    file.write_text(text, encoding="utf-8")
    remarks = call("effect", source, "--matches", str(file), "--lang", lang).err
    assert {"en": "1 proposed match is not decided yet", "zh": "有 1 条建议尚未决定"}[
        lang
    ] in remarks


def test_other_file_in_the_folder_is_still_reported_as_unknown(tmp_path: Path) -> None:
    referrals = f"{REFERRALS}1,2\n"
    source = write_tables(tmp_path, customers=PEOPLE, referrals=referrals, what="a,b\n1,2\n")
    done = call("effect", source, "--lang", "en")
    assert "what.csv was not read: it contains no table that refgraph knows" in done.err
