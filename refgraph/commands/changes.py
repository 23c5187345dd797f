"""``refgraph changes ANALYSIS SOURCE --then 2024 --now 2025``: then and now compared."""

from __future__ import annotations

from refgraph.commands.analysis import AnalysisGroup
from refgraph.commands.localized_option import LocalizedOption
from refgraph.commands.session import Session
from refgraph.reports.comparison import compare_periods


def _write_changes(
    session: Session, name: str, parameters: dict[str, object], *, then: str, now: str
) -> None:
    result = compare_periods(session.engine, name, then, now, parameters, session.scope)
    session.write(result)


command = AnalysisGroup(
    "changes",
    _write_changes,
    [
        LocalizedOption("--then", metavar="DAY|PERIOD", required=True),
        LocalizedOption("--now", metavar="DAY|PERIOD", required=True),
    ],
)
