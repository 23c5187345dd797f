"""Companies as odd as files can make them, by seed."""

from __future__ import annotations

import random

import toys
from refgraph.model.dataset import Dataset
from refgraph.model.settings import KeyAccountRule, Settings


def stranger(seed: int) -> Dataset:
    """A company as odd as files can make it: stubs, loops, void deals, blanks, rejects, names that are code."""
    dice = random.Random(seed)
    odd = ["", "沙钢", "a`b", "') DETACH DELETE n //", "\\u0060", "x\ny", "𠮷", " ", "0", "null", "\u202e", "\U0010fffd"]
    ids = [f"{dice.choice(odd)}{k}" for k in range(dice.randint(1, 14))]
    day = lambda: dice.choice([None, f"20{dice.randint(10, 25)}-0{dice.randint(1, 9)}-1{dice.randint(0, 9)}"])  # noqa: E731
    money = lambda: dice.choice([None, "0.1", "12345678.25", "-3", "1e-7", "x", "NaN"])  # noqa: E731
    people = {id: {"name": dice.choice(odd), "role": dice.choice([None, "customer", "staff", "partner"]), "joined": day(),
                   "status": dice.choice([None, "closed", "prospect", "void"]), "revenue": money(), "left": day(),
                   "source": dice.choice([None, "转介绍", "fair"]), dice.choice(["备注`", "note", "a b"]): dice.choice(odd)}
              for id in ids}  # fmt: skip
    named = [*ids, "unknown", "nobody 2"]
    rows = [{"referrer": dice.choice(named), "referred": dice.choice(named), "at": day(), "share": dice.choice([None, "0.5", "2"]),
             "tie": dice.choice(odd), "reward": money()} for _ in range(dice.randint(0, 20))]  # fmt: skip
    orders = [{"order_id": dice.choice([None, str(k)]), "customer": dice.choice(named), "at": day(), "revenue": money(),
               "volume": money()} for k in range(dice.randint(0, 12))]  # fmt: skip
    return toys.company(people, rows, orders, Settings(key_account=KeyAccountRule("revenue", 5.0) if seed % 2 else None))
