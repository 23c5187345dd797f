"""Which files a SOURCE consists of."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from refgraph import sources
from refgraph.engines import is_address
from refgraph.intake.mapping import build_header_counter, detect_tables
from refgraph.model.settings import Settings
from refgraph.pipeline.options import SourceOptions, complete_options
from refgraph.sources.source_files import SourceFile


def list_source_files(
    source: str | Path | None, options: SourceOptions, settings: Settings
) -> list[Path]:
    """The files that hold the tables of a folder or file; none for a database.

    Raises as `refgraph.sources.find_table_files`.
    """
    if source is None or is_address(source):
        return []
    found = find_source_tables(source, options, settings)
    options = complete_options(options, settings)
    named = [Path(file) for files in options.paths_by_table.values() for file in files]
    named += map(Path, (*options.patches, *options.matches))
    of_source = [file.path for files in found.values() for file in files]
    return list(dict.fromkeys((*of_source, *named)))


def find_source_tables(
    source: str | Path | None, options: SourceOptions, settings: Settings
) -> dict[str, list[SourceFile]]:
    """Table -> the files and sheets of a SOURCE that hold it; none without a SOURCE.

    Raises as `refgraph.sources.find_table_files`.
    """
    if source is None:
        return {}
    detector = partial(detect_tables, settings=settings)
    options = complete_options(options, settings)
    dialect = options.dialect._replace(count_known=build_header_counter(settings))
    found = sources.find_table_files(Path(source), detector, dialect, options.sheet_choices)
    return found.by_table
