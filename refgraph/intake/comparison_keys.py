"""Keys for proposals: a name without its brackets, group words, place, branch or title.

They go further than those of `name_keys`, so equal keys only propose a match. Each key is made
from an earlier one; a key that would be too short to mean anything is the earlier key.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

import polars as pl

from refgraph.intake.name_keys import make_base_key, make_case_key, make_width_key
from refgraph.intake.script_conversion import simplify_script

COMPARISON_SCHEMA = {
    "base": pl.String,
    "plain": pl.String,
    "bare": pl.String,
    "core": pl.String,
    "place": pl.String,
    "rest": pl.String,
    "head": pl.String,
    "untitled": pl.String,
    "numbers": pl.String,
}
"""Keys of a name, in order.

base: rules 1 to 3. plain: the same in simplified characters. bare: without what stands in brackets.
core: without 集团, 控股, Group, Holdings, Technology at its end. place, rest: the places that the
core begins with, and what follows. head: for a branch, the core of the firm that it belongs to,
else null. untitled: a person without 先生, 总, Mr; null if there is no title. numbers: the numbers
in it.
"""
MIN_KEY_CHARS = 2
_BRACKETS = r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】"
_GROUP_WORDS = (
    r"(?:股份)?(?:(?:集团|控股|科技|技术|实业)(?:股份)?)+$"
    r"|(?:\s(?:group|holdings?|technology|technologies|tech))+$"
)
_BRANCH_WORDS = "分公司|子公司|分店|门店|专卖店|旗舰店|办事处|营业部|经营部|支行|分行|分厂|项目部"
_BRANCH = rf"^(.{{2,}}?)(?:第?[一二三四五六七八九十\d]+)?(?:{_BRANCH_WORDS})$"
_LATIN_BRANCH = r"^(.+?)(?:\s\S+)?\s(?:branch|office|store|subsidiary)$"
_FIRM_OF_BRANCH = r"^(.+?(?:有限公司|有限责任公司))"
_TITLE_WORDS = (
    "先生|女士|小姐|太太|老师|师傅|总经理|副总|总监|经理|主任|厂长|老板|董事长|董事|董|书记|局长|处长|科长"
    "|院长|校长|医生|教授|工程师|总|工"
)
_TITLE = rf"^(\p{{Han}}{{2,4}}?)(?:{_TITLE_WORDS})$"
_LATIN_TITLE = r"^(?:mr|mrs|ms|miss|dr|prof)\s(\S+\s\S.*)$"
_NUMBERS = r"[0-9]+|[一二三四五六七八九十]+"
_PLACE_SUFFIX = "(?:特别行政区|自治区|自治州|地区|省|市)"


def make_comparison_keys(name: pl.Series) -> pl.DataFrame:
    """The keys of names, `COMPARISON_SCHEMA`; all null for an empty or a masked name."""
    width = make_width_key(name)
    base = _make_plain(width)
    width = simplify_script(width)
    plain = _make_plain(width)
    bare = _use_if_long(_make_plain(width.str.replace_all(_BRACKETS, " ")), plain)
    core = make_core(bare)
    place, rest = split_place(core)
    keys = [base, plain, bare, core, place, rest, _find_head(bare), _find_untitled(plain)]
    numbers = plain.str.extract_all(_NUMBERS).list.join(" ")
    named = zip(COMPARISON_SCHEMA, [*keys, numbers], strict=True)
    return pl.DataFrame({column: key for column, key in named}, schema=COMPARISON_SCHEMA)


def make_core(bare: pl.Series) -> pl.Series:
    """A key without group words at its end (河北钢铁集团 -> 河北钢铁)."""
    return _use_if_long(bare.str.replace(_GROUP_WORDS, ""), bare)


def split_place(core: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The places that a key begins with, "" for none, and what follows."""
    key, place = pl.col("core"), pl.col("place")
    found = pl.coalesce(key.str.extract(_compile_places(), 1), pl.lit(""))
    split = core.to_frame("core").with_columns(place=found)
    rest = key.str.slice(place.str.len_chars()).str.strip_chars()
    is_long = rest.str.len_chars() >= MIN_KEY_CHARS
    split = split.select(
        place=pl.when(is_long).then(place.str.replace_all(_PLACE_SUFFIX, "")).otherwise(pl.lit("")),
        rest=pl.when(is_long).then(rest).otherwise(key),
    )
    return split["place"].str.strip_chars(), split["rest"]


def are_compatible(place: str, other: str) -> pl.Expr:
    """Whether two columns of places can be those of one firm: one holds the other, or is empty."""
    left, right = pl.col(place), pl.col(other)
    return left.str.contains(right, literal=True) | right.str.contains(left, literal=True)


@cache
def _compile_places(at_end: bool = False) -> str:
    """A pattern for one or more places at the beginning of a key, or at its end."""
    text = files("refgraph.data").joinpath("places.toml").read_text(encoding="utf-8")
    names = sorted({name for group in tomllib.loads(text).values() for name in group})
    names.sort(key=len, reverse=True)
    han = "|".join(name for name in names if not name.isascii())
    latin = "|".join(re.escape(name) for name in names if name.isascii())
    places = rf"(?:(?:{han}){_PLACE_SUFFIX}?)+"
    return f"{places}$" if at_end else rf"^({places}|(?:(?:{latin})\s)+)"


def _make_plain(width: pl.Series) -> pl.Series:
    return make_base_key(make_case_key(width))


def _use_if_long(key: pl.Series, otherwise: pl.Series) -> pl.Series:
    """A key, or the other one where it is too short."""
    return key.zip_with((key.str.len_chars() >= MIN_KEY_CHARS).fill_null(False), otherwise)


def _find_head(bare: pl.Series) -> pl.Series:
    """The core of the firm of a branch: 河北钢铁 of 河北钢铁集团有限公司唐山分公司."""
    words = pl.col("bare")
    branch = pl.coalesce(words.str.extract(_BRANCH, 1), words.str.extract(_LATIN_BRANCH, 1))
    firm = pl.coalesce(branch.str.extract(_FIRM_OF_BRANCH, 1), branch)
    head = bare.to_frame("bare").select(firm.alias("head"))["head"]
    return make_core(
        make_base_key(_use_if_long(head.str.replace(_compile_places(at_end=True), ""), head))
    )


def _find_untitled(plain: pl.Series) -> pl.Series:
    """A person's name without a title; null for a surname alone (王总)."""
    parts = plain.str.extract(_TITLE, 1), plain.str.extract(_LATIN_TITLE, 1)
    return pl.select(pl.coalesce(*parts)).to_series()
