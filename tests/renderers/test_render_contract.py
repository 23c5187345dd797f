"""What every format promises: any number of rows, every unit, awkward names, both languages."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from render_samples import NASTY, report, result

from refgraph.errors import UsageError
from refgraph.renderers import FORMATS, format_of, html, render
from refgraph.texts import explain_error

SIZES = (0, 1, 10_000)
FONT = re.compile(rb"base64,[^)]*")
every = pytest.mark.parametrize("format", FORMATS)
big = cache(result)


@pytest.fixture(autouse=True)
def font_once(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The embedded font is made where bytes are compared only; it takes a second a page."""
    if "same_bytes" not in request.node.name:
        monkeypatch.setattr(html, "_with_font", lambda page: page)


@every
@pytest.mark.parametrize("lang", ("en", "zh"))
@pytest.mark.parametrize("rows", SIZES)
def test_same_bytes_twice_and_every_row_there(
    format: str, lang: str, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = render(big(rows), format, lang)
    for setting in ("COLUMNS=20", "LINES=3", "FORCE_COLOR=1", "TERM=dumb", "LC_ALL=C", "LANG=zh_CN.UTF-8"):
        monkeypatch.setenv(*setting.split("="))
    assert render(big(rows), format, lang) == page
    text = FONT.sub(b"", page).decode("utf-8")
    assert text.endswith("\n") or (format == "ndjson" and not rows)
    assert all(f"C{k:05}" in text for k in range(0, rows, 97))
    assert text.count("C0") == rows
    assert f"C{rows:05}" not in text


@every
def test_rows_keep_their_order(format: str) -> None:
    text = FONT.sub(b"", render(result(200), format, "en")).decode()
    places = [text.index(f"C{k:05}") for k in range(200)]
    assert places == sorted(places)


@every
def test_top_shows_the_first_rows_only(format: str) -> None:
    text = FONT.sub(b"", render(result(96), format, "en", top=20)).decode()
    assert text.count("C0") == 20 and "C00019" in text
    assert ("… 76 more" in text) == (format in ("table", "md", "html"))
    assert "more" not in FONT.sub(b"", render(result(96), format, "en", top=96)).decode()


@every
@pytest.mark.parametrize("who", NASTY)
def test_a_name_in_headline_and_notes_breaks_nothing(format: str, who: str) -> None:
    assert FONT.sub(b"", render(result(2, who), format, "en")).count(b"C0000") == 2


@every
def test_a_report_is_held_or_refused(format: str) -> None:
    if FORMATS[format].reports:
        assert b"C00000" in render(report(), format, "zh")
    else:
        with pytest.raises(UsageError) as refused:
            render(report(), format, "en")
        assert refused.value.id == "format-holds-no-report" and "json" in str(refused.value)


def test_unknown_formats_and_suffixes_name_the_known_ones() -> None:
    with pytest.raises(UsageError, match="csv-excel"):
        render(result(1), "pdfx", "en")
    with pytest.raises(UsageError, match=r"\.ndjson"):
        format_of("answer.doc")


@pytest.mark.parametrize(("name", "format"), (
    ("a.csv", "csv"), ("a.TSV", "tsv"), ("a.json", "json"), ("a.b.ndjson", "ndjson"), ("a.jsonl", "ndjson"),
    ("a.md", "md"), ("a.txt", "table"), ("a.html", "html"), ("a.HTM", "html"),
))  # fmt: skip
def test_a_suffix_means_a_format(name: str, format: str) -> None:
    assert format_of(name) == format_of(Path("folder") / name) == format


def test_a_format_loads_its_own_module_only() -> None:
    code = """import sys, refgraph.renderers
print(*sorted(m for m in sys.modules if m.startswith(("rich", "refgraph.renderers."))))"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [f"refgraph.renderers.{shared}" for shared in ("cells", "values", "view")]


@pytest.mark.parametrize("lang", ("en", "zh"))
def test_errors_speak_both_languages(lang: str) -> None:
    for call in (lambda: render(result(1), "pdfx", lang), lambda: render(report(), "csv", lang),
                 lambda: format_of("answer.doc")):  # fmt: skip
        with pytest.raises(UsageError) as refused:
            call()
        cause, remedy = explain_error(refused.value, lang)
        assert cause and (".csv" in remedy or "table" in remedy)
