"""Notes of `accounts` name a few accounts and say that there are more."""

from __future__ import annotations

import polars as pl
import pytest

from refgraph.analyses.accounts import _note_false_accounts
from refgraph.model.message import Message


@pytest.mark.parametrize(("number", "shown"), [(1, 1), (8, 8), (9, 8), (12, 8)])
def test_note_names_at_most_eight_false_accounts_and_says_that_there_are_more(
    number: int, shown: int
) -> None:
    names = [f"n{k}" for k in range(number)]
    (note,) = _note_false_accounts(pl.DataFrame({"name": names, "false_by": ["bulk"] * number}))
    assert note.values["accounts"] == number
    named = note.values["named"]
    assert isinstance(named, tuple)
    phrases = [part.values["name"] for part in named if isinstance(part, Message)]
    assert phrases == names[:shown]
    assert named[shown:] == (("…",) if number > shown else ())
