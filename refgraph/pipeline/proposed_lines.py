"""Decisions that only a person can make about a SOURCE, as lines of refgraph.toml that are off."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

import polars as pl

from refgraph.errors import RefgraphError
from refgraph.intake.cast import normalize_word
from refgraph.intake.channel_words import list_channel_words, load_default_channels
from refgraph.model.dataset import Dataset
from refgraph.model.message import Message, message
from refgraph.model.parameter_values import describe_value
from refgraph.model.settings_proposal import ProposedLine
from refgraph.model.vocabulary import UNKNOWN_WORDS
from refgraph.pipeline.cell_proposals import list_declarations
from refgraph.pipeline.matching import find_proposed_texts
from refgraph.pipeline.unknown_words import list_unknown_words

_MAX_WORDS = 12
"""Words that a line names."""
MATCHES_FILE = "matches.csv"
"""The name that sentences propose for the file of ``refgraph match``."""
_MONEY = ("customers.revenue", "customers.profit", "orders.revenue", "orders.profit")


def list_decisions(
    data: Dataset | None, fault: RefgraphError | None, source: str
) -> list[ProposedLine]:
    """The lines, in the order of the tables of refgraph.toml. data: None after a fault."""
    if data is None:
        return [*_decide_columns(fault), *_decide_files(fault), *_decide_currency(fault)]
    proposed = find_proposed_texts(data)
    return [
        *_decide_merged_cells(data),
        *_decide_matches(proposed, source),
        *_decide_formats(data),
        *_decide_words(data),
        *_decide_nobody(data, proposed["written"]),
        *_decide_channels(data),
        *_decide_unit(data),
        *_decide_key_accounts(data),
    ]


def _decide_columns(fault: RefgraphError | None) -> Iterator[ProposedLine]:
    """The header of each needed field for which nothing is proposed."""
    keys: set[str] = set()
    for one in (fault, *fault.others) if fault else ():
        key = f"{one.values.get('table')}.{one.values.get('column')}"
        if one.id == "missing-column" and key not in keys:
            keys.add(key)
            headers = one.values["seen"]
            why = [message("init.needed", file=one.values["file"], column=key, headers=headers)]
            yield ProposedLine(table="columns", key=key, value="...", why=why)


def _decide_files(fault: RefgraphError | None) -> Iterator[ProposedLine]:
    """Which of two files with the same customers is read."""
    for one in (fault, *fault.others) if fault else ():
        if one.id == "same-customers":
            file, other = str(one.values["file"]), str(one.values["other"])
            why = [message("init.same-customers", file=file, other=other)]
            yield ProposedLine(table="read", key="customers", value=file, why=why)
            yield ProposedLine(table="read", key="customers", value=other)


def _decide_currency(fault: RefgraphError | None) -> Iterator[ProposedLine]:
    """One of several currencies, and rates for the others."""
    for one in (fault, *fault.others) if fault else ():
        if one.id == "mixed-currencies":
            first, other = str(one.values["first"]), str(one.values["other"])
            why = [message("init.currency", currencies=one.values["currencies"])]
            yield ProposedLine(table="currency", key="use", value=first, why=why)
            yield ProposedLine(table="currency", key=f"rates.{other}", value=1)
            return


def _decide_merged_cells(data: Dataset) -> Iterator[ProposedLine]:
    """Columns to fill, where the first column looks as if cells had been merged."""
    if any(code == "merged-cells" for code, _ in data.warnings):
        ends = ("referrals.referrer", "orders.customer", "customers.id", "affiliations.customer")
        columns = [column for column in ends if column in data.mapping]
        why = [message("init.merged")]
        yield ProposedLine(table="read", key="fill_down", value=columns, why=why)


def _decide_formats(data: Dataset) -> Iterator[ProposedLine]:
    """How dates and numbers are written; a form without another choice is proposed as it is."""
    for found in list_declarations(data):
        examples = [describe_value(example) for example in found.examples.values()]
        why = [message("init.format", column=found.column, cells=found.cells, examples=examples)]
        if len(found.choices) < 2:
            yield ProposedLine(table=found.table, key=found.column, value=found.value, why=why)
            continue
        for k, choice in enumerate(found.choices):
            value = [choice, *found.forms] if found.forms else choice
            above = why if not k else ()
            yield ProposedLine(table=found.table, key=found.column, value=value, why=above)


def _decide_words(data: Dataset) -> Iterator[ProposedLine]:
    """Where unknown words of statuses and roles belong."""
    for found in list_unknown_words(data):
        counted = _count_words(found.words, found.counts)
        why: Sequence[Message] = [message("init.words", column=found.column, words=counted)]
        for choice in found.choices:
            words = found.words[:_MAX_WORDS]
            yield ProposedLine(table=found.table, key=choice, value=words, why=why)
            why = ()


def _decide_matches(proposed: pl.DataFrame, source: str) -> Iterator[ProposedLine]:
    """A file of matches, where names that match no customer look like those of customers."""
    if proposed.height:
        words = _count_words(proposed["written"].to_list(), proposed["count"].to_list())
        place = shlex.quote(source) if source else "SOURCE"
        why = [message("init.matches", words=words, texts=proposed.height, source=place)]
        yield ProposedLine(table="read", key="matches", value=[MATCHES_FILE], why=why)


def _decide_nobody(data: Dataset, proposed: pl.Series) -> Iterator[ProposedLine]:
    """Referrers that are no customers: one of them may be a word for nobody or for a channel.

    proposed: texts that may be names of customers; these are not offered.
    """
    if not data.customers.select((~pl.col("stub")).any()).item():
        return
    stubs = data.customers.filter("stub").select(referrer="id")
    names = data.referrals.join(stubs, on="referrer", how="semi")["referrer"]
    names = names.filter(~names.is_in(proposed.implode()))
    counts = names.value_counts().sort("count", "referrer", descending=[True, False])
    if counts.height:
        words, numbers = counts["referrer"].to_list(), counts["count"].to_list()
        why = [message("init.nobody", words=_count_words(words, numbers), parties=counts.height)]
        yield ProposedLine(table="words", key="nobody", value=words[:_MAX_WORDS], why=why)


def _decide_channels(data: Dataset) -> Iterator[ProposedLine]:
    """Sources of customers that are no known channel."""
    if not data.has("customers.source"):
        return
    known = [*list_channel_words(data.settings), *UNKNOWN_WORDS]
    sources = data.customers.select(source=pl.col("source").str.strip_chars()).drop_nulls()
    unknown = sources.filter(~normalize_word(pl.col("source")).is_in(known))["source"]
    counts = unknown.value_counts().sort("count", "source", descending=[True, False])
    if counts.height:
        words, numbers = counts["source"].to_list(), counts["count"].to_list()
        choices = list(load_default_channels()["family"])
        counted = _count_words(words, numbers)
        why = [message("init.sources", words=counted, choices=choices)]
        yield ProposedLine(
            table="channels.family", key="own-sales", value=words[:_MAX_WORDS], why=why
        )


def _decide_unit(data: Dataset) -> Iterator[ProposedLine]:
    """The unit of money, where no header names one."""
    columns = [column for column in _MONEY if data.has(column)]
    if columns and not data.units.get("money") and not data.settings.currency:
        why = [message("init.unit", columns=columns)]
        yield ProposedLine(table="units", key="money", value="万元", why=why)


def _decide_key_accounts(data: Dataset) -> Iterator[ProposedLine]:
    """The company's own list of key accounts, where a column holds a level."""
    header = data.mapping.get("customers.level")
    if header is None:
        return
    levels = data.customers["level"].drop_nulls().value_counts(name="count")
    levels = levels.sort("count", "level", descending=[True, False])
    counted = _count_words(levels["level"].to_list(), levels["count"].to_list())
    why = [message("init.levels", column=header, words=counted)]
    yield ProposedLine(table="key_account", key="listed", value=header, why=why)


def _count_words(words: Sequence[str], counts: Sequence[int]) -> list[str]:
    """Words with their numbers, as a sentence lists them."""
    pairs = zip(words[:_MAX_WORDS], counts, strict=False)
    return [f"{describe_value(word)} ({count})" for word, count in pairs]
