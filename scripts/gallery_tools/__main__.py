"""``scripts/gallery FOLDER``: every layout and every chart as SVG, index.html and sizes.md.

--only WORDS: only pictures whose names hold each of these words, as "tree 145 slide".
Exit code 3 if a name is smaller than its paper allows.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from gallery_tools.drawings import draw, list_drawings
from gallery_tools.page import format_page, format_table
from gallery_tools.sizes import measure_texts
from refgraph.renderers import fonts
from refgraph.renderers.pictures import write_scene

TOO_SMALL = 3


def main(arguments: Sequence[str]) -> int:
    """Draw, measure and write; returns the exit code."""
    parser = argparse.ArgumentParser("scripts/gallery", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--only", default="", metavar="WORDS", help="as 'chart zh print'")
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    rows, font = [], fonts.load_font()
    for drawing in list_drawings():
        if not set(options.only.split()) <= set(drawing.name.split("-")):
            continue
        scene = draw(drawing)
        (options.folder / f"{drawing.name}.svg").write_bytes(write_scene(scene, "svg", font, True))
        rows.append((drawing, measure_texts(drawing, scene)))
    (options.folder / "index.html").write_text(format_page(rows), "utf-8")
    table = format_table(rows)
    (options.folder / "sizes.md").write_text(table, "utf-8")
    print(table, end="")
    too_small = [s for _, s in rows if s.name is not None and s.name < s.least - 0.01]
    return TOO_SMALL if too_small else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
