"""The words of a tree: name, second line, text on the edge and hover text of every party, as columns."""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph import texts
from refgraph.model.picture import CLOSED, Picture
from refgraph.renderers import cells
from refgraph.renderers.fonts import PLACEHOLDER, Font
from refgraph.texts import numbers

NAME_SIZE, DETAIL_SIZE, EDGE_SIZE = 14.0, 11.0, 10.0
LONGEST = 230.0
"""Pixels of a name; what is longer is elided in the picture and whole on hovering."""
ELLIPSIS = "…"
UNDRAWABLE = (
    r"[^\t -\x{2fff}\x{3000}-\x{d7ff}\x{f900}-\x{ffff}]"
    r"|[\x00-\x1f\x7f-\x9f\x{61c}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}-\x{206f}"
    r"\x{fe00}-\x{fe0f}\x{feff}\x{fff9}-\x{fffb}]"
)
"""What cannot stand in a picture as it is: controls, invisible marks, characters beyond the BMP, private ones."""
DROPPED = "\u200d\ufe0e\ufe0f"


@dataclass(frozen=True, eq=False)
class Labels:
    """names, details, edges, titles: one text a party. elided, replaced: parties whose name is cut short, characters
    drawn as a placeholder."""

    names: list[str]
    details: list[str]
    edges: list[str]
    titles: list[str]
    elided: int
    replaced: int


def labels(picture: Picture, nodes: pl.DataFrame, told: np.ndarray, lang: str, font: Font, edges: bool = True) -> Labels:
    """The words for some rows of the picture's nodes, those of the root without a text on its edge.

    told: bool, one a row: a stub right behind the party tells how many are below. edges: whether edges have texts.
    """
    whole = plain(nodes["name"])
    names, replaced = drawable(whole, font)
    names, elided = shortened(names, font)
    columns = _columns(picture, nodes.with_columns(name=whole, told=pl.Series(told)), lang)
    details, more = drawable(columns["detail"], font)
    on_edges, most = drawable(columns["edge"] if edges else columns["edge"].clear(nodes.height).fill_null(""), font)
    return Labels(names.to_list(), details.to_list(), on_edges.to_list(), columns["title"].to_list(), elided,
                  replaced + more + most)


def plain(values: pl.Series) -> pl.Series:
    """Every text on one line, without controls and marks that turn the direction of writing; never empty."""
    odd = values.str.contains(UNDRAWABLE).fill_null(False)
    if odd.any():
        cleaned = [cells.clean(text) for text in values.filter(odd)]
        values = values.scatter(odd.arg_true(), cleaned)
    return values.str.strip_chars().replace("", "–")


def drawable(values: pl.Series, font: Font) -> tuple[pl.Series, int]:
    """The texts with a placeholder for each character that no font has, and how many characters that were."""
    lacking = [c for c in font.lacking(values.to_list()) if c not in DROPPED]
    present = [c for c in DROPPED if values.str.contains(c, literal=True).any()]
    if not lacking and not present:
        return values, 0
    count = int(values.str.count_matches("[" + "".join(f"\\x{{{ord(c):x}}}" for c in lacking) + "]").sum()) if lacking else 0
    return values.str.replace_many([*lacking, *present], [PLACEHOLDER] * len(lacking) + [""] * len(present)), count


def shortened(names: pl.Series, font: Font, room: float = LONGEST) -> tuple[pl.Series, int]:
    """Names no wider than ``room`` pixels, and how many were cut."""
    wide = np.flatnonzero(font.widths(names.to_list(), NAME_SIZE) > room)
    if not len(wide):
        return names, 0
    cut = [_cut(names[int(k)], font, room) for k in wide]
    return names.scatter(wide, cut), len(wide)


def _cut(name: str, font: Font, room: float) -> str:
    head = name[:200]
    ends = np.cumsum(font.widths(list(head), NAME_SIZE))
    kept = int(np.searchsorted(ends, room - font.widths([ELLIPSIS], NAME_SIZE)[0], side="right"))
    return head[:kept].rstrip() + ELLIPSIS


def _columns(picture: Picture, nodes: pl.DataFrame, lang: str) -> pl.DataFrame:
    """detail, edge and title of each row."""
    said = Phrases(lang)
    closed = pl.col("state").is_in(CLOSED)
    worth = spoken(nodes["value"], lambda x: cells.clean(numbers.amount(picture.amount(x), lang)))
    nodes = nodes.with_columns(
        worth=worth, below=spoken(nodes["downstream"], numbers.count),
        done=spoken(nodes["downstream_closed"], numbers.count),
        word=nodes["state"].replace_strict(said.words("state"), default=""),
        day=pl.col("date").dt.strftime("%Y-%m-%d"),
        others=plain(nodes["also"].list.head(2).list.join("、" if lang == "zh" else ", ").fill_null("-")))
    valued = (closed | (pl.col("value") != 0)) & (picture.basis != "customers")
    parts = [
        pl.when(pl.col("state") != "closed").then("word"),
        pl.when(valued).then("worth"),
        pl.when((pl.col("downstream") > 0) & ~pl.col("told")).then(said.fill("below", below="below", closed="done")),
        pl.when(pl.col("also").is_not_null()).then(said.fill("also", names="others")),
    ]
    channel = plain(nodes["channel"].fill_null("-"))
    edge = pl.concat_str(pl.when(pl.col("channel").is_not_null()).then(pl.lit(channel)), "day", separator=" ", ignore_nulls=True)
    root = pl.int_range(pl.len()) == 0
    return nodes.select(
        detail=pl.concat_str(*parts, separator=" · ", ignore_nulls=True),
        edge=pl.when(root & (pl.col("parent") < 0)).then(pl.lit("")).otherwise(edge),
        title=_title(said, nodes, edge))


def _title(said: Phrases, nodes: pl.DataFrame, edge: pl.Expr) -> pl.Expr:
    same = pl.col("name") == pl.col("id")
    return pl.concat_str(
        pl.when(same).then("name").otherwise(said.fill("named", name="name", id="id")), "word", "worth",
        pl.when(pl.col("downstream") > 0).then(said.fill("below", below="below", closed="done")),
        pl.when(pl.col("key").fill_null(False)).then(pl.lit(said.text("key"))),
        pl.when(pl.col("parent") >= 0).then(edge.replace("", None)),
        pl.when(pl.col("also").is_not_null()).then(said.fill("also", names="others")),
        separator=" · ", ignore_nulls=True)


def spoken(values: pl.Series, how: Callable[[float], str]) -> pl.Series:
    """Numbers as text, each different one spoken once."""
    different = values.unique()
    return values.replace_strict(different, [how(x) for x in different], return_dtype=pl.String)


class Phrases:
    """Short texts of a language (table ``picture``), filled column by column."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def text(self, key: str) -> str:
        """The text of a key."""
        return texts.lookup("picture", key, self.lang)

    def words(self, prefix: str) -> dict[str, str]:
        """All texts whose keys begin with ``prefix-``, by the rest of the key."""
        found = texts.load(self.lang)["picture"]
        return {k.removeprefix(f"{prefix}-"): v for k, v in found.items() if k.startswith(f"{prefix}-")}

    def fill(self, key: str, **columns: str) -> pl.Expr:
        """The text of a key with columns of text in its places."""
        parts: Sequence[pl.Expr] = [
            piece for literal, name, _, _ in string.Formatter().parse(self.text(key))
            for piece in ([pl.lit(literal)] if literal else []) + ([pl.col(columns[name])] if name else [])
        ]  # fmt: skip
        return pl.concat_str(parts)
