"""``refgraph catalog``: every analysis with what it answers, its columns and formulas."""

from __future__ import annotations

from refgraph.commands.console import get_console
from refgraph.commands.option_families import OUTPUT, define_command
from refgraph.commands.options import OutputOptions
from refgraph.commands.output import write_page
from refgraph.commands.output_checks import check_page_output
from refgraph.reports.catalog import build_catalog


@define_command("catalog", families=[OUTPUT])
def command(output: OutputOptions) -> None:
    """Write the catalog."""
    check_page_output(output)
    write_page(build_catalog(get_console().language), output)
