"""Fonts: where they are looked for, what they cover, what is said when they do not."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from picture_trees import grown, picture

from refgraph.errors import FileError, UsageError
from refgraph.renderers import fonts
from refgraph.renderers.look import Look
from refgraph.renderers.pictures import render_picture

HAN = [c for c in range(0x4E00, 0x9FA6)]
DEJAVU = fonts._shipped(*fonts.FALLBACK) or ""


def test_every_han_of_gbk_has_a_glyph_in_the_shipped_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FOLDERS", ())
    monkeypatch.delenv(fonts.VARIABLE, raising=False)
    font = fonts.load()
    assert sum(1 for c in HAN if len(chr(c).encode("gbk")) == 2) == 20_902
    assert font.path.endswith("NotoSansSC-Regular.ttf")
    assert font.own[HAN].all()
    assert font.lacking(["".join(map(chr, HAN))]) == []


def test_all_of_them_are_drawn_with_ink_of_their_own() -> None:
    from matplotlib.ft2font import FT2Font

    face = FT2Font(fonts.load().path)
    glyphs = [face.get_char_index(c) for c in HAN]
    assert len(set(glyphs)) > 20_000 and 0 not in glyphs


def test_widths_are_those_of_fonttools() -> None:
    from fontTools.ttLib import TTFont

    for path in (fonts.load().path, DEJAVU):
        file, font = TTFont(path, lazy=True), fonts.load(path)
        names, metrics, em = file.getBestCmap(), file["hmtx"].metrics, file["head"].unitsPerEm
        some = list(names)[:: max(1, len(names) // 3000)]
        assert np.flatnonzero(font.own).tolist() == sorted(names)
        assert np.allclose(font.advance[some], [max(metrics[names[c]][0] / em, 1e-6) for c in some])
    assert fonts.load().widths(["河北", "a", ""], 10).tolist() == pytest.approx([20, 5.63, 0])


def test_widths_are_those_that_matplotlib_draws() -> None:
    from matplotlib.ft2font import FT2Font, LoadFlags

    font = fonts.load()
    face = FT2Font(font.path)
    face.set_size(140, 72)
    for text in ("河北钢铁股份有限公司", "2025-12-31", "Harbour Steel Ltd", "282.5 万元 · 下游 12 / 成交 8"):
        face.set_text(text, 0, flags=LoadFlags.NO_HINTING)
        assert font.widths([text], 140)[0] == pytest.approx(face.get_width_height()[0] / 64, rel=0.04)


def test_the_search_goes_from_option_to_variable_to_shipped_to_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shipped = fonts.load().path
    system = tmp_path / "deep" / "wqy-microhei.ttf"
    system.parent.mkdir()
    system.write_bytes(Path(DEJAVU).read_bytes())
    monkeypatch.setenv(fonts.VARIABLE, DEJAVU)
    assert fonts.load(shipped).path == shipped
    assert fonts.load().path == DEJAVU
    monkeypatch.delenv(fonts.VARIABLE)
    monkeypatch.setattr(fonts, "FOLDERS", (str(tmp_path),))
    assert fonts.load().path == shipped
    monkeypatch.setattr(fonts, "SHIPPED", ("no_such_package", "x.ttf"))
    assert fonts.load().path == str(system)
    monkeypatch.setattr(fonts, "FOLDERS", ())
    with pytest.raises(FileError) as fault:
        fonts.load()
    assert fault.value.id == "no-font"


@pytest.mark.parametrize(("content", "id"), [(None, "font-missing"), (b"", "font-unreadable"), (b"not a font" * 50, "font-unreadable"),
                                             (b"\0\1\0\0\0\1" + b"\xff" * 90, "font-unreadable")])  # fmt: skip
def test_a_font_that_is_none(tmp_path: Path, content: bytes | None, id: str) -> None:
    path = tmp_path / "x.ttf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FileError) as fault:
        fonts.load(str(path))
    assert fault.value.id == id and fault.value.exit_code == 5


def test_characters_that_the_font_lacks_stop_the_drawing_unless_allowed() -> None:
    shown = picture(grown(3, 1), 1, name=["河北钢铁", "Acme", "沙钢"], state=["new"] * 3, channel=[None] * 3)
    with pytest.raises(UsageError) as fault:
        render_picture(shown, "svg", "en", Look(font=DEJAVU))
    assert fault.value.values["characters"] == "元北沙河钢铁" and fault.value.values["count"] == 6
    for format in ("svg", "png", "pdf"):
        page = render_picture(shown, format, "en", Look(font=DEJAVU, allow_missing_glyphs=True))
        assert len(page) > 1000
    text = render_picture(shown, "svg", "en", Look(font=DEJAVU, allow_missing_glyphs=True)).decode()
    assert "□□□□" in text and "characters that no text font has are drawn as □" in text


def test_emoji_and_rare_characters_do_not_stop_it() -> None:
    shown = picture(grown(2, 1), 1, name=["𠮷野家", "👩‍👩‍👧 ok"], channel=["🧨", "🧨"])
    text = render_picture(shown, "svg", "zh").decode()
    assert "□野家" in text and "□□□ ok" in text and "𠮷野家" in text
    assert "5 个字符无字体可显示" in text


def test_a_subset_holds_what_is_drawn_and_no_more() -> None:
    from fontTools.ttLib import TTFont

    font = fonts.load()
    data = base64.b64decode(fonts.subset(font, ["河北钢铁", "abc 😀"]))
    assert data[:4] == b"wOF2" and len(data) < 8_000
    assert set(TTFont(io.BytesIO(data)).getBestCmap()) == set(map(ord, "河北钢铁abc "))
    assert fonts.subset(font, ["河北钢铁", "abc 😀"]) == fonts.subset(font, ["abc 😀", "北河铁钢"])
    assert fonts.subset(font, [""]) == ""
    svg = render_picture(picture(grown(5, 1)), "svg", "zh", Look(embed_font=True)).decode()
    assert svg.count("@font-face") == 1 and "font-family=\"refgraph-sans," in svg


def test_fallback_runs_are_cut_where_the_font_changes() -> None:
    from refgraph.renderers.image import _pieces

    font = fonts.load()
    text = next(chr(c) for c in range(0x600, 0x700) if not font.own[c] and font.advance[c] > 0)
    assert list(_pieces(f"河{text}{text}a", font)) == [("河", True), (text * 2, False), ("a", True)]
