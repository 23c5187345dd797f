"""The index of a gallery as a page, and the smallest texts as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from gallery_tools.drawings import Drawing
from gallery_tools.sizes import UNITS, SmallestText

Rows = Sequence[tuple[Drawing, SmallestText]]
STYLE = "body{font:14px sans-serif;background:#ccd}figure{display:inline-block;margin:8px}"
STYLE += "img{display:block;width:620px;background:#fff}"


def format_page(rows: Rows) -> str:
    """An HTML page that shows every picture."""
    figures = "".join(
        f'<figure><a href="{drawing.name}.svg"><img loading="lazy" src="{drawing.name}.svg"'
        f' alt=""></a><figcaption>{escape(drawing.name)}</figcaption></figure>\n'
        for drawing, _ in rows
    )
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style>\n{figures}'


def format_table(rows: Rows) -> str:
    """A Markdown table: the smallest text of each kind of picture, over languages and themes."""
    kinds: dict[tuple[str, str], dict[str, list[SmallestText]]] = {}
    for drawing, smallest in rows:
        parties = "" if drawing.kind == "chart" else f"{drawing.parties:,}"
        key = (f"{drawing.kind}, {drawing.layout}", parties)
        kinds.setdefault(key, {}).setdefault(drawing.paper, []).append(smallest)
    return "\n".join(_format_lines(kinds)) + "\n"


def _format_lines(kinds: dict[tuple[str, str], dict[str, list[SmallestText]]]) -> Iterator[str]:
    units = [f"{paper}: names, name {unit}, any {unit}" for paper, unit in UNITS.items()]
    yield "| picture | parties | " + " | ".join(units) + " |"
    yield "| --- | ---: |" + " ---: |" * len(units)
    for (kind, parties), by_paper in kinds.items():
        cells = [_format_cell(by_paper.get(paper, [])) for paper in UNITS]
        yield f"| {kind} | {parties} | {' | '.join(cells)} |"


def _format_cell(found: Sequence[SmallestText]) -> str:
    """The smallest over all; a name below the limit is marked."""
    if not found:
        return ""
    names = [smallest.name for smallest in found if smallest.name is not None]
    name = f"{min(names):.1f}" if names else "-"
    too_small = " !" if names and min(names) < found[0].least - 0.01 else ""
    counts = sorted({smallest.names for smallest in found})
    count = f"{counts[0]}-{counts[-1]}" if len(counts) > 1 else str(counts[0])
    return f"{count}, {name}{too_small}, {min(smallest.any_text for smallest in found):.1f}"
