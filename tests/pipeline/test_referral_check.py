"""No firm number over data in which no referral was understood; inputs that users reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from refgraph import analyses, pipeline
from refgraph.engines.base import Engine
from refgraph.errors import DataError
from refgraph.intake import IntakeOptions
from refgraph.model.message import Label
from refgraph.model.settings import Settings
from refgraph.pipeline.options import SourceOptions
from refgraph.texts import LANGUAGES, explain_error, format_message

NEED_TWO_PARTIES = ("path", "common", "compare")
PLAIN = "id,name,joined\n1,Ada,2020-01-01\n2,Ben,2020-02-01\n3,Cem,2020-03-01\n"
UNKNOWN_HEADER = (
    "编号,客户姓名,签约日期,介绍人姓名\n"
    "1,甲一,2020-01-01,\n2,乙二,2020-02-01,甲一\n3,丙三,2020-03-01,甲一\n"
)
DAMAGED_IDS = {
    "blanks": ("101,Ada\n102,Ben\n103,Cem\n", "101\u00a0,102\n\u200b101,103\n"),
    "width": ("101,Ada\n102,Ben\n103,Cem\n", "１０１,102\n１０１,103\n"),
    "quotes": ("'0101,Ada\n'0102,Ben\n'0103,Cem\n", "0101,0102\n0101,0103\n"),
    "decimals": ("101,Ada\n102,Ben\n103,Cem\n", "101.0,102\n101.0,103\n"),
    "zeros": ("0101,Ada\n0102,Ben\n0103,Cem\n", "101,102\n101,103\n"),
    "case": ("ab1,Ada\nab2,Ben\nab3,Cem\n", "AB1,AB2\nAB1,AB3\n"),
}


def open_files(folder: Path, intake: IntakeOptions = IntakeOptions(), **files: str) -> Engine:
    """An engine over CSV files written from these texts."""
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    source = folder if len(files) > 1 else folder / "customers.csv"
    return pipeline.open_source(source, SourceOptions(intake=intake))


def count_referred(engine: Engine) -> tuple[int, int]:
    """(referred, customers) of the narrow definition."""
    row = pipeline.run(engine, "effect").frame.row(0, named=True)
    return row["referred"], row["customers"]


@pytest.mark.parametrize(
    "name", [n for n in analyses.NAMES if n not in ("path", "common", "compare")]
)
def test_analysis_over_data_without_referrals_refuses_or_needs_none(
    name: str, tmp_path: Path
) -> None:
    engine = open_files(tmp_path, customers=PLAIN)
    analysis = analyses.load(name)
    if not analysis.needs_referrals:
        pipeline.run(engine, name)
        return
    parameters = {"of": ("1",)} if name in ("without", "reach") else {}
    with pytest.raises(DataError) as error:
        pipeline.run(engine, name, parameters)
    assert error.value.id == "no-referrals"
    assert error.value.exit_code == 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_unknown_header_whose_content_names_customers_is_named(lang: str, tmp_path: Path) -> None:
    engine = open_files(tmp_path, customers=UNKNOWN_HEADER)
    with pytest.raises(DataError) as error:
        pipeline.run(engine, "effect")
    cause, remedy = explain_error(error.value, lang)
    assert error.value.values["matched"] == error.value.values["filled"] == 2
    assert "介绍人姓名" in cause
    assert "--column customers.referred_by=介绍人姓名" in remedy


def test_named_column_gives_the_right_share(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(UNKNOWN_HEADER, encoding="utf-8")
    options = SourceOptions(columns={"customers.referred_by": "介绍人姓名"})
    assert count_referred(pipeline.open_source(tmp_path / "customers.csv", options)) == (2, 3)


def test_understood_but_empty_column_is_a_real_zero(tmp_path: Path) -> None:
    engine = open_files(tmp_path, customers="id,referred_by\n1,\n2,\n")
    assert count_referred(engine) == (0, 2)


def test_referrals_table_without_rows_is_a_real_zero(tmp_path: Path) -> None:
    engine = open_files(tmp_path, customers=PLAIN, referrals="referrer,referred\n")
    assert count_referred(engine) == (0, 3)


def test_stated_absence_of_referrals_is_a_real_zero(tmp_path: Path) -> None:
    engine = open_files(tmp_path, IntakeOptions(no_referrals=True), customers=PLAIN)
    assert count_referred(engine) == (0, 3)


@pytest.mark.parametrize("word", ["0", "-1", "NaN", "FALSE", "None", "not referred", "没有", "无"])
@pytest.mark.parametrize("layout", ["column", "table"])
def test_word_for_nobody_is_no_recommender(word: str, layout: str, tmp_path: Path) -> None:
    referrers = {"1": word, "2": word, "3": "1", "4": "1", "5": "3", "6": word}
    if layout == "column":
        rows = "".join(f"{id},{referrer}\n" for id, referrer in referrers.items())
        engine = open_files(tmp_path, customers="id,referred_by\n" + rows)
    else:
        people = "id\n" + "".join(f"{id}\n" for id in referrers)
        rows = "".join(f"{referrer},{id}\n" for id, referrer in referrers.items())
        engine = open_files(tmp_path, customers=people, referrals="referrer,referred\n" + rows)
        assert engine.summarize_source().totals["skipped"] == 3
    assert count_referred(engine) == (3, 6)
    assert sorted(pipeline.run(engine, "recommenders").frame["customer"].to_list()) == ["1", "3"]


def test_customer_whose_id_is_a_word_for_nobody_stays_a_recommender(tmp_path: Path) -> None:
    engine = open_files(tmp_path, customers="id,referred_by\n0,\n1,0\n2,0\n")
    assert count_referred(engine) == (2, 3)


@pytest.mark.parametrize("repair", DAMAGED_IDS)
def test_referrers_with_damaged_ids_are_refused_with_the_repair(
    repair: str, tmp_path: Path
) -> None:
    people, referrals = DAMAGED_IDS[repair]
    files = {"customers": "id,name\n" + people, "referrals": "referrer,referred\n" + referrals}
    with pytest.raises(DataError) as error:
        count_referred(open_files(tmp_path, **files))
    assert error.value.id == "no-referrer-matches-but-repaired"
    assert error.value.values["repair"] == Label(f"repair-{repair}")
    repaired = open_files(tmp_path, IntakeOptions(repair_ids=True), **files)
    assert count_referred(repaired) == (2, 3)
    assert dict(repaired.dataset().warnings)["repaired-id"] in (2, 4)


def test_referrers_by_codes_of_which_one_is_unknown_are_refused(tmp_path: Path) -> None:
    people = "id,referral_code,referred_by\n1,AX7,\n2,B9K,AX7\n3,C3M,AX7\n4,D1P,ZZZ\n"
    with pytest.raises(DataError) as error:
        count_referred(open_files(tmp_path, customers=people))
    assert error.value.id == "no-referrer-matches-but-column"
    assert error.value.values["column"] == "referral_code"


def test_referrers_that_match_nothing_are_refused(tmp_path: Path) -> None:
    people = "id,referred_by\n1,\n2,x\n3,y\n"
    with pytest.raises(DataError) as error:
        count_referred(open_files(tmp_path, customers=people))
    assert error.value.id == "no-referrer-matches"


@pytest.mark.parametrize(
    ("referrers", "note"), [("1,1,x", "note.unmatched"), ("1,x,y", "note.most-unmatched")]
)
def test_unmatched_referrers_are_counted_in_a_note(
    referrers: str, note: str, tmp_path: Path
) -> None:
    rows = "".join(f"{k},{r}\n" for k, r in enumerate(referrers.split(","), 2))
    engine = open_files(tmp_path, customers="id,referred_by\n1,\n" + rows)
    notes = [n for n in pipeline.run(engine, "effect").notes if "unmatched" in n.id]
    assert [n.id for n in notes] == [note]
    assert all(format_message(n, lang) for n in notes for lang in LANGUAGES)


@pytest.mark.parametrize("word", ["合计", "小计", "Total", "TOTAL", "合计："])
def test_total_row_is_skipped_and_counted(word: str, tmp_path: Path) -> None:
    people = f"id,name,referred_by,revenue\n1,Ann,,100\n2,Bob,1,50\n{word},,,150\n,{word},,150\n"
    engine = open_files(tmp_path, customers=people)
    assert count_referred(engine) == (1, 2)
    assert pipeline.run(engine, "effect").frame["value"][0] == 150
    totals = engine.summarize_source().totals
    assert (totals["read"], totals["skipped"]) == (5, 2)


def test_total_row_of_orders_is_no_order(tmp_path: Path) -> None:
    orders = "order_id,customer,date,amount\nA1,1,2023-01-05,300\nA2,2,2023-02-05,80\nTotal,,,380\n"
    people = "id,joined,referred_by\n1,2020-01-01,\n2,2020-02-01,1\n3,2020-03-01,1\n"
    engine = open_files(tmp_path, customers=people, orders=orders)
    assert pipeline.run(engine, "effect").frame["value"][0] == 380


def test_customer_named_total_is_no_total_row(tmp_path: Path) -> None:
    people = "id,name,referred_by\n1,Total,\n2,Bob,1\n"
    assert count_referred(open_files(tmp_path, customers=people)) == (1, 2)


def test_network_without_a_customers_table_has_no_unmatched_referrer() -> None:
    networkx = pytest.importorskip("networkx")
    import refgraph

    data = refgraph.read(networkx.DiGraph([("ann", "bob"), ("bob", "cid")]))
    assert refgraph.run("effect", data).frame["customers"][0] == 3
    assert data.settings == Settings()
