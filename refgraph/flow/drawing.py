"""From an engine to Pictures: the tree below one party, or every tree there is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from refgraph.engines.base import Engine
from refgraph.errors import FileError
from refgraph.files import write
from refgraph.graphs import lookup, pictured
from refgraph.model.picture import Picture
from refgraph.model.scope import Scope
from refgraph.renderers import gallery as pages
from refgraph.renderers.look import Look
from refgraph.renderers.pictures import render_picture


def picture(engine: Engine, party: str, scope: Scope = Scope(), depth: int | None = None) -> Picture:
    """The Picture of a party (its id, or a name that only it has) and of all below it.

    depth: referrals below the party to show, None = all. Raises UsageError for an unknown or ambiguous party.
    """
    graph = engine.graph(scope)
    return pictured.pictured(graph, lookup.position(graph, party), depth)


def pictures(engine: Engine, scope: Scope = Scope(), depth: int | None = None) -> Iterator[Picture]:
    """One Picture a tree of two parties or more, by value, then parties, then id of the root."""
    graph = engine.graph(scope)
    return pictured.pictures(graph, pictured.roots(graph), depth)


def gallery(engine: Engine, folder: str | Path, lang: str, scope: Scope = Scope(), depth: int | None = None,
            look: Look = Look()) -> int:
    """Every tree above singles as an SVG in a folder, by value, and an index.html; returns how many trees.

    The folder is made where only its last part is missing. Each file is written in one step. Raises FileError, UsageError.
    """
    target = Path(folder)
    try:
        target.mkdir(exist_ok=True)
    except OSError as error:
        raise FileError("cannot-write", path=str(folder), why=error.strerror or str(error)) from error
    entries = []
    for number, each in enumerate(pictures(engine, scope, depth), 1):
        name = pages.file_name(number, each)
        write(target / name, render_picture(each, "svg", lang, look))
        entries.append(pages.entry(name, each, lang))
    write(target / "index.html", pages.render(entries, lang))
    return len(entries)
