"""Explorer: all parties in one page that is searched, zoomed and filtered offline.

The parties are columns, packed by gzip; scripts and style are allowed by their hashes, and nothing
is fetched. The page draws with d3-hierarchy and d3-zoom, see `vendor`.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import string
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

import polars as pl

from refgraph import texts
from refgraph.model.message import Message
from refgraph.model.picture import STATES
from refgraph.renderers import font_subset, fonts, palette
from refgraph.renderers.cells import clean_text
from refgraph.renderers.page_script import hash_script
from refgraph.renderers.view import LANGUAGE_TAGS

SCRIPTS = ("explore_data.js", "explore_draw.js", "explore_page.js")
FAMILY = 'refgraph-sans, "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif'
SIGNS = "万亿…→·"
"""Characters that the scripts add."""
VALUE_SCALE = ("#e6eaee", "#fde3d8", "#f8beb3", "#ec9490", "#c43a4b", "#7a0c22")
"""No value, then fifths of the parties with a value."""
LIGHT: dict[str, Any] = {
    "paper": "#ffffff",
    "ink": "#1f2933",
    "edge": "#aab4c0",
    "none": "#e6eaee",
    "other": palette.OTHER_GROUPS_COLOR,
    "groups": palette.GROUP_COLORS,
    "scale": VALUE_SCALE,
    "states": [palette.STATE_INKS[state].fill for state in STATES],
}
DARK = LIGHT | {
    "paper": "#14181d",
    "ink": "#e8edf2",
    "edge": "#56616f",
    "none": "#3b4550",
    "scale": ("#3b4550", "#6b3a40", "#96444f", "#c04f5e", "#e2697a", "#ff9aa8"),
}
WHITE = "#ffffff"
"""States drawn as white marks elsewhere need a fill that can be seen on white paper."""
PALE = "#d9dee4"
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")


def render_explorer(
    parties: pl.DataFrame, headline: Message, unit: str, is_money: bool, lang: str
) -> bytes:
    """UTF-8. parties: as `list_explorer_parties`. headline: above the drawing.

    The same bytes for the same parties. Raises FileError if there is no font to embed.
    """
    from jinja2 import Environment

    package = files("refgraph.renderers")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(package.joinpath("explore.html").read_text("utf-8"))
    script = build_script()
    words = {code: _collect_texts(headline, code) for code in texts.LANGUAGES}
    drawn = [*map(str, words.values()), *parties["name"], *parties["id"]]
    drawn += [group for name in ("sector", "region") for group in parties[name].drop_nulls()]
    face = font_subset.build_font_face(fonts.load_font(), [*drawn, unit, SIGNS, string.printable])
    style = face + package.joinpath("explore.css").read_text("utf-8")
    page = template.render(
        lang=lang,
        tag=LANGUAGE_TAGS[lang],
        title=words[lang]["title"],
        headline=words[lang]["headline"],
        no_script=words[lang]["no-script"],
        texts=words,
        styles=_collect_styles(),
        style=style,
        style_hash=hash_script(style),
        script=script,
        script_hash=hash_script(script),
        data=pack_parties(parties, unit, is_money),
    )
    return page.encode("utf-8", "ignore")


@lru_cache(maxsize=1)
def build_script() -> str:
    """The libraries in their order, then the scripts of the page in a scope of their own."""
    package = files("refgraph.renderers")
    vendor = package.joinpath("vendor")
    pins = tomllib.loads(vendor.joinpath("vendored.toml").read_text("utf-8"))
    libraries = [vendor.joinpath(f"{name}.min.js").read_text("utf-8") for name in pins]
    own = [package.joinpath(name).read_text("utf-8") for name in SCRIPTS]
    return "\n".join([*libraries, "(() => {", *own, "})();"])


def pack_parties(parties: pl.DataFrame, unit: str, is_money: bool) -> str:
    """Columns as JSON, packed by gzip, in base64. Names equal to ids are left out."""
    sectors, sector = _number_groups(parties["sector"])
    regions, region = _number_groups(parties["region"])
    names = [clean_text(name) for name in parties["name"].to_list()]
    ids = [clean_text(id) for id in parties["id"].to_list()]
    data = {
        "parent": parties["parent"].to_list(),
        "id": ids,
        "name": [None if name == id else name for name, id in zip(names, ids, strict=True)],
        "state": [STATES.index(state) for state in parties["state"]],
        "key": parties["key"].cast(pl.Int64).fill_null(-1).to_list(),
        "value": [_shorten_number(value) for value in parties["value"].fill_null(0.0)],
        "sectors": sectors,
        "sector": sector,
        "regions": regions,
        "region": region,
        "year": parties["year"].fill_null(0).to_list(),
        "pinyin": _spell_characters("".join(names)),
        "unit": unit,
        "money": is_money,
    }
    content = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "ignore")
    return base64.b64encode(gzip.compress(content, 9, mtime=0)).decode()


def _number_groups(column: pl.Series) -> tuple[list[str], list[int]]:
    """Groups, the largest first, and the place of each party's group; -1 = not recorded."""
    counts = (
        column.drop_nulls().value_counts().sort(["count", column.name], descending=[True, False])
    )
    groups = counts[column.name].to_list()
    place = {group: k for k, group in enumerate(groups)}
    return [clean_text(group) for group in groups], [place.get(word, -1) for word in column]


def _shorten_number(value: float) -> float | int:
    rounded = round(value, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def _spell_characters(text: str) -> dict[str, str]:
    """Chinese character -> its most usual sound in pinyin, without tones."""
    characters = sorted(set(_HAN.findall(text)))
    if not characters:
        return {}
    from pypinyin import lazy_pinyin

    return {character: lazy_pinyin(character)[0] for character in characters}


def _collect_texts(headline: Message, lang: str) -> dict[str, str]:
    words = dict(texts.load_texts(lang)["explore"])
    words |= {
        f"state-{state}": texts.look_up("picture", f"state-{state}", lang) for state in STATES
    }
    words["headline"] = clean_text(texts.format_message(headline, lang))
    return words


def _collect_styles() -> dict[str, Any]:
    light = LIGHT | {"states": [PALE if fill == WHITE else fill for fill in LIGHT["states"]]}
    return {"light": light, "dark": DARK, "family": FAMILY, "states": STATES}
