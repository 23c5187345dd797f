"""Words of categories that name nobody: those that refgraph ships, and a company's own settings."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from refgraph.intake.channel_words import list_channel_words, load_default_channels
from refgraph.model.settings import KEY_ACCOUNT_WORDS, RuleValue, Settings
from refgraph.model.vocabulary import TIES_BY_ROLE


def list_harmless_words(settings: Settings) -> dict[str, frozenset[str]]:
    """``table.column`` -> words in lower case that may be shown in any number of rows.

    The rules for accounts and roles depend on them, so hiding them would change answers.
    """
    rule = settings.key_account
    levels = KEY_ACCOUNT_WORDS if rule is None else rule.words
    accounts = {**_load_account_words(), **settings.accounts}
    ties = [
        *_list_tie_words(settings),
        *(word for words in TIES_BY_ROLE.values() for word in words),
    ]
    channels = list_channel_words(settings)
    return {
        "customers.source": channels,
        "referrals.tie": channels | _lower(ties),
        "customers.level": _lower(levels),
        "customers.sector": _lower(accounts.get("special_sectors", ())),
        "customers.region": _lower(accounts.get("territory", ())),
    }


def _list_tie_words(settings: Settings) -> list[str]:
    tables = load_default_channels()["tie"], settings.channels.get_spellings("tie")
    return [
        spelling
        for table in tables
        for word, spellings in table.items()
        for spelling in (word, *spellings)
    ]


@cache
def _load_account_words() -> Mapping[str, RuleValue]:
    """The lists of words in ``data/accounts.toml``."""
    text = files("refgraph.data").joinpath("accounts.toml").read_text(encoding="utf-8")
    rules: dict[str, RuleValue] = tomllib.loads(text)
    return {name: rules[name] for name in ("special_sectors", "territory")}


def _lower(words: object) -> frozenset[str]:
    """The words without case; nothing for a setting that is no list."""
    listed = words if isinstance(words, (list, tuple)) else ()
    return frozenset(str(word).strip().lower() for word in listed)
