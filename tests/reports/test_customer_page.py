"""`build_customer_page` against planted facts of the classic case, and on all parties of toys."""

from __future__ import annotations

import json

import polars as pl
import pytest
from support import l96, toys

from refgraph import pipeline, renderers
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.model.message import Message
from refgraph.model.result import Report, Section
from refgraph.reports.customer_page import build_customer_page
from refgraph.texts import LANGUAGES, format_message

CASE = pipeline.open_source("sample_data/l96")


def find_section(page: Report, caption: str) -> Section:
    return next(section for section in page.sections if section.caption == caption)


def get_frames(page: Report) -> dict[str, pl.DataFrame]:
    return {section.caption: section.result.frame for section in page.sections}


def get_headline(page: Report, caption: str) -> Message:
    return find_section(page, caption).result.headline


def say_headline(page: Report, caption: str) -> str:
    return format_message(get_headline(page, caption), "en")


def test_customer_page_of_hidden_key_account_lists_its_referrals() -> None:
    page = get_frames(build_customer_page(CASE, l96.HIDDEN))
    below = page["customer-below"].filter(pl.col("stage") == "existing")
    assert set(below["customer"]) == l96.HIDDEN_BROUGHT
    assert below["file"].unique().to_list() == ["referrals.csv"]
    assert below["line"].null_count() == 0
    own_value = page["customer-ranks"].row(0, named=True)
    assert (own_value["rank"], own_value["of"]) == (66, len(l96.EXISTING))
    assert "customer-above" not in page and "customer-findings" not in page


def test_customer_page_of_longest_chain_lists_ancestors_up_to_the_root() -> None:
    page = build_customer_page(CASE, l96.LONGEST_CHAIN[-1])
    frames = get_frames(page)
    assert frames["customer-above"]["customer"].to_list() == l96.LONGEST_CHAIN[-2::-1]
    assert "4 referrals below 河北钢铁" in say_headline(page, "customer-above")
    assert frames["customer-tree"]["root"].to_list() == l96.LONGEST_CHAIN[:1]


def test_customer_page_with_two_referrers_names_both_and_marks_the_primary() -> None:
    page = build_customer_page(CASE, l96.DOUBLE_CLAIM)
    direct = get_frames(page)["customer-above"].filter(pl.col("up") == 1)
    shares = direct.select("customer", pl.col("share").cast(pl.String))
    assert dict(shares.iter_rows()) == l96.CLAIMED_SHARES
    assert direct.filter("primary")["customer"].to_list() == ["C067"]
    headline = say_headline(page, "customer-above")
    assert all(name in headline for name in direct["name"])


def test_customer_page_of_authority_marks_its_recommendations_as_not_counted() -> None:
    (authority,) = l96.AUTHORITY
    page = build_customer_page(CASE, authority)
    below = get_frames(page)["customer-below"]
    assert set(below["customer"]) == l96.BY_AUTHORITY
    assert set(below["use"]) == {"apart"}
    assert get_headline(page, "customer-below").values["direct"] == 0
    assert "customer-tree" not in get_frames(page)
    (note,) = find_section(page, "customer-below").result.notes
    assert (note.id, note.values["referrals"]) == ("note.referrals-apart", 2)


@pytest.mark.parametrize("form", ["json", "md", "table"])
def test_customer_page_by_unique_name_equals_that_by_id(form: str) -> None:
    by_name = renderers.render(build_customer_page(CASE, "沙钢"), form, "zh")
    by_id = renderers.render(build_customer_page(CASE, "C023"), form, "zh")
    assert by_name == by_id


def test_customer_page_of_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(UsageError, match="寻梅坞五金制品有限公司"):
        build_customer_page(CASE, "寻梅坞")


def test_customer_page_of_shared_name_lists_the_ids() -> None:
    engine = OfflineEngine(toys.company({"1": {"name": "x"}, "2": {"name": "x"}}, []))
    with pytest.raises(UsageError) as refused:
        build_customer_page(engine, "x")
    assert (refused.value.id, refused.value.values["known"]) == ("ambiguous-party", ["1", "2"])


def test_customer_page_on_cycle_gives_the_line_of_the_cut_referral() -> None:
    page = build_customer_page(OfflineEngine(toys.loop()), "a")
    findings = get_frames(page)["customer-findings"]
    cut = findings.filter(pl.col("code") == "loop-cut")
    assert cut.select("file", "line").rows() == [("referrals.csv", 4)]
    assert get_headline(page, "customer-above").id == "headline.customer-cut"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_customer_page_on_cycle_renders_as_markdown(lang: str) -> None:
    page = build_customer_page(OfflineEngine(toys.loop()), "a")
    assert format_message(page.title, lang) in renderers.render(page, "md", lang).decode()


def test_customer_page_without_referrer_tells_unknown_from_none() -> None:
    parties = {"a": {"source": "老客户介绍"}, "b": {"source": "展会"}}
    engine = OfflineEngine(toys.company(parties, []))
    came = [build_customer_page(engine, id).verdict.values["came"].id for id in "ab"]
    assert came == ["phrase.verdict-unknown", "phrase.verdict-unreferred"]


VERDICTS = {
    l96.HIDDEN: "a hidden key account; worth 504 k 元 itself (rank 66 of 96 existing customers);"
    " referred 8 parties, 6 closed, worth 14.24 M 元; nobody referred it",
    l96.LONGEST_CHAIN[-1]: "has referred nobody so far; was referred by",
}


@pytest.mark.parametrize("id", VERDICTS)
@pytest.mark.parametrize("form", ["md", "html", "table"])
def test_customer_page_opens_with_its_verdict_and_its_tree(id: str, form: str) -> None:
    page = build_customer_page(CASE, id)
    verdict = format_message(page.verdict, "en")
    assert VERDICTS[id] in verdict
    text = renderers.render(page, form, "en").decode()
    assert text.index(verdict[:60]) < text.index("Profile")
    captions = [section.caption for section in page.sections]
    assert captions[:2] == ["customer-facts", "customer-tree"]
    assert all(section.result.frame.height for section in page.sections)


def test_customer_page_draws_the_tree_only_on_request() -> None:
    customer = l96.LONGEST_CHAIN[-1]
    page = build_customer_page(CASE, customer)
    assert find_section(page, "customer-tree").picture is not None
    page = build_customer_page(CASE, customer, with_picture=False)
    assert find_section(page, "customer-tree").picture is None


@pytest.mark.parametrize("toy", [name for name in toys.TOYS if name != "empty"])
def test_customer_page_of_every_party_of_every_toy_is_complete(toy: str) -> None:
    engine = toys.open_toy(toy)
    for id in engine.dataset().customers["id"]:
        page = build_customer_page(engine, id)
        for section in page.sections:
            assert section.result.frame.columns == [c.name for c in section.result.columns]
        objects = json.loads(renderers.render(page, "json", "zh"))
        names = [o["analysis"] for o in objects]
        assert [name for name in names if name != "trees"][:2] == [
            "customer-facts",
            "customer-ranks",
        ]
        assert all(section.result.frame.height for section in page.sections)
        assert objects[0]["rows"][0]["customer"] == id
