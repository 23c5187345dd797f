"""PICTURES -> a page that shows them all: one entry per tree, linked to its file; no script."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from urllib.parse import quote

from refgraph import texts
from refgraph.model.message import message
from refgraph.model.picture import Picture
from refgraph.renderers import cells
from refgraph.renderers.view import LANGUAGE_TAGS

MAX_NAME_LENGTH = 40
PAGE = "index.html"
MARK = "refgraph draw"
"""The generator that the page names, by which refgraph knows its own pages."""
STYLE_SHEET = (
    "body{font:16px/1.5 'Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif;"
    "margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1f2933}"
    "h1{font-size:1.5rem;font-weight:500}p,span{color:#5f6b7a}"
    "ol{list-style:none;padding:0;display:grid;gap:1.25rem;"
    "grid-template-columns:repeat(auto-fill,minmax(20rem,1fr))}"
    "li{border:1px solid #dfe4ea;border-radius:6px;padding:.75rem}"
    "a{color:inherit;text-decoration:none}a:focus-visible{outline:2px solid #3f7fbf}"
    "strong{display:block;font-weight:500}"
    "img{width:100%;height:11rem;object-fit:contain;object-position:left top}"
    "span{font-size:.875rem}"
)


@dataclass(frozen=True)
class GalleryEntry:
    """file: address of the picture, next to the page. name: of the root. alt, words: about it."""

    file: str
    name: str
    alt: str
    words: str


def make_file_name(number: int, picture: Picture) -> str:
    """A file name that is safe everywhere: a unique number, and letters of the root's name."""
    name = unicodedata.normalize("NFC", cells.clean_text(picture.name))
    letters = re.sub(r"[\W_]+", "-", name).strip("-")[:MAX_NAME_LENGTH].strip("-")
    return f"{number:04d}-{letters}.svg" if letters else f"{number:04d}.svg"


def make_entry(file: str, picture: Picture, lang: str) -> GalleryEntry:
    """The entry of a picture that is in ``file``."""
    name = cells.clean_text(picture.name) or "–"
    title = cells.clean_text(texts.format_message(picture.title, lang))
    headline = cells.clean_text(texts.format_message(picture.caption[0], lang))
    return GalleryEntry(quote(file), name, title, headline)


def is_gallery(page: bytes) -> bool:
    """Whether `render_gallery` made the page."""
    return f'<meta name="generator" content="{MARK}">'.encode() in page[:2000]


def render_gallery(entries: Sequence[GalleryEntry], lang: str) -> bytes:
    """The page as UTF-8 HTML: names are escaped, the policy allows its pictures and style only."""
    from jinja2 import Environment

    source = files("refgraph.renderers").joinpath("gallery.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    digest = base64.b64encode(hashlib.sha256(STYLE_SHEET.encode()).digest()).decode()
    page = environment.from_string(source).render(
        trees=entries,
        mark=MARK,
        language=LANGUAGE_TAGS[lang],
        style=STYLE_SHEET,
        hash=f"sha256-{digest}",
        title=texts.look_up("picture", "gallery", lang),
        headline=texts.format_message(message("picture.gallery-count", trees=len(entries)), lang),
    )
    return page.encode("utf-8", "ignore")
