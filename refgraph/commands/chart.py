"""``refgraph chart NAME SOURCE -o FILE``: an answer as a chart."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

import click

from refgraph.commands.console import get_console
from refgraph.commands.localized_option import LocalizedOption
from refgraph.commands.option_families import (
    DATABASE,
    OUTPUT,
    READING,
    SCOPE,
    OptionFamily,
    define_command,
)
from refgraph.commands.options import DatabaseOptions, OutputOptions, ReadingOptions, ScopeOptions
from refgraph.commands.output import write_content
from refgraph.commands.session import open_session
from refgraph.errors import UsageError
from refgraph.pipeline import run
from refgraph.renderers import charts, pictures
from refgraph.renderers.style import PictureStyle
from refgraph.renderers.themes import load_theme


@dataclass(frozen=True, kw_only=True)
class ChartOptions:
    """How a chart looks."""

    paper: str | None
    title: str | None
    theme: str | None
    font: str | None
    no_embed_font: bool

    def to_style(self) -> PictureStyle:
        """The PictureStyle. Raises UsageError ``bad-paper``, and as `load_theme`."""
        load_theme(self.theme)
        return PictureStyle(
            paper=self.paper,
            title=self.title,
            theme=self.theme,
            font=self.font,
            embed_font=not self.no_embed_font,
        )


CHART = OptionFamily(
    "chart_options",
    ChartOptions,
    (
        LocalizedOption("--paper", metavar="NAME"),
        LocalizedOption("--title", metavar="TEXT"),
        LocalizedOption("--theme", metavar="NAME"),
        LocalizedOption("--font", metavar="FILE"),
        LocalizedOption("--no-embed-font", is_flag=True),
    ),
)
READING_OPTIONS = OptionFamily(READING.name, READING.build, READING.parameters[1:])
"""Without the argument SOURCE, which ``words`` holds here."""


@define_command(
    "chart",
    click.Argument(["words"], nargs=-1, metavar="CHART [SOURCE]"),
    families=[CHART, SCOPE, OUTPUT.select("output", "verbose"), READING_OPTIONS, DATABASE],
)
def command(
    words: tuple[str, ...],
    chart_options: ChartOptions,
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
    source = words[1] if len(words) > 1 else os.environ.get("REFGRAPH_SOURCE") or None
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
