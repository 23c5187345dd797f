"""Graphs that were read, kept as Arrow files in the user's cache: the next question costs one look at the version."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from refgraph import files
from refgraph.engines import archive
from refgraph.errors import FileError
from refgraph.model.dataset import Dataset
from refgraph.model.settings import Settings

ABOUT = "about.json"


@dataclass(frozen=True)
class Snapshot:
    """One graph that is kept. name: of its folder. bytes: on the disk."""

    name: str
    source: str
    version: str
    rows: int
    bytes: int


def folder() -> Path:
    """Where snapshots are: ``snapshots`` in the cache of refgraph. Raises FileError ``no-cache`` for a user without a home."""
    home = files.cache_folder()
    if home is None:
        raise FileError("no-cache")
    return home / "snapshots"


def key(*parts: object) -> str:
    """The name for what was read: address, database, and how it was mapped."""
    return hashlib.sha256(json.dumps([archive.LAYOUT, *map(str, parts)]).encode()).hexdigest()[:24]


def kept(name: str, version: str, settings: Settings | None) -> Dataset | None:
    """The Dataset of a name, if it is of this version of the database and can be read; else None."""
    place = folder() / name
    try:
        told = json.loads((place / ABOUT).read_text(encoding="utf-8"))
        if told["version"] != version:
            return None
        tables = {table: pl.read_ipc(place / f"{table}.arrow") for table in told["tables"]}
        return archive.restored(told["about"], tables, settings)
    except (OSError, ValueError, KeyError, pl.exceptions.PolarsError):
        return None


def keep(name: str, version: str, source: str, data: Dataset) -> None:
    """Put a Dataset under a name, in place of what was there; only its owner may read it. Raises FileError."""
    tables, told = archive.frames(data), archive.about(data)
    carried = {t: f.select(archive.moved(told, t)) if t in told["columns"] else f for t, f in tables.items()}
    place = folder()
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FileError("cannot-write", path=str(place), why=error.strerror or str(error)) from error
    with files.folder(place / name, (ABOUT, *(f"{t}.arrow" for t in carried)), replace=True) as made:
        for table, frame in carried.items():
            frame.write_ipc(made / f"{table}.arrow")
        about = {"version": version, "source": source, "tables": list(carried), "about": told}
        (made / ABOUT).write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        for file in made.iterdir():
            file.chmod(files.PRIVATE)


def listed() -> Iterator[Snapshot]:
    """All that are kept, in order of their sources."""
    found = []
    for place in sorted(folder().glob("*/" + ABOUT)) if folder().is_dir() else []:
        try:
            told = json.loads(place.read_text(encoding="utf-8"))
            size = sum(file.stat().st_size for file in place.parent.iterdir())
            found.append(Snapshot(place.parent.name, told["source"], told["version"], sum(told["about"]["rows"].values()), size))
        except (OSError, ValueError, KeyError):
            continue
    yield from sorted(found, key=lambda each: (each.source, each.name))


def clear() -> int:
    """Take all away; returns how many there were. Raises FileError."""
    number = len(list(listed()))
    try:
        shutil.rmtree(folder())
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise FileError("cannot-write", path=str(folder()), why=error.strerror or os.strerror(error.errno or 0)) from error
    return number
