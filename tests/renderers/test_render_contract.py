"""What every format promises: any number of rows, every unit, awkward names, both languages."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from support.format_texts import read_text
from support.render_samples import NASTY, report, result

from refgraph.errors import UsageError
from refgraph.renderers import FORMATS, find_format, html, render
from refgraph.texts import explain_error

SIZES = (0, 1, 2_000)
each_format = pytest.mark.parametrize("format", FORMATS)
big = cache(result)


@pytest.fixture(autouse=True)
def skip_costly_font(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The embedded font is made where bytes are compared only; it takes a second a page."""
    if "same_bytes" not in request.node.name:
        monkeypatch.setattr(html, "_embed_font", lambda page, packed: page)


@each_format
@pytest.mark.parametrize("lang", ("en", "zh"))
@pytest.mark.parametrize("rows", SIZES)
def test_render_twice_gives_same_bytes_and_every_row(
    format: str, lang: str, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = render(big(rows), format, lang)
    for setting in (
        "COLUMNS=20",
        "LINES=3",
        "FORCE_COLOR=1",
        "TERM=dumb",
        "LC_ALL=C",
        "LANG=zh_CN.UTF-8",
    ):
        monkeypatch.setenv(*setting.split("="))
    assert render(big(rows), format, lang) == page
    text = read_text(page, format)
    if not FORMATS[format].is_binary:
        assert text.endswith("\n") or (format == "ndjson" and not rows)
    assert all(f"C{k:05}" in text for k in range(0, rows, 97))
    assert text.count("C0") == rows
    assert f"C{rows:05}" not in text


@each_format
def test_render_keeps_the_order_of_rows(format: str) -> None:
    text = read_text(render(result(200), format, "en"), format)
    places = [text.index(f"C{k:05}") for k in range(200)]
    assert places == sorted(places)


@each_format
def test_render_with_top_shows_the_first_rows_only(format: str) -> None:
    text = read_text(render(result(96), format, "en", top=20), format)
    held = 96 if format == "html" else 20  # a page holds further rows, to be opened
    assert text.count("C0") == held and "C00019" in text
    assert ("… 76 more" in text) == (format in ("table", "md", "xlsx"))
    assert ("76 more rows" in text) == (format == "html")
    assert "more" not in read_text(render(result(96), format, "en", top=96), format)


@each_format
@pytest.mark.parametrize("who", NASTY)
def test_render_of_hostile_name_keeps_every_row(format: str, who: str) -> None:
    assert read_text(render(result(2, who), format, "en"), format).count("C0000") == 2


@each_format
def test_render_of_report_is_accepted_or_refused_by_format(format: str) -> None:
    if FORMATS[format].reports:
        assert "C00000" in read_text(render(report(), format, "zh"), format)
    else:
        with pytest.raises(UsageError) as refused:
            render(report(), format, "en")
        assert refused.value.id == "format-holds-no-report" and "json" in str(refused.value)


def test_unknown_format_or_suffix_error_names_known_ones() -> None:
    with pytest.raises(UsageError, match="csv-excel"):
        render(result(1), "pdfx", "en")
    with pytest.raises(UsageError, match=r"\.ndjson"):
        find_format("answer.doc")


@pytest.mark.parametrize(
    ("name", "format"),
    (
        ("a.csv", "csv"),
        ("a.TSV", "tsv"),
        ("a.json", "json"),
        ("a.b.ndjson", "ndjson"),
        ("a.jsonl", "ndjson"),
        ("a.md", "md"),
        ("a.txt", "table"),
        ("a.html", "html"),
        ("a.HTM", "html"),
        ("a.xlsx", "xlsx"),
        ("a.parquet", "parquet"),
        ("a.sqlite", "sqlite"),
        ("a.db", "sqlite"),
    ),
)
def test_find_format_follows_suffix(name: str, format: str) -> None:
    assert find_format(name) == find_format(Path("folder") / name) == format


def test_import_of_renderers_loads_no_format_module() -> None:
    code = """import sys, refgraph.renderers
print(*sorted(m for m in sys.modules if m.startswith("refgraph.renderers.")))"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [
        f"refgraph.renderers.{shared}" for shared in ("cells", "values", "view")
    ]


@pytest.mark.parametrize("lang", ("en", "zh"))
def test_render_errors_have_remedy_in_both_languages(lang: str) -> None:
    for call in (
        lambda: render(result(1), "pdfx", lang),
        lambda: render(report(), "csv", lang),
        lambda: find_format("answer.doc"),
    ):
        with pytest.raises(UsageError) as refused:
            call()
        cause, remedy = explain_error(refused.value, lang)
        assert cause and (".csv" in remedy or "table" in remedy)
