"""``refgraph chart NAME SOURCE -o FILE``: an answer as a chart."""

from __future__ import annotations

from dataclasses import replace

import click

from refgraph.commands.console import get_console
from refgraph.commands.option_families import DATABASE, OUTPUT, SCOPE, OptionFamily, define_command
from refgraph.commands.options import DatabaseOptions, OutputOptions, ReadingOptions, ScopeOptions
from refgraph.commands.output import write_content
from refgraph.commands.picture_options import (
    FONT_OPTION,
    NO_EMBED_FONT_OPTION,
    PAPER_OPTIONS,
    READING_OPTIONS,
    LookOptions,
    get_source,
)
from refgraph.commands.session import open_session
from refgraph.errors import UsageError
from refgraph.pipeline import run
from refgraph.renderers import charts, pictures

CHART = OptionFamily(
    "chart_options", LookOptions, (*PAPER_OPTIONS, FONT_OPTION, NO_EMBED_FONT_OPTION)
)


@define_command(
    "chart",
    click.Argument(["words"], nargs=-1, metavar="CHART [SOURCE]"),
    families=[CHART, SCOPE, OUTPUT.select("output", "verbose"), READING_OPTIONS, DATABASE],
)
def command(
    words: tuple[str, ...],
    chart_options: LookOptions,
    scope: ScopeOptions,
    output: OutputOptions,
    reading: ReadingOptions,
    database: DatabaseOptions,
) -> int:
    """Write the chart; without ``-o`` the SVG goes to stdout."""
    if not 1 <= len(words) <= 2:
        raise UsageError("chart-nothing", known=list(charts.CHARTS))
    name, style = words[0], chart_options.to_style()
    chart = charts.find_chart(name)
    source = get_source(words, 1)
    form = pictures.find_format(output.path) if output.path else "svg"
    with open_session(
        replace(reading, source=source),
        database,
        scope,
        output,
        kind="picture",
        more_inputs=[chart_options.font, chart_options.theme],
    ) as session:
        session.require_customers()
        result = run(session.engine, chart.analysis, dict(chart.parameters), session.scope)
        language = get_console().language
        write_content(charts.render_chart(name, result, form, language, style), session.output)
        return session.report_ledger()
