"""E-mail, phone, address and tax number: none can exist, and two parties have one in common only where that is planted.

Real subscriber numbers do not start with 0, real tax numbers hold no Z, ``.example`` is no domain (RFC 2606), and the roads
are invented.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.generator import words
from refgraph.generator.attributes import Codes
from refgraph.generator.company import Company
from refgraph.generator.dealing import Ints
from refgraph.generator.names import of
from refgraph.generator.origins import Longs

KINDS = ("phone", "address", "email")
UNKNOWN_EMAIL = 9
"""Every ninth party has no e-mail."""


def owners(company: Company) -> dict[str, Ints]:
    """Whose phone, address and e-mail each customer or prospect gives: its own, its farm's hub's, or an honest sharer's."""
    buyers = np.arange(company.sizes.customers + company.sizes.prospects, dtype=np.int32)
    whose = {kind: buyers.copy() for kind in KINDS}
    thin = company.sizes.organic + np.arange(company.sizes.thin)
    for kind in KINDS:
        shares = np.array([kind in channels for channels in company.farms.channels], bool)[company.farms.farm]
        whose[kind][thin[shares]] = company.farms.hub[shares]
    first, second, kinds = company.shared
    for k, kind in enumerate(KINDS[:2]):
        whose[kind][second[kinds == k]] = first[kinds == k]
    return whose


def contacts(company: Company, whose: dict[str, Ints], parties: Longs) -> list[pl.Series]:
    """email, phone, address and tax_id of customers and prospects. Who shares one writes it another way, in three styles."""
    number = {kind: company.number[whose[kind][parties]] for kind in KINDS}
    region = {kind: company.attributes.region[whose[kind][parties]] for kind in KINDS}
    style = {kind: np.where(whose[kind][parties] == parties, 0, parties % 3) for kind in KINDS}
    own = company.number[parties]
    tax = pl.select(pl.concat_str(pl.lit("91370000ZZ"), _digits(own, 7), pl.lit("K"))).to_series().alias("tax_id")
    return [_email(number["email"], style["email"]), _phone(number["phone"], region["phone"], style["phone"]),
            _address(number["address"], region["address"], style["address"]), tax]  # fmt: skip


def _email(number: Longs, style: Longs) -> pl.Series:
    plain = pl.concat_str(pl.lit("caigou@c"), _digits(number, 7), pl.lit(".example"))
    text = pl.when(pl.lit(pl.Series(style == 1))).then(plain.str.to_uppercase()).otherwise(plain)
    return pl.select(pl.when(pl.lit(pl.Series(number % UNKNOWN_EMAIL > 0))).then(text).alias("email")).to_series()


def _phone(number: Longs, region: Codes, style: Longs) -> pl.Series:
    code = of([code for _, code in words.REGIONS.values()], region)
    line = _digits(number, 7)
    ways = [pl.concat_str(code, pl.lit("-0"), line), pl.concat_str(pl.lit("（"), code, pl.lit("）0"), line),
            pl.concat_str(code, pl.lit(" 0"), line.str.slice(0, 3), pl.lit(" "), line.str.slice(3))]  # fmt: skip
    return pl.select(_styled(ways, style).alias("phone")).to_series()


def _address(number: Longs, region: Codes, style: Longs) -> pl.Series:
    parts = [of(list(words.REGIONS), region), of(words.DISTRICTS, number % len(words.DISTRICTS)),
             of(words.ROADS, number // 7 % len(words.ROADS)), pl.Series(number + 1).cast(pl.String)]  # fmt: skip
    close = pl.concat_str(*parts, pl.lit("号"))
    wide = pl.concat_str(parts[0], pl.lit(" "), parts[1], pl.lit(" "), *parts[2:], pl.lit("号"))
    return pl.select(_styled([close, wide, close], style).alias("address")).to_series()


def _styled(ways: list[pl.Expr], style: Longs) -> pl.Expr:
    which = pl.lit(pl.Series(style))
    return pl.when(which == 1).then(ways[1]).when(which == 2).then(ways[2]).otherwise(ways[0])


def _digits(number: Longs, width: int) -> pl.Expr:
    return pl.lit(pl.Series(number)).cast(pl.String).str.zfill(width)
