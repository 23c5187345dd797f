"""Reports as PDF: searchable words of both languages, the same bytes, no name acts as markup."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from support import toys
from support.program import CASE, call

from refgraph.engines.offline import OfflineEngine
from refgraph.pipeline import open_source
from refgraph.renderers import render
from refgraph.reports.customer_page import build_customer_page
from refgraph.reports.report import build_report

needs_typst = pytest.mark.skipif(find_spec("typst") is None, reason="typst is missing")


def read_pages(path: Path) -> list[str]:
    """The text of each page, as a search finds it."""
    if shutil.which("pdftotext") is None:
        if os.environ.get("CI"):
            pytest.fail("pdftotext (poppler-utils) is missing")
        pytest.skip("pdftotext (poppler-utils) is missing")
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


@needs_typst
@pytest.mark.parametrize(
    ("lang", "title", "share", "contents"),
    [
        ("en", "Referral report", "31.25 %", "Contents"),
        ("zh", "客户推荐报告", "31.25%", "目录"),
    ],
)
def test_report_as_pdf_has_cover_contents_charts_and_page_numbers(
    tmp_path: Path, lang: str, title: str, share: str, contents: str
) -> None:
    path = tmp_path / "report.pdf"
    assert call("report", CASE, "--lang", lang, "-o", str(path)).code == 0
    pages = read_pages(path)
    assert title in pages[0] and share in pages[0] and contents in pages[1]
    assert all(f"{number} / {len(pages)}" in page for number, page in enumerate(pages, 1))
    whole = "\n".join(pages)
    for name in ("寻梅坞五金制品有限公司", "镕岳台机械有限公司", "蓼红滩桥梁工程有限公司"):
        assert name in whole
    drawn = {"en": "share of new customers", "zh": "新增客户"}[lang]
    assert drawn in whole, "texts of charts can be searched"
    again = tmp_path / "again.pdf"
    assert call("report", CASE, "--lang", lang, "-o", str(again)).code == 0
    assert again.read_bytes() == path.read_bytes()


@needs_typst
def test_names_in_a_pdf_are_text_whatever_they_hold(tmp_path: Path) -> None:
    names = ["#panic(1)", "$x^2$ *b* _i_", '#include "/etc/passwd"', "<a@b>", "𠮷 שלום \\u{41}"]
    people: dict[str, dict[str, object]] = {
        f"c{k}": {"name": name, "revenue": 10} for k, name in enumerate(names)
    }
    data = toys.company(people, [("c0", f"c{k}") for k in range(1, len(names))])
    engine = OfflineEngine(data)
    report = build_report(engine)
    (tmp_path / "x.pdf").write_bytes(render(report, "pdf", "en"))
    text = "".join(read_pages(tmp_path / "x.pdf"))
    for name in names[:4]:
        assert name in text
    page = render(build_customer_page(engine, "c0"), "pdf", "zh")
    assert page.startswith(b"%PDF")


@needs_typst
def test_report_without_pictures_and_of_one_customer_is_a_pdf(tmp_path: Path) -> None:
    content = render(build_report(open_source(CASE), with_picture=False), "pdf", "en", top=3)
    (tmp_path / "x.pdf").write_bytes(content)
    assert "Contents" in read_pages(tmp_path / "x.pdf")[1]


def test_report_as_pdf_without_the_extra_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    done = call("report", CASE, "-o", str(tmp_path / "x.pdf"))
    assert done.code == 2 and "pip install 'refgraph[pdf]'" in done.err
    assert len(done.err.splitlines()) == 2 and not list(tmp_path.iterdir())
