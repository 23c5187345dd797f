"""Checks of rows that name parties: self-referrals, unknown parties, repeated referrals."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.intake.cast import normalize_word
from refgraph.intake.partition import Partition, accept_all
from refgraph.intake.party_resolution import REFERRAL_ENDS, REFERRAL_ROWS, ROW_COLUMN
from refgraph.intake.rejects import make_rejects
from refgraph.model.vocabulary import SKIPPED_ORDERS


def partition_referrals(
    referrals: pl.DataFrame, customer_count: int, strict: bool, nobody: frozenset[str]
) -> Partition:
    """Reject self-referrals; accept one referral of each pair, the earliest.

    customer_count: rows of `ROW_COLUMN` from this number on are unknown parties.
    strict: reject referrals with unknown parties. nobody: words that stand for no party.
    """
    partition = _skip_nobody(referrals, customer_count, nobody)
    partition = partition.then(_reject_self_referrals(partition.accepted))
    if strict:
        partition = partition.then(_reject_unknown_parties(partition.accepted, customer_count))
    return partition.then(_partition_repeated_pairs(partition.accepted))


def _skip_nobody(referrals: pl.DataFrame, customer_count: int, nobody: frozenset[str]) -> Partition:
    """Skip referrals with an end that is a word for nobody and no customer's id or name."""
    unknown = [pl.col(ROW_COLUMN[end]) >= customer_count for end in REFERRAL_ENDS]
    places = referrals.select(pl.any_horizontal(unknown)).to_series().arg_true()
    ends = zip(REFERRAL_ENDS, unknown, strict=True)
    words = [is_unknown & normalize_word(pl.col(end)).is_in(nobody) for end, is_unknown in ends]
    is_word = referrals[places].select(pl.any_horizontal(words)).to_series()
    if not is_word.any():
        return accept_all(referrals)
    is_nobody = pl.repeat(False, referrals.height, eager=True).scatter(places.filter(is_word), True)
    return accept_all(referrals.filter(~is_nobody))._replace(skipped=referrals.filter(is_nobody))


def _reject_self_referrals(referrals: pl.DataFrame) -> Partition:
    referrer, referred = (referrals[column] for column in REFERRAL_ROWS)
    is_self = referrer == referred
    if not is_self.any():
        return accept_all(referrals)
    rejected = make_rejects(referrals.filter(is_self), "self-referral", "referrer", "referrer")
    return Partition(referrals.filter(~is_self), rejected, referrals.clear())


def _reject_unknown_parties(referrals: pl.DataFrame, customer_count: int) -> Partition:
    is_known = pl.all_horizontal(pl.col(*REFERRAL_ROWS) < customer_count)
    rejected = referrals.filter(~is_known)
    return Partition(
        accepted=referrals.filter(is_known),
        rejected=make_rejects(rejected, "unknown-party", "referrer", "referrer"),
        duplicates=referrals.clear(),
    )


def _partition_repeated_pairs(referrals: pl.DataFrame) -> Partition:
    """Accept the first referral of each pair: one that is not void, then the earliest date.

    Further ties are broken by content, file and line, so that the order of rows does not matter.
    """
    if not _has_repeated_pairs(referrals):
        return accept_all(referrals)
    key = {*REFERRAL_ENDS, *REFERRAL_ROWS, "file", "line", "at"}
    content = [column for column in referrals.columns if column not in key]
    is_void = pl.col("status").eq_missing("void")
    ordered = referrals.sort(
        is_void, "at", *content, "file", "line", nulls_last=True, maintain_order=True
    )
    is_first = ordered.select(pl.struct(*REFERRAL_ROWS).is_first_distinct()).to_series()
    return accept_all(ordered.filter(is_first))._replace(duplicates=ordered.filter(~is_first))


def _has_repeated_pairs(referrals: pl.DataFrame) -> bool:
    """Whether two rows have the same ends; only parties that are referred twice are compared."""
    referrer, referred = (referrals[column].to_numpy() for column in REFERRAL_ROWS)
    if not len(referred):
        return False
    is_referred_twice = np.bincount(referred) > 1
    if not is_referred_twice.any():
        return False
    rows = np.flatnonzero(is_referred_twice[referred])
    pairs = referred[rows].astype(np.int64) << 32 | referrer[rows]
    return bool(pl.Series(pairs).is_duplicated().any())


def skip_orders_by_status(orders: pl.DataFrame) -> Partition:
    """Skip refunded, cancelled and unpaid orders."""
    is_skipped = orders["status"].is_in(SKIPPED_ORDERS).fill_null(False)
    if not is_skipped.any():
        return accept_all(orders)
    return accept_all(orders.filter(~is_skipped))._replace(skipped=orders.filter(is_skipped))


def partition_by_known_customer(frame: pl.DataFrame, column: str) -> Partition:
    """Accept rows of known customers; the others are rejected as ``unknown-id``.

    frame: with the `ROW_COLUMN` of its customers, null = unknown. column: of their ids.
    """
    row = frame[ROW_COLUMN[column]]
    if not row.null_count():
        return accept_all(frame)
    is_known = row.is_not_null()
    return Partition(
        accepted=frame.filter(is_known),
        rejected=make_rejects(frame.filter(~is_known), "unknown-id", column, column),
        duplicates=frame.clear(),
    )
