"""The headline of ``accounts`` says whose criteria the account types follow."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.program import CASE

from refgraph.api import read, run
from refgraph.model.message import Message


@pytest.mark.parametrize(
    ("rule", "phrase", "values"),
    [
        ({}, "phrase.accounts-default-rule", {"volume": 100}),
        ({"territory": ["河北"]}, "phrase.accounts-default-rule", {"volume": 100}),
        ({"volume": 50}, "phrase.accounts-own-rule", {}),
        ({"require": ["frequency"]}, "phrase.accounts-own-rule", {}),
    ],
)
def test_headline_names_the_rule(
    rule: dict[str, object], phrase: str, values: dict[str, object]
) -> None:
    data = read(CASE)
    settings = replace(data.settings, accounts=rule)  # type: ignore[arg-type]
    reported = run("accounts", replace(data, settings=settings)).headline.values["rule"]
    assert isinstance(reported, Message)
    assert (reported.id, dict(reported.values)) == (phrase, values)
