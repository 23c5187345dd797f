"""PICTURES -> a page that shows them all: one entry a tree, linked to its file; no script, nothing from elsewhere."""

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

LONGEST = 40
LANGUAGES = {"en": "en", "zh": "zh-Hans"}
STYLE = (
    "body{font:16px/1.5 'Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif;margin:2rem auto;max-width:72rem;"
    "padding:0 1rem;color:#1f2933}h1{font-size:1.5rem;font-weight:500}p,span{color:#5f6b7a}ol{list-style:none;padding:0;"
    "display:grid;gap:1.25rem;"
    "grid-template-columns:repeat(auto-fill,minmax(20rem,1fr))}li{border:1px solid #dfe4ea;border-radius:6px;padding:.75rem}"
    "a{color:inherit;text-decoration:none}a:focus-visible{outline:2px solid #3f7fbf}strong{display:block;font-weight:500}"
    "img{width:100%;height:11rem;object-fit:contain;object-position:left top}span{font-size:.875rem}"
)


@dataclass(frozen=True)
class Entry:
    """file: name beside the page. name: of the root. alt, words: what the picture shows, for those who do not see it too."""

    file: str
    name: str
    alt: str
    words: str


def file_name(number: int, picture: Picture, suffix: str = "svg") -> str:
    """A file name that is safe everywhere: a number, which makes it unique, and the letters and digits of the root's name."""
    letters = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", cells.clean(picture.name))).strip("-")[:LONGEST].strip("-")
    return f"{number:04d}-{letters}.{suffix}" if letters else f"{number:04d}.{suffix}"


def entry(file: str, picture: Picture, lang: str) -> Entry:
    """The entry of a picture that stands in ``file``."""
    title, headline = (cells.clean(texts.say(m, lang)) for m in (picture.title, picture.caption[0]))
    return Entry(quote(file), cells.clean(picture.name) or "–", title, headline)


def render(entries: Sequence[Entry], lang: str) -> bytes:
    """The page as UTF-8 HTML: names are escaped, the policy allows the pictures beside it and its own style only."""
    from jinja2 import Environment

    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        files("refgraph.renderers").joinpath("gallery.html").read_text(encoding="utf-8"))
    page = template.render(trees=entries, language=LANGUAGES[lang], style=STYLE, hash=f"sha256-{digest}",
                           title=texts.lookup("picture", "gallery", lang),
                           headline=texts.say(message("picture.gallery-count", trees=len(entries)), lang))  # fmt: skip
    return page.encode("utf-8", "ignore")
