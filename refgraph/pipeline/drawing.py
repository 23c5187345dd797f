"""Pictures of an engine's data: the tree below one party, or every tree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from refgraph.engines.base import Engine
from refgraph.errors import DataError, FileError
from refgraph.files import make_write_error
from refgraph.graph import lookup
from refgraph.measures import tree_picture
from refgraph.measures.forest_picture import build_forest_picture
from refgraph.model.picture import Picture
from refgraph.model.scope import Scope
from refgraph.pipeline import run
from refgraph.pipeline.referral_check import check_referrals
from refgraph.renderers import gallery
from refgraph.renderers.pictures import render_picture
from refgraph.renderers.style import PictureStyle
from refgraph.staging import check_folder_writable, stage_files


def build_picture(
    engine: Engine, party: str, scope: Scope = Scope(), depth: int | None = None
) -> Picture:
    """The picture of a party and its descendants.

    party: an id or an unambiguous name. depth: generations below the party to show, None = all.
    Raises UsageError for an unknown or ambiguous party; DataError as `check_referrals`.
    """
    graph = engine.find_subgraph([party], "below", scope) or engine.graph(scope)
    check_referrals(engine, graph)
    return tree_picture.build_tree_picture(graph, lookup.find_party_index(graph, party), depth)


def build_pictures(
    engine: Engine, scope: Scope = Scope(), depth: int | None = None
) -> Iterator[Picture]:
    """One picture per tree of two or more parties, by value, number of parties, and root id.

    Raises DataError as `check_referrals`.
    """
    graph = engine.graph(scope)
    check_referrals(engine, graph)
    return tree_picture.build_tree_pictures(graph, tree_picture.list_roots(graph), depth)


def build_whole_picture(
    engine: Engine, scope: Scope = Scope(), depth: int | None = None
) -> Picture:
    """All trees of two or more parties as one picture, for the style icicle.

    Raises DataError ``no-tree``, and as `check_referrals`.
    """
    graph = engine.graph(scope)
    check_referrals(engine, graph)
    picture = build_forest_picture(graph, depth)
    if picture is None:
        raise DataError("no-tree")
    return picture


def find_largest_root(engine: Engine, scope: Scope = Scope()) -> str:
    """The id of the root of the tree with most parties. Raises DataError ``no-tree``."""
    graph = engine.graph(scope)
    check_referrals(engine, graph)
    roots = tree_picture.list_roots(graph, by_size=True)
    if not roots:
        raise DataError("no-tree")
    return str(graph.parties["id"][roots[0]])


def find_top_recommender(engine: Engine, scope: Scope = Scope()) -> str:
    """The id of the first row of ``recommenders``. Raises DataError ``no-tree``."""
    frame = run(engine, "recommenders", {}, scope).frame
    if not frame.height:
        raise DataError("no-tree")
    return str(frame["customer"][0])


def check_gallery_folder(folder: str | Path) -> None:
    """Raise the FileError now that `write_gallery` would raise after all the work.

    That is ``cannot-write``, or ``page-not-ours`` for an index.html that refgraph did not write.
    """
    check_folder_writable(folder)
    page = Path(folder) / gallery.PAGE
    try:
        content = page.read_bytes() if page.exists() else None
    except OSError as error:
        raise make_write_error(page, error) from error
    if content is not None and not gallery.is_gallery(content):
        raise FileError("page-not-ours", path=str(page))


def write_gallery(
    engine: Engine,
    folder: str | Path,
    lang: str,
    scope: Scope = Scope(),
    depth: int | None = None,
    style: PictureStyle = PictureStyle(),
) -> int:
    """Write every tree of `build_pictures` as SVG, with an index.html; returns how many trees.

    The folder is created if its parent exists. Either all files are written or none.
    Raises FileError, UsageError.
    """
    check_gallery_folder(folder)
    entries = []
    with stage_files(folder) as staging:
        for number, picture in enumerate(build_pictures(engine, scope, depth), 1):
            name = gallery.make_file_name(number, picture)
            (staging / name).write_bytes(render_picture(picture, "svg", lang, style))
            entries.append(gallery.make_entry(name, picture, lang))
        (staging / gallery.PAGE).write_bytes(gallery.render_gallery(entries, lang))
    return len(entries)
