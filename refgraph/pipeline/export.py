"""``export``: the data of a source as a folder of files for other programs, or to be read again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path, PurePath
from typing import NamedTuple

from refgraph import texts
from refgraph.config import FILE_NAME
from refgraph.engines.base import Engine
from refgraph.engines.neo4j.import_files import list_import_files
from refgraph.errors import UsageError
from refgraph.files import make_write_error
from refgraph.model.dataset import Dataset
from refgraph.model.fields import TABLE_NAMES
from refgraph.model.message import Message, message
from refgraph.pipeline import export_graphs, export_import, export_tables
from refgraph.staging import check_folder_replaceable, stage_folder
from refgraph.texts import format_message

MARK = "refgraph-export.md"
"""The file by which refgraph knows its exports; it says what the folder holds."""


class ExportFormat(NamedTuple):
    """write: puts the files into a folder. files: all that it may write."""

    write: Callable[[Engine, Path], None]
    files: tuple[str, ...]


def _list_table_files(suffix: str) -> tuple[str, ...]:
    return (*(f"{table}.{suffix}" for table in TABLE_NAMES), FILE_NAME)


EXPORT_FORMATS: Mapping[str, ExportFormat] = {
    "csv": ExportFormat(export_tables.write_csv_tables, _list_table_files("csv")),
    "parquet": ExportFormat(export_tables.write_parquet_tables, _list_table_files("parquet")),
    "graphml": ExportFormat(export_graphs.write_graphml, (export_graphs.GRAPHML_FILE,)),
    "gexf": ExportFormat(export_graphs.write_gexf, (export_graphs.GEXF_FILE,)),
    "neo4j-import": ExportFormat(
        export_import.write_import_folder,
        (*list_import_files(), *export_import.list_own_files()),
    ),
}
OWN_FILES = frozenset(name for form in EXPORT_FORMATS.values() for name in form.files) | {MARK}


def check_export_folder(folder: str | Path) -> None:
    """Raise the FileError now that `write_export` would raise after all the work."""
    check_folder_replaceable(folder, OWN_FILES, MARK, "export-not-ours")


def write_export(engine: Engine, folder: str | Path, form: str, lang: str) -> Message:
    """Write the data of an engine, completely or not at all; returns a summary.

    form: a name of `EXPORT_FORMATS`. lang: of the file that describes the folder. An earlier export
    in the folder is replaced as a whole. Raises UsageError ``unknown-format``; FileError
    ``export-not-ours`` for a folder that holds other files, ``cannot-write``; DataError.
    """
    if form not in EXPORT_FORMATS:
        raise UsageError("unknown-format", format=form, known=list(EXPORT_FORMATS))
    data = engine.dataset()
    with stage_folder(folder, OWN_FILES, True, MARK, "export-not-ours") as staging:
        try:
            EXPORT_FORMATS[form].write(engine, staging)
        except OSError as error:
            raise make_write_error(folder, error) from error
        about = _describe_folder(data, engine.origin().get("source"), form, lang)
        (staging / MARK).write_text(about, encoding="utf-8")
    return message("export.written", folder=str(folder), format=form, **_count_rows(data))


def _count_rows(data: Dataset) -> dict[str, object]:
    frames = {table: getattr(data, table) for table in TABLE_NAMES}
    rows = {table: 0 if frame is None else frame.height for table, frame in frames.items()}
    return {**rows, "fingerprint": data.fingerprint[:12]}


def _describe_folder(data: Dataset, source: object, form: str, lang: str) -> str:
    """What the folder holds and how it is used, as Markdown."""
    name = PurePath(str(source)).name if source else ""
    made = message(
        "export.made", version=version("refgraph"), source=name or "–", **_count_rows(data)
    )
    blocks = [
        f"# {texts.look_up('export', 'title', lang)}",
        format_message(made, lang),
        texts.look_up("export", f"use-{form}", lang),
    ]
    return "\n\n".join(blocks) + "\n"
