"""``refgraph customer``: the page about one party, told independently from the planted facts of the classic case."""

from __future__ import annotations

import json

import l96
import polars as pl
import pytest

import toys
from refgraph import flow, renderers
from refgraph.engines.offline import Offline
from refgraph.errors import UsageError
from refgraph.flow.customers import customer
from refgraph.model.result import Report
from refgraph.texts import LANGUAGES, say

CASE = flow.open_source("sample_data/l96")


def tables(page: Report) -> dict[str, pl.DataFrame]:
    return {section.caption: section.result.frame for section in page.sections}


def said(page: Report, caption: str, lang: str = "en") -> str:
    return next(say(s.result.headline, lang) for s in page.sections if s.caption == caption)


def test_the_hidden_key_account() -> None:
    page = tables(customer(CASE, l96.HIDDEN))
    brought = page["customer-below"].filter(pl.col("stage") == "existing")
    assert set(brought["customer"]) == l96.HIDDEN_BROUGHT
    assert (brought["file"].unique().to_list(), brought["line"].null_count()) == (["referrals.csv"], 0)
    own = page["customer-ranks"].row(0, named=True)
    assert (own["rank"], own["of"]) == (66, len(l96.EXISTING))
    assert not page["customer-above"].height


def test_the_longest_chain_up_to_its_root() -> None:
    last = l96.LONGEST_CHAIN[-1]
    page = customer(CASE, last)
    assert tables(page)["customer-above"]["customer"].to_list() == l96.LONGEST_CHAIN[-2::-1]
    assert "4 referrals below 河北钢铁" in said(page, "customer-above")
    assert tables(page)["customer-tree"]["root"].to_list() == l96.LONGEST_CHAIN[:1]


def test_two_referrers_are_both_there_and_one_is_primary() -> None:
    page = customer(CASE, l96.DOUBLE_CLAIM)
    above = tables(page)["customer-above"].filter(pl.col("up") == 1)
    assert dict(above.select("customer", pl.col("share").cast(pl.String)).iter_rows()) == l96.CLAIMED_SHARES
    assert above.filter("primary")["customer"].to_list() == ["C067"]
    assert all(name in said(page, "customer-above") for name in above["name"])


def test_recommendations_that_count_nowhere_stand_apart() -> None:
    (authority,) = l96.AUTHORITY
    page = customer(CASE, authority)
    below = tables(page)["customer-below"]
    assert (set(below["customer"]), set(below["use"])) == (l96.BY_AUTHORITY, {"apart"})
    assert "referred 0 parties" in said(page, "customer-below")
    assert "customer-tree" not in tables(page)
    notes = next(s.result.notes for s in page.sections if s.caption == "customer-below")
    assert [say(n, "en") for n in notes] == ["2 recommendations stand apart and are not counted."]


def test_a_name_is_as_good_as_an_id_and_an_unknown_one_gets_the_nearest() -> None:
    for form in ("json", "md", "table"):
        assert renderers.render(customer(CASE, "沙钢"), form, "zh") == renderers.render(customer(CASE, "C023"), form, "zh")
    with pytest.raises(UsageError, match="寻梅坞五金制品有限公司"):
        customer(CASE, "寻梅坞")
    twins = Offline(toys.company({"1": {"name": "x"}, "2": {"name": "x"}}, []))
    with pytest.raises(UsageError) as refused:
        customer(twins, "x")
    assert (refused.value.id, refused.value.values["known"]) == ("ambiguous-party", ["1", "2"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_loop_is_told_with_the_line_that_was_cut(lang: str) -> None:
    page = customer(Offline(toys.loop()), "a")
    findings = tables(page)["customer-findings"]
    assert findings.filter(pl.col("code") == "loop-cut").select("file", "line").rows() == [("referrals.csv", 4)]
    assert {"en": "cut to open a loop", "zh": "剪断"}[lang] in said(page, "customer-above", lang)
    assert renderers.render(page, "md", lang)


def test_a_referral_by_nobody_named_is_said() -> None:
    engine = Offline(toys.company({"a": {"source": "老客户介绍"}, "b": {"source": "展会"}}, []))
    assert "does not say by whom" in said(customer(engine, "a"), "customer-above")
    assert said(customer(engine, "b"), "customer-above").startswith("Nobody who counts referred b")


@pytest.mark.parametrize("toy", [name for name in toys.TOYS if name != "empty"])
def test_every_party_of_every_toy_has_its_page(toy: str) -> None:
    engine = Offline(toys.TOYS[toy]())
    for id in engine.dataset().customers["id"]:
        page = customer(engine, id)
        for section in page.sections:
            assert section.result.frame.columns == [c.name for c in section.result.columns]
        objects = json.loads(renderers.render(page, "json", "zh"))
        assert [o["analysis"] for o in objects][:2] == ["customer-facts", "customer-ranks"]
        assert objects[0]["rows"][0]["customer"] == id
