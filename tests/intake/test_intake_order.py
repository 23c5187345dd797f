"""The order of rows changes neither the ledger nor the content of the Dataset."""

from __future__ import annotations

from random import Random

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from support.intake_tables import Row, admit
from support.random_cases import cases

WORDS = st.sampled_from(["a", "b", "c", "A", " a", "", "甲"])
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "id": WORDS,
            "revenue": st.sampled_from(["1", "2.5", "x", "", "nan"]),
            "status": st.sampled_from(["成交", "", "?"]),
        }
    ),
    min_size=1,
    max_size=8,
)
REFERRALS = st.lists(
    st.fixed_dictionaries(
        {
            "referrer": WORDS,
            "referred": WORDS,
            "at": st.sampled_from(["2024-01-01", "", "bad"]),
            "share": st.sampled_from(["", "0.5"]),
        }
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=cases(120), deadline=None)
@given(PEOPLE, REFERRALS, st.randoms(use_true_random=False))
def test_build_dataset_in_any_order_gives_same_ledger_and_fingerprint(
    people: list[Row], referrals: list[Row], random: Random
) -> None:
    data = admit(people, referrals)
    for _, table, read, used, rejected, duplicates, skipped, _ in data.ledger.iter_rows():
        rows = {"customers": people, "referrals": referrals}[table]
        assert read == len(rows) == used + rejected + duplicates + skipped
        assert min(rejected, duplicates, skipped) >= 0
    assert (
        data.ledger["used"].sum()
        == data.customers.filter(~pl.col("stub")).height + data.referrals.height
    )
    random.shuffle(people)
    random.shuffle(referrals)
    again = admit(people, referrals)
    assert again.fingerprint == data.fingerprint
    assert again.ledger.drop("file").equals(data.ledger.drop("file"))
