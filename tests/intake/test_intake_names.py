"""Who a cell means: by code, phone or e-mail, in another spelling, several names in one cell."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.intake_tables import admit, count_rows
from support.random_cases import cases

from refgraph import pipeline
from refgraph.model.dataset import Dataset
from refgraph.pipeline.options import SourceOptions

CASES = Path(__file__).parent.parent / "data" / "cases"
ADA_AND_BEN = {("101", "102"), ("101", "103"), ("102", "104")}


def read_case(file: str, **options: object) -> Dataset:
    return pipeline.open_source(CASES / file, SourceOptions(**options)).dataset()  # type: ignore[arg-type]


def pairs(data: Dataset) -> set[tuple[str, str]]:
    return set(data.referrals.select("referrer", "referred").iter_rows())


@pytest.mark.parametrize("file", ["customers", "siblings/by-email", "siblings/by-phone"])
def test_case_02_referrers_by_a_column_without_exception_are_found(file: str) -> None:
    data = read_case(f"02-referral-code/{file}.csv")
    assert pairs(data) == ADA_AND_BEN
    assert dict(data.warnings) == {"matched-by-column": 3}
    column = {"customers": "referral_code", "siblings/by-email": "email"}.get(file, "phone")
    found = data.findings.filter(code="matched-by-column")
    assert found["detail"].to_list() == [column]


def test_case_02_name_with_phone_is_found_and_an_honorific_is_not() -> None:
    data = read_case("02-referral-code/siblings/name-and-phone.csv")
    assert pairs(data) == {("101", "102"), ("101", "103"), ("乙二先生", "104")}
    assert dict(data.warnings) == {"matched-by-contact": 2}


def test_case_02_name_in_other_case_width_and_blanks_is_found() -> None:
    data = read_case("02-referral-code/siblings/name-case.csv")
    assert pairs(data) == {("101", str(k)) for k in range(102, 107)}
    assert dict(data.warnings) == {"matched-by-spelling": 5}


@pytest.mark.parametrize(
    ("file", "lists", "flagged"),
    [
        ("referrer-list-zh", (3, 4, 5, 8), ["甲一 乙二", "甲一和乙二"]),
        ("referrer-list-separators", range(3, 9), []),
    ],
)
def test_case_09_cells_split_where_all_parts_are_known(
    file: str, lists: tuple[int, ...], flagged: list[str]
) -> None:
    data = read_case(f"09-several-in-a-cell/{file}.csv")
    expected = {(referrer, str(k)) for k in lists for referrer in ("1", "2")}
    expected |= {(cell, str(k)) for k, cell in enumerate(flagged, 6)}
    assert pairs(data) == expected
    found = data.findings.filter(code="several-names")["members"].to_list()
    assert sorted(found) == [[cell] for cell in flagged]
    assert dict(data.warnings)["split-cell"] == len(lists)


def test_cells_of_a_referral_file_split_at_both_ends_and_the_ledger_ties() -> None:
    people = [{"id": id, "name": name} for id, name in zip("abcd", "甲乙丙丁", strict=True)]
    rows = [
        {"referrer": "甲、乙", "referred": "c,d"},
        {"referrer": "甲、戊", "referred": "丙"},
    ]
    data = admit(people, rows)
    expected = {("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("甲、戊", "c")}
    assert pairs(data) == expected
    assert count_rows(data)["referrals"] == (5, 5, 0, 0)
    assert dict(data.warnings)["split-cell"] == 3


def test_words_for_a_channel_become_the_source_unless_one_is_recorded() -> None:
    people = [
        {"id": "a", "name": "甲"},
        {"id": "b", "name": "乙", "referred_by": "网上"},
        {"id": "c", "name": "丙", "source": "老客户推荐", "referred_by": "展会"},
        {"id": "d", "name": "丁", "referred_by": "甲"},
    ]
    data = admit(people, [{"referrer": "转介绍", "referred": "a"}])
    assert pairs(data) == {("a", "d")}
    assert data.customers["source"].to_list() == ["转介绍", "网上", "老客户推荐", None]
    assert dict(data.warnings)["channel-referrer"] == 3
    assert count_rows(data)["referrals"] == (4, 1, 3, 0)
    named = admit([*people, {"id": "网上", "name": "x"}])
    assert ("网上", "b") in pairs(named)


def test_column_of_codes_is_unused_if_it_contradicts_ids() -> None:
    people = [
        {"id": "1", "code": "2", "referred_by": ""},
        {"id": "2", "code": "9", "referred_by": "9"},
        {"id": "3", "code": "4", "referred_by": "2"},
    ]
    data = admit(people)
    assert pairs(data) == {("9", "2"), ("2", "3")}
    assert "matched-by-column" not in dict(data.warnings)


@pytest.mark.parametrize(
    ("written", "names", "found"),
    [
        ("ＡＢＣ（中国）", ["ABC(中国)"], True),
        ("A.B.C. Co.", ["ABC CO"], True),
        ("Smith & Sons", ["smith and sons"], True),
        ("唐山 瑞丰\u200b机械", ["唐山瑞丰机械有限公司"], True),
        ("Rio Tinto Ltd", ["Rio Tinto PLC"], True),
        ("Rio Tinto", ["Rio Tinto PLC", "Rio Tinto Ltd"], False),
        ("河钢集团", ["河钢"], False),
        ("河钢公司", ["河钢"], False),
        ("ABC中国", ["ABC"], False),
        ("A1", ["a1 ltd"], False),
        ("张*", ["张*"], False),
        ("第一建", ["第二建"], False),
    ],
)
def test_rules_for_names_match_only_what_they_promise(
    written: str, names: list[str], found: bool
) -> None:
    people = [{"id": f"k{n}", "name": name} for n, name in enumerate(names)]
    data = admit(people, [], [{"customer": written, "at": "2024-01-01"}])
    assert data.orders is not None
    assert data.orders["customer"].to_list() == (["k0"] if found else [])


def test_two_legal_forms_of_one_name_are_two_firms() -> None:
    people = [{"id": "a", "name": "Rio Tinto PLC"}, {"id": "b", "name": "x"}]
    rows = [{"referrer": r, "referred": "b"} for r in ("Rio Tinto PLC", "Rio Tinto Ltd")]
    assert pairs(admit(people, rows)) == {("a", "b"), ("Rio Tinto Ltd", "b")}


def test_id_in_another_form_is_never_taken_for_a_name() -> None:
    people = [{"id": "ann", "name": "x"}, {"id": "b", "name": "Ann"}]
    data = admit(people, [{"referrer": " ANN", "referred": "b"}])
    assert pairs(data) == {(" ANN", "b")}


LETTERS = "甲乙丙AaBb"
NAME = st.text(st.sampled_from(LETTERS + " .（("), min_size=1, max_size=4)
FORM = st.sampled_from(["", "有限公司", "股份有限公司", " Ltd", " PLC"])


def make_plain_keys(name: str) -> list[str]:
    """The keys of the three rules, letter by letter in plain Python."""
    text = " ".join(unicodedata.normalize("NFKC", name).split())
    width = close_blanks(text)
    case = "".join(" " if c in ",/-" else "" if c in ".()" else c for c in width.lower())
    case = close_blanks(" ".join(case.split()))
    base = case
    for form in ("股份有限公司", "有限公司", " ltd", " plc"):
        if case.endswith(form):
            base = case.removesuffix(form).strip()
            break
    return [width, case, base if len(base) >= 2 else case]


def close_blanks(text: str) -> str:
    words = text.split(" ")
    joined = words[0]
    for word in words[1:]:
        is_han = joined[-1:] in tuple("甲乙丙有限公司股份") and word[:1] in tuple(
            "甲乙丙有限公司股份"
        )
        joined += word if is_han and joined and word else " " + word
    return joined.strip()


def find_by_force(written: str, names: list[str]) -> int | None:
    """The place of the one name that fits first: exactly, then by each rule."""
    if (count := names.count(written)) > 0:
        return names.index(written) if count == 1 else None
    for key in range(3):
        wanted = make_plain_keys(written)[key]
        fitting = [n for n, name in enumerate(names) if make_plain_keys(name)[key] == wanted]
        if wanted and fitting:
            return fitting[0] if len(fitting) == 1 else None
    return None


@settings(max_examples=cases(200), deadline=None)
@given(st.lists(st.tuples(NAME, FORM), min_size=1, max_size=6), NAME, FORM)
def test_spellings_are_found_as_by_comparing_every_pair(
    parts: list[tuple[str, str]], name: str, form: str
) -> None:
    names = [a + b for a, b in parts if (a + b).strip()]
    written = name + form
    if not names or not written.strip():
        return
    people = [{"id": f"id{n}", "name": text} for n, text in enumerate(names)]
    data = admit(people, [], [{"customer": written, "at": "2024-01-01"}])
    assert data.orders is not None
    place = find_by_force(written, names)
    assert data.orders["customer"].to_list() == ([] if place is None else [f"id{place}"])


CELL = st.lists(st.sampled_from(["a", "b", "甲", "乙", "x"]), min_size=1, max_size=3)


@settings(max_examples=cases(100), deadline=None)
@given(st.lists(st.tuples(CELL, st.sampled_from(list("，,/&\\、；\n"))), max_size=4))
def test_cells_split_as_one_by_one(cells: list[tuple[list[str], str]]) -> None:
    known = {"a": "a", "甲": "a", "b": "b", "乙": "b"}
    people = [{"id": "a", "name": "甲"}, {"id": "b", "name": "乙"}]
    people += [{"id": f"z{n}", "referred_by": s.join(c)} for n, (c, s) in enumerate(cells)]
    expected = set()
    for n, (cell, separator) in enumerate(cells):
        parts = cell if set(cell) <= set(known) else [separator.join(cell)]
        expected |= {(known.get(part, part), f"z{n}") for part in parts}
    data = admit(people)
    assert pairs(data) == expected
    assert (
        data.ledger.select(pl.col("read") == pl.sum_horizontal("used", "duplicates"))
        .to_series()
        .all()
    )
