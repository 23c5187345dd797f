"""Customers that may be one firm under several names. Nothing is applied."""

from __future__ import annotations

import polars as pl

from refgraph.intake.match_proposals import Proposals, add_keys, choose_pairs, match_surely
from refgraph.intake.match_rules import keep_distinctive_keys, make_pairs
from refgraph.intake.similar_names import match_similar_names

_MAX_PERSON_CHARS = 3
"""A name of as many characters may be a person's; many persons bear one name."""
_MIN_SIMILAR_CHARS = 8
"""Shorter names of two customers are similar by chance: each of them was entered with care."""


def propose_firms(customers: pl.DataFrame) -> Proposals:
    """Pairs of customers by their row: ``wanted`` may be the same firm as ``offered``.

    The one with the longer name is offered. Two tax numbers or two regions are two firms, and so
    are a firm and its branch. Persons are proposed only if they also share a phone number or an
    e-mail address.
    customers: ``id``, ``name``, ``tax_id``, ``region``, ``phone``, ``email``, ``kind``.
    """
    tax_id = pl.col("tax_id").str.replace_all(r"\s", "").str.to_uppercase()
    number = pl.int_range(pl.len(), dtype=pl.UInt32)
    facts = customers.select("id", tax_id, "region", "phone", "email", "kind", number=number)
    keys = add_keys(customers.select("name", number=number))
    keys = keys.filter(pl.col("head").is_null())
    long = keys.filter(pl.col("core").str.len_chars() >= _MIN_SIMILAR_CHARS)
    similar = match_similar_names(long, long)
    pairs = pl.concat([*match_surely(keys, keys), *similar, _match_tax_ids(facts)])
    pairs = pairs.filter(
        (pl.col("wanted") != pl.col("offered")) & (pl.col("rule") != "without-title")
    )
    if not pairs.height:
        return Proposals(pairs, pl.Series("wanted", [], pl.UInt32))
    sizes = customers.select(number=number, size=pl.col("name").str.len_chars(), id="id")
    order = sizes.sort("size", "id", descending=[True, False], nulls_last=True)
    pairs = _point_to_longer(pairs, order["number"].arg_sort())
    pairs = _drop_different_firms(pairs, facts, keys)
    proposals = choose_pairs(pairs, keys, keys)
    return proposals._replace(pairs=_drop_detours(proposals.pairs))


def _match_tax_ids(facts: pl.DataFrame) -> pl.DataFrame:
    """Pairs with one tax number, in both orders."""
    numbers = facts.select("number", key="tax_id").filter(pl.col("key").str.len_chars() > 0)
    numbers = keep_distinctive_keys(numbers, "key").filter(pl.len().over("key") > 1)
    pairs = numbers.join(numbers, on="key", suffix="*")
    return make_pairs(pairs, "by-tax-id", "number", "number*", "key", "key")


def _point_to_longer(pairs: pl.DataFrame, position: pl.Series) -> pl.DataFrame:
    """Each pair once, from the shorter name to the longer one.

    position: UInt32, for each customer its place in the order of length.
    """
    is_turned = position.gather(pairs["wanted"]) < position.gather(pairs["offered"])
    turned = pairs.filter(is_turned)
    turned = turned.rename(
        {"wanted": "offered", "offered": "wanted", "left": "right", "right": "left"}
    )
    return pl.concat([pairs.filter(~is_turned), turned.select(pairs.columns)])


def _drop_different_firms(
    pairs: pl.DataFrame, facts: pl.DataFrame, keys: pl.DataFrame
) -> pl.DataFrame:
    """Without pairs that other columns distinguish, and persons without a common contact."""
    known = facts.join(keys.select("number", "plain"), on="number", how="left")
    both = pairs.join(known, left_on="wanted", right_on="number").join(
        known, left_on="offered", right_on="number", suffix="*"
    )

    def differ(column: str) -> pl.Expr:
        cells = [pl.col(c).str.strip_chars().replace("", None) for c in (column, f"{column}*")]
        return (cells[0] != cells[1]).fill_null(False)

    def agree(column: str) -> pl.Expr:
        return (
            pl.col(column).str.strip_chars() == pl.col(f"{column}*").str.strip_chars()
        ).fill_null(False)

    is_short = pl.col("plain").str.len_chars() <= _MAX_PERSON_CHARS
    is_person = is_short & (pl.col("plain") == pl.col("plain*"))
    is_person |= pl.col("kind") == "consumer"
    is_named_by_id = pl.col("rule") == "by-tax-id"
    is_other = differ("tax_id") | (differ("region") & ~is_named_by_id)
    has_contact = agree("phone") | agree("email") | is_named_by_id
    return both.filter(~is_other & (~is_person.fill_null(False) | has_contact)).select(
        pairs.columns
    )


def _drop_detours(pairs: pl.DataFrame) -> pl.DataFrame:
    """Without a pair that two others imply: a to b, where both are proposed for c."""
    steps = pairs.select(wanted="wanted", through="offered").join(
        pairs.select(through="wanted", offered="offered"), on="through"
    )
    detours = steps.join(pairs, on=["wanted", "offered"], how="semi")
    return pairs.join(
        detours, left_on=["wanted", "offered"], right_on=["wanted", "through"], how="anti"
    )
