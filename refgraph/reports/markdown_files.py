"""A report as Markdown with its pictures in a folder beside it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from refgraph.files import write_file
from refgraph.model.result import Report
from refgraph.renderers import markdown
from refgraph.renderers.report_pictures import list_pictures
from refgraph.renderers.view import View
from refgraph.staging import stage_files

FOLDER_END = "-pictures"


def write_markdown_files(
    report: Report, path: str | Path, lang: str, top: int | None = None
) -> None:
    """Write the pictures as PNG into the folder ``NAME-pictures``, then the page that shows them.

    Without a picture there is no folder; other files in one stay. Raises FileError
    ``cannot-write``.
    """
    page = Path(path)
    folder = page.with_name(page.stem + FOLDER_END)
    view = View(format="md", lang=lang, top=top)
    pictures = list(list_pictures(report, view, "png"))
    links: list[markdown.PictureLink] = []
    if pictures:
        with stage_files(folder) as staging:
            for number, picture in enumerate(pictures, 1):
                name = f"{number:02}.png"
                (staging / name).write_bytes(picture.content)
                address = quote(f"{folder.name}/{name}")
                links.append((picture.section, picture.caption, address))
    write_file(page, markdown.render(report, view, links))
