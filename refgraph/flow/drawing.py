"""From an engine to Pictures: the tree below one party, or every tree there is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from refgraph.engines.base import Engine
from refgraph.files import gathered
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
    graph = engine.part([party], "below", scope) or engine.graph(scope)
    return pictured.pictured(graph, lookup.position(graph, party), depth)


def pictures(engine: Engine, scope: Scope = Scope(), depth: int | None = None) -> Iterator[Picture]:
    """One Picture a tree of two parties or more, by value, then parties, then id of the root."""
    graph = engine.graph(scope)
    return pictured.pictures(graph, pictured.roots(graph), depth)


def gallery(engine: Engine, folder: str | Path, lang: str, scope: Scope = Scope(), depth: int | None = None,
            look: Look = Look()) -> int:
    """Every tree above singles as an SVG in a folder, by value, and an index.html; returns how many trees.

    The folder is made where only its last part is missing; all files take their place in it together, or none does. Raises
    FileError, UsageError.
    """
    entries = []
    with gathered(folder) as place:
        for number, each in enumerate(pictures(engine, scope, depth), 1):
            name = pages.file_name(number, each)
            (place / name).write_bytes(render_picture(each, "svg", lang, look))
            entries.append(pages.entry(name, each, lang))
        (place / "index.html").write_bytes(pages.render(entries, lang))
    return len(entries)
