"""Parquet, Arrow and Feather files -> raw tables."""

from __future__ import annotations

import io
import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from refgraph.errors import DataError, FileError
from refgraph.model.raw import RawTable
from refgraph.sources import parquet_pages
from refgraph.sources.compression import find_compression, strip_compression
from refgraph.sources.content import read_bytes, to_printable_name
from refgraph.sources.damage import describe_damage
from refgraph.sources.options import Dialect
from refgraph.sources.typed_columns import frame_to_raw_table, list_flat_headers

_ARROW_MAGIC = b"ARROW1"
_FEATHER_1_MAGIC = b"FEA1"


def read(path: Path, file: str, dialect: Dialect) -> RawTable:
    """A file as a table of text; a row is cited by its number, from 1.

    Raises FileError; DataError ``damaged-file``, ``grows-too-much``, ``too-many-columns``,
    ``cells-are-bytes``, ``empty-file``, ``duplicate-header``, ``missing-header``.
    """
    shown = to_printable_name(file)
    return frame_to_raw_table(_read_frame(path, shown, None), shown)


def read_headers(path: Path, file: str, dialect: Dialect) -> list[str]:
    """The headers of a file. Raises as `read`."""
    return list_flat_headers(_read_frame(path, to_printable_name(file), 0).schema)


def _read_frame(path: Path, file: str, rows: int | None) -> pl.DataFrame:
    """The first rows of a file, None = all."""
    if strip_compression(path).suffix.lower() == ".parquet":
        with _translate_faults("Parquet", file), _open(path) as (data, source):
            parquet_pages.check(data, file)
            return pl.read_parquet(source, n_rows=rows, glob=False)
    with _translate_faults("Arrow", file), _open(path) as (data, source):
        if data[:4] == _FEATHER_1_MAGIC:
            raise DataError(
                "damaged-file", file=file, format="Arrow", why=describe_damage("Feather version 1")
            )
        is_stream = data[: len(_ARROW_MAGIC)] != _ARROW_MAGIC
        return (pl.read_ipc_stream if is_stream else pl.read_ipc)(source, n_rows=rows)


@contextmanager
def _open(path: Path) -> Iterator[tuple[bytes | mmap.mmap, str | io.BytesIO]]:
    """The bytes of a file to look at, and what polars reads: the path of a plain file."""
    if find_compression(path) is None and path.is_file():
        read_bytes(path, 0)  # raises what hinders reading
        with open(path, "rb") as stream:
            if stream.read(1):
                with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
                    yield data, str(path)
                return
    content = read_bytes(path)
    yield content, io.BytesIO(content)


@contextmanager
def _translate_faults(format: str, file: str) -> Iterator[None]:
    """Raise DataError ``damaged-file`` for what polars refuses."""
    try:
        yield
    except (DataError, FileError):
        raise
    except (Exception, pl.exceptions.PanicException) as error:
        why = describe_damage(error)
        raise DataError("damaged-file", file=file, format=format, why=why) from error
