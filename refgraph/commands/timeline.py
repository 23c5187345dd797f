"""``refgraph timeline ANALYSIS SOURCE --every year``: every period in one table."""

from __future__ import annotations

from dataclasses import replace

from refgraph.commands.analysis import AnalysisGroup
from refgraph.commands.localized_option import LocalizedOption
from refgraph.commands.parameter_types import WordType
from refgraph.commands.session import Session
from refgraph.reports.periods import MONTHS_PER_PERIOD, PeriodLength
from refgraph.reports.timeline import compute_timeline


def _write_timeline(
    session: Session, name: str, parameters: dict[str, object], *, every: PeriodLength
) -> None:
    """``--top`` limits the rows of each period, not those of the table."""
    top = session.output.top
    result = compute_timeline(session.engine, name, parameters, session.scope, every, top)
    replace(session, output=replace(session.output, top=None)).write(result)


command = AnalysisGroup(
    "timeline",
    _write_timeline,
    [
        LocalizedOption(
            "--every", type=WordType(list(MONTHS_PER_PERIOD)), default="year", show_default=True
        )
    ],
)
