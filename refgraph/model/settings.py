"""Settings that change answers; they travel with the data and are the same in every engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from refgraph.model.external_graph_names import ExternalGraphNames
from refgraph.model.read_settings import ReadSettings
from refgraph.model.representation import describe_object
from refgraph.model.vocabulary import NOBODY_WORDS

_WORD_TABLES = ("words", "status", "role", "date_format", "decimal")
RuleValue = float | str | list[str] | list[float]
"""A value of table ``[accounts]``: a threshold, a word or a list."""


KEY_ACCOUNT_WORDS = (
    "重点客户",
    "重点",
    "优质客户",
    "优质",
    "大客户",
    "关键客户",
    "战略客户",
    "核心客户",
    "key account",
    "key",
    "KA",
    "VIP",
    "A",
    "A级",
    "A类",
)
"""Words of a customer level that mean a key account, unless ``[key_account] words`` has others."""


@dataclass(frozen=True)
class KeyAccountRule:
    """Table ``[key_account]``: key accounts are customers whose ``measure`` is more than ``over``.

    Or those that the company lists as such: whose level is one of ``words``.
    measure: revenue, profit or volume. over: in 元 and t, or in the units of the data.
    period: yearly_mean or total. listed: header of the column with the level of a customer.
    """

    measure: str = ""
    over: float = 0.0
    period: str = "yearly_mean"
    listed: str = ""
    words: tuple[str, ...] = KEY_ACCOUNT_WORDS


@dataclass(frozen=True)
class OldCustomerRule:
    """Table ``[old_customer]``: who was an old customer when it made a referral.

    That is after at least ``months`` as a customer, or after at least ``orders`` orders.
    """

    months: int = 12
    orders: int = 2


@dataclass(frozen=True, kw_only=True)
class OptionDefaults:
    """Table ``[options]``: what options of the command line are if they are not given."""

    value: str | None = None
    count: str | None = None
    top: int | None = None
    lang: str | None = None
    format: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChannelSettings:
    """Table ``[channels]``: contacts per person, and further spellings of the words of a channel.

    reach: None = the default. family, method, tie: word -> its spellings. cost: source -> year (as
    text) -> what it cost in that year, in the currency of the data.
    """

    reach: int | None = None
    family: dict[str, list[str]] = field(default_factory=dict)
    method: dict[str, list[str]] = field(default_factory=dict)
    tie: dict[str, list[str]] = field(default_factory=dict)
    cost: dict[str, dict[str, float]] = field(default_factory=dict)

    def get_spellings(self, level: str) -> dict[str, list[str]]:
        """Word -> spellings of ``family``, ``method`` or ``tie``; empty for other levels."""
        return {"family": self.family, "method": self.method, "tie": self.tie}.get(level, {})


@dataclass(frozen=True)
class FunnelSettings:
    """Table ``[funnel]``: whether every prospect is recorded, also those that never close.

    complete: the conversions of the referred and of others are compared even without early dates in
    ``entered_at``.
    """

    complete: bool = False


@dataclass(frozen=True)
class ProfileSettings:
    """Table ``[profile]``: whose rules apply.

    securities: those of people who win customers for a securities company (``data/rules.toml``).
    """

    securities: bool = False


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What refgraph.toml specifies, with the defaults of the rest.

    words: further words that mean ``nobody`` in place of a referrer, a status of an order or a kind
    of event.
    status, role: word of the vocabulary -> further spellings. currency: that of all amounts.
    rates: currency -> what one unit of it is worth in ``currency``. date_format, decimal: how the
    dates and numbers of a column ``table.field`` are written.
    units: unit of a column (``orders.volume``) or of a kind of amount (``money``, ``volume``), for
    headers without one. columns: ``table.field`` -> header. accounts: rules that replace defaults
    of ``data/accounts.toml``. preset_columns, preset_unused: as ``columns``, by presets, and
    ``table.header`` of headers that are not what they seem.
    """

    key_account: KeyAccountRule | None = None
    old_customer: OldCustomerRule = OldCustomerRule()
    units: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    options: OptionDefaults = OptionDefaults()
    read: ReadSettings = ReadSettings()
    channels: ChannelSettings = ChannelSettings()
    accounts: dict[str, RuleValue] = field(default_factory=dict)
    neo4j: ExternalGraphNames = ExternalGraphNames()
    funnel: FunnelSettings = FunnelSettings()
    profile: ProfileSettings = ProfileSettings()
    words: dict[str, list[str]] = field(default_factory=dict)
    status: dict[str, list[str]] = field(default_factory=dict)
    role: dict[str, list[str]] = field(default_factory=dict)
    currency: str = ""
    rates: dict[str, float] = field(default_factory=dict)
    date_format: dict[str, list[str]] = field(default_factory=dict)
    decimal: dict[str, list[str]] = field(default_factory=dict)
    preset_columns: dict[str, str] = field(default_factory=dict)
    preset_unused: list[str] = field(default_factory=list)

    @property
    def nobody_words(self) -> frozenset[str]:
        """Words in place of a referrer that mean "nobody", in lower case."""
        added = (word.strip().lower() for word in self.words.get("nobody", ()))
        return frozenset({*NOBODY_WORDS, *added})

    def get_spellings(self, column: str) -> dict[str, list[str]]:
        """Canonical word -> further spellings for a column of a vocabulary, ``table.column``."""
        by_column = {"customers.role": self.role}
        by_column |= dict.fromkeys(("orders.status", "events.kind"), self.words)
        by_column |= dict.fromkeys(("customers.status", "referrals.status"), self.status)
        return by_column.get(column, {})

    def __repr__(self) -> str:
        """The tables that differ from the defaults."""
        default, changed = type(self)(), []
        for table in fields(self):
            value = getattr(self, table.name)
            if value != getattr(default, table.name):
                changed.append(f"{table.name}={value!r}")
        return describe_object(self, *changed)

    @property
    def named_columns(self) -> dict[str, str]:
        """``columns``, and the column that lists key accounts: ``table.field`` -> header."""
        listed = self.key_account.listed if self.key_account else ""
        return {"customers.level": listed, **self.columns} if listed else self.columns

    @classmethod
    def from_tables(cls, tables: Mapping[str, Any]) -> Settings:
        """Settings from their tables, as `dataclasses.asdict` or a file gives them; none is needed.

        Raises TypeError for unknown keys.
        """

        def copy_table(name: str) -> dict[str, Any]:
            return dict(tables.get(name) or {})

        rule = copy_table("key_account")
        key_account = _read_key_account_rule(rule) if rule else None
        return cls(
            key_account=key_account,
            old_customer=OldCustomerRule(**copy_table("old_customer")),
            units=copy_table("units"),
            columns=copy_table("columns"),
            options=OptionDefaults(**copy_table("options")),
            read=ReadSettings.from_table(copy_table("read")),
            channels=ChannelSettings(**copy_table("channels")),
            accounts=copy_table("accounts"),
            neo4j=ExternalGraphNames.from_table(copy_table("neo4j")),
            funnel=FunnelSettings(**copy_table("funnel")),
            profile=ProfileSettings(**copy_table("profile")),
            currency=_get_currency(tables.get("currency", "")),
            rates=_get_rates(tables),
            preset_columns=copy_table("preset_columns"),
            preset_unused=list(tables.get("preset_unused") or ()),
            **{name: _copy_words(tables.get(name) or {}) for name in _WORD_TABLES},
        )


def _read_key_account_rule(table: Mapping[str, Any]) -> KeyAccountRule:
    """The rule of table ``[key_account]``; words as a tuple."""
    words = tuple(table.get("words", KEY_ACCOUNT_WORDS))
    return KeyAccountRule(**{**table, "words": words})


def _copy_words(table: Mapping[str, Any]) -> dict[str, list[str]]:
    return {name: list(words) for name, words in table.items()}


def _get_rates(tables: Mapping[str, Any]) -> dict[str, float]:
    """From table ``[currency]`` of a file, or from stored settings."""
    currency = tables.get("currency", "")
    rates = currency.get("rates") if isinstance(currency, Mapping) else tables.get("rates")
    return {name: float(rate) for name, rate in (rates or {}).items()}


def _get_currency(value: Any) -> str:
    """From table ``[currency]`` of a file, or from stored settings."""
    return str(value.get("use", "")) if isinstance(value, Mapping) else str(value)
