"""A pseudonymized Dataset: the same rows and figures, other IDs, and no text that names anybody."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import polars as pl
import pytest
from support import toys
from support.canary import CANARY, write_company
from support.random_cases import choose
from support.strangers import stranger

import refgraph
from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import RefgraphWarning, UsageError
from refgraph.intake.pseudonyms import HIDDEN, PARTY, Pseudonyms, pseudonymize
from refgraph.model.dataset import Dataset
from refgraph.model.scope import Scope
from refgraph.model.settings import KeyAccountRule, Settings

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
KEY = bytes(range(32))
AMOUNTS = ("joined", "left", "revenue", "profit", "volume", "role", "status", "stub")


def hash_id(id: str) -> str:
    """The pseudonym of a party, by the older interface of the standard library."""
    return "P" + hmac.new(KEY, b"P\0" + id.encode(), hashlib.sha256).hexdigest()[:16]


def hide(data: Dataset) -> Dataset:
    return pseudonymize(data, Pseudonyms(KEY))


@pytest.mark.parametrize("seed", choose(12, 60))
def test_rows_of_a_random_company_keep_amounts_and_ends(seed: int) -> None:
    data = stranger(seed)
    hidden = hide(data)
    assert hidden.customers["id"].to_list() == [hash_id(id) for id in data.customers["id"]]
    for name in AMOUNTS:
        assert hidden.customers[name].equals(data.customers[name], check_names=False), name
    for end in ("referrer", "referred"):
        ends = [hash_id(id) for id in data.referrals[end]]
        assert hidden.referrals[end].to_list() == ends
    assert hidden.ledger.equals(data.ledger)
    members = [[hash_id(id) for id in ids] for ids in data.findings["members"].to_list()]
    assert hidden.findings["members"].to_list() == members


@pytest.mark.parametrize("seed", choose(8, 60))
def test_answers_about_a_random_company_stay_the_same(seed: int) -> None:
    engines = [OfflineEngine(data) for data in (stranger(seed), hide(stranger(seed)))]
    for name in ("effect", "growth", "funnel", "concentration"):
        one, other = (pipeline.run(engine, name).frame for engine in engines)
        assert one.equals(other), name
    credit = [
        {row["customer"]: row["credit"] for row in pipeline.run(e, "credit").frame.to_dicts()}
        for e in engines
    ]
    assert credit[1] == {
        hash_id(id): pytest.approx(value, nan_ok=True) for id, value in credit[0].items()
    }


def test_rows_behind_ids_are_kept_and_true() -> None:
    data = hide(pipeline.open_source(CASE).dataset())
    rows = data.customer_rows
    assert rows is not None and rows.is_valid_for(data)
    assert (
        data.customers["id"]
        .gather(rows.referrer)
        .equals(data.referrals["referrer"], check_names=False)
    )


def test_texts_that_name_nobody_stay_and_columns_of_names_are_not_recorded() -> None:
    original = pipeline.open_source(CASE).dataset()
    data = hide(original)
    for name in ("name", "email", "phone", "address", "tax_id", "owner", "next_step", "left_to"):
        assert data.customers[name].null_count() == data.customers.height
        assert not data.has(f"customers.{name}")
    sectors = original.customers["sector"].drop_nulls().value_counts()
    common = {word for word, rows in sectors.iter_rows() if rows >= 5}
    assert set(data.customers["sector"].drop_nulls()) == common | {"教育", "卫生"}
    stages = [OfflineEngine(d).graph(Scope()).parties["stage"].to_list() for d in (original, data)]
    assert stages[0] != stages[1] and sorted(stages[0]) == sorted(stages[1])


def test_rare_words_that_rules_depend_on_stay() -> None:
    people = {
        "a": {"sector": "医院", "region": "河北", "level": "KA", "source": "展会"},
        "b": {"sector": "Rare", "region": "Rare", "level": "Rare", "source": "Rare"},
    }
    settings = Settings(
        key_account=KeyAccountRule(listed="level"), accounts={"territory": ["河北"]}
    )
    rows = [{"referrer": "a", "referred": "b", "tie": "同学"}]
    data = toys.company(people, rows, (), settings)
    hidden = hide(data)
    columns = ["sector", "region", "level", "source"]
    assert hidden.customers.select(columns).rows() == [
        ("医院", "河北", "KA", "展会"),
        (HIDDEN,) * 4,
    ]
    assert hidden.referrals["tie"].to_list() == ["同学"]
    keys = [OfflineEngine(d).graph(Scope()).parties["key"].sum() for d in (data, hidden)]
    assert keys == [1, 1]


def test_word_that_many_rows_share_is_hidden_if_it_is_a_name() -> None:
    people = {f"c{k}": {"sector": "Weber", "name": f"n{k}"} for k in range(9)}
    assert "Weber" in hide(toys.company(people, [])).customers["sector"].to_list()
    people["c0"]["name"] = "weber"
    assert set(hide(toys.company(people, [])).customers["sector"]) == {HIDDEN}


def test_no_text_of_the_canary_is_in_any_frame(tmp_path: Path) -> None:
    data = pipeline.open_source(write_company(tmp_path)).dataset()
    hidden = hide(data)
    parts = [hidden.customers, hidden.referrals, hidden.orders, hidden.affiliations]
    parts += [hidden.findings, hidden.rejects, hidden.ledger]
    for frame in parts:
        assert frame is not None
        assert CANARY.lower() not in str(frame.drop("members", strict=False).write_csv()).lower()
    assert "remark" not in hidden.customers.columns


def test_two_keys_give_different_pseudonyms_and_kinds_differ() -> None:
    one, other = Pseudonyms(KEY), Pseudonyms(KEY[::-1])
    assert one.make(PARTY, "a") == Pseudonyms(KEY).make(PARTY, "a") == hash_id("a")
    assert len({one.make(PARTY, "a"), other.make(PARTY, "a"), one.make("G", "a")}) == 3
    assert repr(KEY) not in repr(one)


def test_python_reads_with_a_key_and_refuses_a_short_one() -> None:
    frame = pl.DataFrame({"id": ["a", "b"], "name": ["Ada", "Bo"], "referred_by": [None, "a"]})
    options = refgraph.SourceOptions(pseudonym_key=KEY)
    data = refgraph.read(frame, options)
    assert data.customers["id"].to_list() == [hash_id("a"), hash_id("b")]
    assert data.referrals["referrer"].to_list() == [hash_id("a")]
    assert repr(KEY) not in repr(options)
    for key in (b"", b"short"):
        with pytest.raises(UsageError):
            refgraph.SourceOptions(pseudonym_key=key)


def test_warnings_of_python_cite_no_cell(tmp_path: Path) -> None:
    source = write_company(tmp_path)
    with pytest.warns(RefgraphWarning) as heard:
        refgraph.read(source, refgraph.SourceOptions(pseudonym_key=KEY))
    assert heard and not [w for w in heard if CANARY.lower() in str(w.message).lower()]
