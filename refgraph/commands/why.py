"""``refgraph why PARTY SOURCE``: every figure in which a party counts, and where it does not."""

from __future__ import annotations

import click

from refgraph import analyses
from refgraph.commands.localized_option import LocalizedOption
from refgraph.commands.option_families import ALL_FAMILIES, define_command
from refgraph.commands.options import DatabaseOptions, OutputOptions, ReadingOptions, ScopeOptions
from refgraph.commands.parameter_types import WordType
from refgraph.commands.session import open_session
from refgraph.pipeline.party_figures import explain_party


@define_command(
    "why",
    click.Argument(["party"]),
    LocalizedOption("--in", "within", command="why", type=WordType(list(analyses.NAMES))),
    families=ALL_FAMILIES,
)
def command(
    party: str,
    within: str | None,
    scope: ScopeOptions,
    output: OutputOptions,
    reading: ReadingOptions,
    database: DatabaseOptions,
) -> int:
    """Write the figures of the party."""
    with open_session(reading, database, scope, output) as session:
        session.require_customers()
        name = session.find_party(party)
        session.write(explain_party(session.engine, name, session.scope, within))
        return session.report_ledger()
