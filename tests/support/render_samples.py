"""Results made by hand for renderer tests: every unit, awkward names, any number of rows."""

from __future__ import annotations

import csv
import io
from datetime import date

import polars as pl

from refgraph.model.message import Amount, Names, message
from refgraph.model.result import Column, Report, Result, Section
from refgraph.model.scope import Scope
from refgraph.model.units import Unit

NASTY = (
    "Acme [/]",
    "[bold red]x[/]",
    "$\\frac{$",
    "</script><script>alert(1)</script>",
    "nul\0in",
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07t",
    "\x9b2Jc1",
    "two\nlines",
    "carriage\rreturn",
    "tab\tin",
    "crlf\r\nin",
    "\u202eevil\u202c",
    "宝钢" * 100,
    "x" * 200,
    "😀 👨‍👩‍👧 ❤️",
    "𠮷田商事",
    "=cmd()",
    "+1",
    "-1",
    "@sum",
    "\t=x",
    "\r=x",
    "＝全角",
    "＋一",
    "a;=cmd()",
    "a|b",
    "a\\|b",
    "tail\\",
    "# head",
    "- item",
    "1. one",
    "*b* _i_ `c` ~~s~~",
    "[l](http://x)",
    "![i](u)",
    "&lt;b&gt;",
    "a,b",
    'say "hi"',
    "'",
    "",
    " padded ",
    "---",
    "e\u0301",
    "\u2028",
    "<!-- c -->",
    "line |---| rule",
)
COLUMNS = (
    Column("party", Unit.ID),
    Column("name", Unit.TEXT),
    Column("stage", Unit.LABEL),
    Column("joined", Unit.DATE),
    Column("referred", Unit.COUNT, formula="M3", family="reach"),
    Column("part", Unit.SHARE),
    Column("gap", Unit.POINTS),
    Column("lift", Unit.RATIO),
    Column("direct", Unit.MONEY, symbol="元"),
    Column("volume", Unit.QUANTITY, symbol="t"),
    Column("tenure", Unit.DAYS),
    Column("depth", Unit.DEPTH),
    Column("chance", Unit.SCORE),
    Column("basis", Unit.VALUE),
    Column("key", Unit.LABEL),
    Column("via", Unit.TEXT),
    Column("why", Unit.REASON),
)
TITLES = {
    "en": {c.name: f"The {c.name}" for c in COLUMNS} | {"direct": "Direct value"},
    "zh": {c.name: f"列{c.name}" for c in COLUMNS} | {"direct": "直接成交金额"},
}
for _lang, _titles in TITLES.items():
    _titles.update(x="=X", id="编号" if _lang == "zh" else "Id")
SENTENCES = {
    "en": {
        "test-head": "{n:count} of {all:count} ({part:share}) by {who}; {worth}",
        "test-note": "Note on {who}.",
        "test-title": "Report of {who}",
    },
    "zh": {
        "test-head": "{all:count} 家中 {n:count} 家（{part:share}），{who}；{worth}",
        "test-note": "关于{who}。",
        "test-title": "{who}的报告",
    },
}


def values(rows: int) -> dict[str, pl.Series]:
    """Columns of ``rows`` rows by arithmetic alone; about one cell in eleven is null."""
    i = pl.int_range(rows, eager=True)
    missing = i % 11 == 7
    number = (i * 7919 % 100_003).cast(pl.Float64) / 7.0
    names = pl.Series([NASTY[k % len(NASTY)] for k in range(rows)], dtype=pl.String)
    columns = {
        "party": pl.Series([f"C{k:05}" for k in range(rows)], dtype=pl.String),
        "name": names,
        "stage": pl.Series([("existing", "prospect")[k % 2] for k in range(rows)], dtype=pl.String),
        "joined": (i.cast(pl.Int32) + (date(2001, 2, 3) - date(1970, 1, 1)).days).cast(pl.Date),
        "referred": i,
        "part": number / 20_000,
        "gap": -number / 20_000,
        "lift": -number,
        "direct": number * 1e6,
        "volume": number,
        "tenure": i,
        "depth": (i % 5).cast(pl.Int32),
        "chance": number / 1e9,
        "basis": number,
        "key": i % 2 == 0,
        "why": pl.Series(
            [["existing 3 > 2", f"{NASTY[k % len(NASTY)]}"] for k in range(rows)],
            dtype=pl.List(pl.String),
        ),
        "via": pl.select(pl.concat_list(names, pl.lit("; x"))).to_series(),
    }
    holed = {
        name: pl.select(pl.when(~missing).then(column)).to_series()
        for name, column in columns.items()
    }
    return holed | {"party": columns["party"]}


def result(rows: int = 3, who: str = NASTY[0], columns: tuple[Column, ...] = COLUMNS) -> Result:
    """A Result with every unit; ``who`` is a name that stands in headline and note."""
    data = values(rows)
    frame = pl.DataFrame(
        {c.name: data[c.name] for c in columns}, schema=None if rows else get_schema(columns)
    )
    worth = Amount(1_234_567.0, "元", money=True)
    return Result(
        analysis="sample",
        parameters={
            "split": "direct",
            "of": ("A", "B"),
            "since": date(2020, 1, 1),
            "limit": float("inf"),
        },
        scope=Scope(as_of=date(2025, 12, 31)),
        frame=frame,
        columns=columns,
        grain="party",
        headline=message("test-head", n=30, all=96, part=0.314, who=Names((who,)), worth=worth),
        notes=(message("test-note", who=who),),
        origin={"engine": "offline", "refgraph": "9.8.7", "parties": 129},
    )


def get_schema(columns: tuple[Column, ...]) -> dict[str, pl.DataType]:
    """Types of the columns, for a frame without rows."""
    return {
        name: series.dtype
        for name, series in values(1).items()
        if name in [c.name for c in columns]
    }


def report(who: str = NASTY[0]) -> Report:
    """A Report of two sections, the first cut at two rows."""
    sections = (Section(result(5), "test-caption", rows=2), Section(result(1), ""))
    return Report(message("test-title", who=who), sections, (message("test-note", who=who),))


def read_csv(page: bytes, delimiter: str = ",", encoding: str = "utf-8") -> list[list[str]]:
    """The cells as Python's own reader finds them."""
    return list(
        csv.reader(io.StringIO(page.decode(encoding), newline=""), delimiter=delimiter, strict=True)
    )
