"""Random companies as odd as files can make them."""

from __future__ import annotations

import random

from refgraph.model.dataset import Dataset
from refgraph.model.settings import KeyAccountRule, Settings
from support import toys

Row = dict[str, object]
ODD_TEXTS = [
    "",
    "沙钢",
    "a`b",
    "') DETACH DELETE n //",
    "\\u0060",
    "x\ny",
    "𠮷",
    " ",
    "0",
    "null",
    "\u202e",
    "\U0010fffd",
]
ODD_AMOUNTS = [None, "0.1", "12345678.25", "-3", "1e-7", "x", "NaN"]


def stranger(seed: int) -> Dataset:
    """A company with stubs, cycles, void deals, blanks, rejects and names that look like code."""
    dice = random.Random(seed)
    ids = [f"{dice.choice(ODD_TEXTS)}{k}" for k in range(dice.randint(1, 14))]
    people = {id: draw_customer(dice) for id in ids}
    known_and_unknown = [*ids, "unknown", "nobody 2"]
    referrals = [draw_referral(dice, known_and_unknown) for _ in range(dice.randint(0, 20))]
    orders = [draw_order(dice, known_and_unknown, k) for k in range(dice.randint(0, 12))]
    rule = KeyAccountRule("revenue", 5.0) if seed % 2 else None
    return toys.company(people, referrals, orders, Settings(key_account=rule))


def draw_day(dice: random.Random) -> str | None:
    """A date between 2010 and 2025, or none."""
    day = f"20{dice.randint(10, 25)}-0{dice.randint(1, 9)}-1{dice.randint(0, 9)}"
    return dice.choice([None, day])


def draw_customer(dice: random.Random) -> Row:
    return {
        "name": dice.choice(ODD_TEXTS),
        "role": dice.choice([None, "customer", "staff", "partner"]),
        "joined": draw_day(dice),
        "status": dice.choice([None, "closed", "prospect", "void"]),
        "revenue": dice.choice(ODD_AMOUNTS),
        "left": draw_day(dice),
        "source": dice.choice([None, "转介绍", "fair"]),
        dice.choice(["备注`", "note", "a b"]): dice.choice(ODD_TEXTS),
    }


def draw_referral(dice: random.Random, ids: list[str]) -> Row:
    return {
        "referrer": dice.choice(ids),
        "referred": dice.choice(ids),
        "at": draw_day(dice),
        "share": dice.choice([None, "0.5", "2"]),
        "tie": dice.choice(ODD_TEXTS),
        "reward": dice.choice(ODD_AMOUNTS),
    }


def draw_order(dice: random.Random, ids: list[str], number: int) -> Row:
    return {
        "order_id": dice.choice([None, str(number)]),
        "customer": dice.choice(ids),
        "at": draw_day(dice),
        "revenue": dice.choice(ODD_AMOUNTS),
        "volume": dice.choice(ODD_AMOUNTS),
    }
