"""Graphs that were read, kept as Arrow files in the user's cache.

As long as the version of the database stays the same, the next question reads the files.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from refgraph import files
from refgraph.engines import serialization
from refgraph.errors import FileError
from refgraph.model.dataset import Dataset
from refgraph.model.refusals import describe_refusal
from refgraph.model.settings import Settings
from refgraph.staging import stage_folder

METADATA_FILE = "about.json"
NAME_DIGITS = 24


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """One graph on the disk. name: its folder. rows: of all tables. bytes: size on the disk."""

    name: str
    source: str
    version: str
    rows: int
    bytes: int


def find_snapshot_folder() -> Path:
    """The folder ``snapshots`` in the cache of refgraph.

    Raises FileError ``no-cache`` for a user without a home folder.
    """
    cache = files.find_cache_folder()
    if cache is None:
        raise FileError("no-cache")
    return cache / "snapshots"


def make_snapshot_name(*parts: object) -> str:
    """The name for a graph, from its address, its database, and how it is mapped."""
    text = json.dumps([serialization.LAYOUT_VERSION, *map(str, parts)])
    return hashlib.sha256(text.encode()).hexdigest()[:NAME_DIGITS]


def read_snapshot(name: str, version: str, settings: Settings | None) -> Dataset | None:
    """The snapshot of this name; None unless it is of this version and undamaged."""
    folder = find_snapshot_folder() / name
    try:
        about = json.loads((folder / METADATA_FILE).read_text(encoding="utf-8"))
        if about["version"] != version:
            return None
        tables = {table: pl.read_ipc(folder / f"{table}.arrow") for table in about["tables"]}
        return serialization.restore_dataset(about["about"], tables, settings)
    except (OSError, ValueError, KeyError, pl.exceptions.PolarsError):
        return None


def write_snapshot(name: str, version: str, source: str, data: Dataset) -> None:
    """Keep a Dataset under a name, replacing what was there; readable by its owner only.

    Raises FileError.
    """
    metadata = serialization.to_metadata(data)
    frames = serialization.select_stored_frames(metadata, serialization.to_frames(data))
    about = {"version": version, "source": source, "tables": list(frames), "about": metadata}
    folder = find_snapshot_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _make_write_error(folder, error) from error
    names = (METADATA_FILE, *(f"{table}.arrow" for table in frames))
    with stage_folder(folder / name, names, replace=True) as staged:
        for table, frame in frames.items():
            frame.write_ipc(staged / f"{table}.arrow")
        text = json.dumps(about, ensure_ascii=False)
        (staged / METADATA_FILE).write_text(text, encoding="utf-8")
        for file in staged.iterdir():
            file.chmod(files.PRIVATE_MODE)


def list_snapshots() -> Iterator[Snapshot]:
    """All readable snapshots, by source and name."""
    folder = find_snapshot_folder()
    if not folder.is_dir():
        return
    readable = []
    for metadata_file in folder.glob("*/" + METADATA_FILE):
        try:
            readable.append(_describe_snapshot(metadata_file))
        except (OSError, ValueError, KeyError):
            continue
    yield from sorted(readable, key=lambda snapshot: (snapshot.source, snapshot.name))


def clear_snapshots() -> int:
    """Delete all snapshots; returns how many there were. Raises FileError."""
    count = len(list(list_snapshots()))
    folder = find_snapshot_folder()
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise _make_write_error(folder, error) from error
    return count


def _describe_snapshot(metadata_file: Path) -> Snapshot:
    """Raises OSError, ValueError or KeyError for a damaged snapshot."""
    about = json.loads(metadata_file.read_text(encoding="utf-8"))
    folder = metadata_file.parent
    return Snapshot(
        name=folder.name,
        source=about["source"],
        version=about["version"],
        rows=sum(about["about"]["rows"].values()),
        bytes=sum(file.stat().st_size for file in folder.iterdir()),
    )


def _make_write_error(folder: Path, error: OSError) -> FileError:
    return FileError("cannot-write", path=str(folder), why=describe_refusal(error))
