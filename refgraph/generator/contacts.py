"""E-mail, phone, address and tax number: none can exist, and sharing one is always planted.

Real subscriber numbers do not start with 0, real tax numbers hold no Z, ``.example`` is a reserved
domain (RFC 2606), and the roads are invented.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.generator import words
from refgraph.generator.attributes import Codes
from refgraph.generator.company import Company
from refgraph.generator.names import gather_words
from refgraph.generator.origins import Longs
from refgraph.generator.referrer_sampling import Ints

CONTACT_KINDS = ("phone", "address", "email")
"""The kinds that can be shared; `Company.shared` numbers the first two."""
NO_EMAIL_EVERY = 9
"""Every ninth party has no e-mail."""
NUMBER_DIGITS = 7


def assign_contact_owners(company: Company) -> dict[str, Ints]:
    """Kind -> int32 by customer or prospect: the party whose phone, address or e-mail it gives.

    That is itself, the hub of its farm, or the other one of an honest pair.
    """
    buyers = np.arange(company.sizes.customers + company.sizes.prospects, dtype=np.int32)
    owners = {kind: buyers.copy() for kind in CONTACT_KINDS}
    thin = company.sizes.organic + np.arange(company.sizes.thin)
    for kind in CONTACT_KINDS:
        farm_shares = np.array([kind in shared for shared in company.farms.channels], bool)
        account_shares = farm_shares[company.farms.farm]
        owners[kind][thin[account_shares]] = company.farms.hub[account_shares]
    first, second, kinds = company.shared
    for code, kind in enumerate(CONTACT_KINDS[:2]):
        owners[kind][second[kinds == code]] = first[kinds == code]
    return owners


def format_contacts(company: Company, owners: dict[str, Ints], parties: Longs) -> list[pl.Series]:
    """email, phone, address and tax_id of customers and prospects.

    A party that shares a contact writes it in another of three styles.
    """
    number, region, style = {}, {}, {}
    for kind in CONTACT_KINDS:
        owner = owners[kind][parties]
        number[kind] = company.number[owner]
        region[kind] = company.attributes.region[owner]
        style[kind] = np.where(owner == parties, 0, parties % 3)
    emails = _format_emails(number["email"], style["email"])
    phones = _format_phones(number["phone"], region["phone"], style["phone"])
    addresses = _format_addresses(number["address"], region["address"], style["address"])
    tax_ids = _format_tax_ids(company.number[parties])
    return [emails, phones, addresses, tax_ids]


def _format_emails(number: Longs, style: Longs) -> pl.Series:
    lower = pl.concat_str(pl.lit("caigou@c"), _format_digits(number), pl.lit(".example"))
    text = _choose_by_style([lower, lower.str.to_uppercase(), lower], style)
    has_email = pl.lit(pl.Series(number % NO_EMAIL_EVERY > 0))
    return pl.select(pl.when(has_email).then(text).alias("email")).to_series()


def _format_phones(number: Longs, region: Codes, style: Longs) -> pl.Series:
    code = gather_words([code for _, code in words.REGIONS.values()], region)
    digits = _format_digits(number)
    head, tail = digits.str.slice(0, 3), digits.str.slice(3)
    hyphenated = pl.concat_str(code, pl.lit("-0"), digits)
    bracketed = pl.concat_str(pl.lit("（"), code, pl.lit("）0"), digits)
    spaced = pl.concat_str(code, pl.lit(" 0"), head, pl.lit(" "), tail)
    forms = [hyphenated, bracketed, spaced]
    return pl.select(_choose_by_style(forms, style).alias("phone")).to_series()


def _format_addresses(number: Longs, region: Codes, style: Longs) -> pl.Series:
    province = gather_words(words.REGIONS, region)
    district = gather_words(words.DISTRICTS, number % len(words.DISTRICTS))
    road = gather_words(words.ROADS, number // 7 % len(words.ROADS))
    house, suffix, space = pl.Series(number + 1).cast(pl.String), pl.lit("号"), pl.lit(" ")
    close = pl.concat_str(province, district, road, house, suffix)
    wide = pl.concat_str(province, space, district, space, road, house, suffix)
    return pl.select(_choose_by_style([close, wide, close], style).alias("address")).to_series()


def _format_tax_ids(number: Longs) -> pl.Series:
    text = pl.concat_str(pl.lit("91370000ZZ"), _format_digits(number), pl.lit("K"))
    return pl.select(text.alias("tax_id")).to_series()


def _choose_by_style(forms: list[pl.Expr], style: Longs) -> pl.Expr:
    code = pl.lit(pl.Series(style))
    return pl.when(code == 1).then(forms[1]).when(code == 2).then(forms[2]).otherwise(forms[0])


def _format_digits(number: Longs) -> pl.Expr:
    return pl.lit(pl.Series(number)).cast(pl.String).str.zfill(NUMBER_DIGITS)
