"""The pictures of a report in a workbook and beside a page in Markdown."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from pathlib import Path
from urllib.parse import unquote

import pytest
from support.program import CASE, call

from refgraph.pipeline import open_source
from refgraph.reports.markdown_files import write_markdown_files
from refgraph.reports.report import build_report

IMAGES = 11
"""Charts and trees of the report of the classic case: its first page has three."""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_workbook_of_a_report_shows_its_pictures_on_a_sheet(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "report.xlsx"
    assert call("report", CASE, "--lang", lang, "-o", str(path)).code == 0
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as book:
        names = book.namelist()
        images = [name for name in names if name.startswith("xl/media/")]
        assert len(images) == IMAGES
        assert all(book.read(name).startswith(b"\x89PNG") for name in images)
        drawing = book.read("xl/drawings/drawing1.xml").decode()
        assert names.count("xl/drawings/drawing1.xml") == 1
        title = {"en": "Charts", "zh": "图表"}[lang]
        assert f'<sheet name="{title}" sheetId="2"' in book.read("xl/workbook.xml").decode()
    spoken = re.findall(r'descr="([^"]+)"', drawing)
    assert len(spoken) == IMAGES and all(len(sentence) > 20 for sentence in spoken)
    rows = [int(row) for row in re.findall(r"<xdr:from>.*?<xdr:row>(\d+)</xdr:row>", drawing)]
    ends = [int(row) for row in re.findall(r"<xdr:to>.*?<xdr:row>(\d+)</xdr:row>", drawing)]
    assert all(start > end for start, end in zip(rows[1:], ends, strict=False))


def test_markdown_file_shows_the_pictures_beside_it(tmp_path: Path) -> None:
    page = tmp_path / "我的 report.md"
    assert call("report", CASE, "--lang", "zh", "-o", str(page)).code == 0
    text = page.read_text("utf-8")
    links = re.findall(r"^!\[([^\]]+)\]\(([^)\s]+)\)$", text, re.MULTILINE)
    assert len(links) == IMAGES
    for _, address in links:
        width, height = struct.unpack(">II", (tmp_path / unquote(address)).read_bytes()[16:24])
        assert width > 1_000 and height > 500
    charts = [link.start() for link in re.finditer(r"^!\[", text, re.MULTILINE)]
    assert text.index("\n## ") > charts[2] and text.index("\n## ") < charts[3]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["我的 report-pictures", page.name]


def test_markdown_on_stdout_has_no_pictures() -> None:
    assert "![" not in call("report", CASE, "--format", "md").out


def test_markdown_without_pictures_makes_no_folder(tmp_path: Path) -> None:
    report = build_report(open_source(CASE), with_picture=False)
    write_markdown_files(report, tmp_path / "plain.md", "en")
    assert [file.name for file in tmp_path.iterdir()] == ["plain.md"]
