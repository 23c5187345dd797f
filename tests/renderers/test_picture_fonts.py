"""Fonts: where they are looked for, what they cover, what is said when they do not."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from support.picture_trees import grow_tree, picture

from refgraph.errors import FileError, UsageError
from refgraph.renderers import font_files, font_subset, fonts
from refgraph.renderers.pictures import render_picture
from refgraph.renderers.style import PictureStyle

HAN = [c for c in range(0x4E00, 0x9FA6)]
DEJAVU = font_files.find_shipped_font(*font_files.FALLBACK_FONT) or ""


def test_shipped_font_has_a_glyph_for_every_han_character_of_gbk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(font_files, "FONT_FOLDERS", ())
    monkeypatch.delenv(fonts.FONT_VARIABLE, raising=False)
    font = fonts.load_font()
    assert sum(1 for c in HAN if len(chr(c).encode("gbk")) == 2) == 20_902
    assert font.path.endswith("NotoSansSC-Regular.ttf")
    assert font.has_glyph[HAN].all()
    assert font.find_missing_characters(["".join(map(chr, HAN))]) == []


def test_shipped_font_draws_every_han_character_with_a_glyph_of_its_own() -> None:
    from matplotlib.ft2font import FT2Font

    face = FT2Font(fonts.load_font().path)
    glyphs = [face.get_char_index(c) for c in HAN]
    assert len(set(glyphs)) > 20_000 and 0 not in glyphs


def test_font_widths_equal_those_of_fonttools() -> None:
    from fontTools.ttLib import TTFont

    for path in (fonts.load_font().path, DEJAVU):
        file, font = TTFont(path, lazy=True), fonts.load_font(path)
        names, metrics, em = file.getBestCmap(), file["hmtx"].metrics, file["head"].unitsPerEm
        some = list(names)[:: max(1, len(names) // 3000)]
        assert np.flatnonzero(font.has_glyph).tolist() == sorted(names)
        assert np.allclose(font.advance[some], [max(metrics[names[c]][0] / em, 1e-6) for c in some])
    assert fonts.load_font().widths(["河北", "a", ""], 10).tolist() == pytest.approx([20, 5.63, 0])


def test_font_widths_equal_those_drawn_by_matplotlib() -> None:
    from matplotlib.ft2font import FT2Font, LoadFlags

    font = fonts.load_font()
    face = FT2Font(font.path)
    face.set_size(140, 72)
    for text in (
        "河北钢铁股份有限公司",
        "2025-12-31",
        "Harbour Steel Ltd",
        "282.5 万元 · 下游 12 / 成交 8",
    ):
        face.set_text(text, 0, flags=LoadFlags.NO_HINTING)
        assert font.widths([text], 140)[0] == pytest.approx(
            face.get_width_height()[0] / 64, rel=0.04
        )


def test_load_font_prefers_option_then_variable_then_shipped_then_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shipped = fonts.load_font().path
    system = tmp_path / "deep" / "wqy-microhei.ttf"
    system.parent.mkdir()
    system.write_bytes(Path(DEJAVU).read_bytes())
    monkeypatch.setenv(fonts.FONT_VARIABLE, DEJAVU)
    assert fonts.load_font(shipped).path == shipped
    assert fonts.load_font().path == DEJAVU
    monkeypatch.delenv(fonts.FONT_VARIABLE)
    monkeypatch.setattr(font_files, "FONT_FOLDERS", (str(tmp_path),))
    assert fonts.load_font().path == shipped
    monkeypatch.setattr(font_files, "SHIPPED_FONT", ("no_such_package", "x.ttf"))
    assert fonts.load_font().path == str(system)
    monkeypatch.setattr(font_files, "FONT_FOLDERS", ())
    with pytest.raises(FileError) as fault:
        fonts.load_font()
    assert fault.value.id == "no-font"


@pytest.mark.parametrize(
    ("content", "id"),
    [
        (None, "font-missing"),
        (b"", "font-unreadable"),
        (b"not a font" * 50, "font-unreadable"),
        (b"\0\1\0\0\0\1" + b"\xff" * 90, "font-unreadable"),
    ],
)
def test_load_font_of_bad_file_is_refused(tmp_path: Path, content: bytes | None, id: str) -> None:
    path = tmp_path / "x.ttf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FileError) as fault:
        fonts.load_font(str(path))
    assert fault.value.id == id and fault.value.exit_code == 5


def test_missing_glyphs_become_boxes_unless_strict() -> None:
    shown = picture(
        grow_tree(3, 1), 1, name=["河北钢铁", "Acme", "沙钢"], state=["new"] * 3, channel=[None] * 3
    )
    with pytest.raises(UsageError) as fault:
        render_picture(shown, "svg", "en", PictureStyle(font=DEJAVU, strict_glyphs=True))
    assert fault.value.values["characters"] == "元北沙河钢铁" and fault.value.values["count"] == 6
    for format in ("svg", "png", "pdf"):
        assert len(render_picture(shown, format, "en", PictureStyle(font=DEJAVU))) > 1000
    text = render_picture(shown, "svg", "en", PictureStyle(font=DEJAVU)).decode()
    assert "□□□□" in text and "characters that no text font has are drawn as □" in text


@pytest.mark.parametrize("name", ["한빛전자", "บริษัทไทย", "𠮷野家", "👩‍👩‍👧", "\ue000"])
def test_missing_glyphs_of_any_script_follow_one_rule(name: str) -> None:
    shown = picture(grow_tree(2, 1), 1, name=[name, "Acme"], channel=[None] * 2, state=["new"] * 2)
    for lang, said in (("en", "drawn as □"), ("zh", "以 □ 代替")):
        assert said in render_picture(shown, "svg", lang).decode()
    with pytest.raises(UsageError) as fault:
        render_picture(shown, "svg", "en", PictureStyle(strict_glyphs=True))
    assert fault.value.id == "missing-glyphs"


def test_emoji_and_rare_characters_become_boxes() -> None:
    shown = picture(grow_tree(2, 1), 1, name=["𠮷野家", "👩‍👩‍👧 ok"], channel=["🧨", "🧨"])
    text = render_picture(shown, "svg", "zh").decode()
    assert "□野家" in text and "□□□ ok" in text and "𠮷野家" in text
    assert "5 个字符没有字体可显示" in text


def test_font_subset_holds_exactly_the_drawn_characters() -> None:
    from fontTools.ttLib import TTFont

    font = fonts.load_font()
    data = base64.b64decode(font_subset.encode_subset(font, ["河北钢铁", "abc 😀"]))
    assert data[:4] == b"wOF2" and len(data) < 8_000
    assert set(TTFont(io.BytesIO(data)).getBestCmap()) == set(map(ord, "河北钢铁abc "))
    assert font_subset.encode_subset(font, ["河北钢铁", "abc 😀"]) == font_subset.encode_subset(
        font, ["abc 😀", "北河铁钢"]
    )
    assert font_subset.encode_subset(font, [""]) == ""
    svg = render_picture(
        picture(grow_tree(5, 1)), "svg", "zh", PictureStyle(embed_font=True)
    ).decode()
    assert svg.count("@font-face") == 1 and 'font-family="refgraph-sans,' in svg


def test_split_by_font_cuts_where_the_font_changes() -> None:
    from refgraph.renderers.text_runs import split_by_font

    font = fonts.load_font()
    text = next(
        chr(c) for c in range(0x600, 0x700) if not font.has_glyph[c] and font.advance[c] > 0
    )
    assert list(split_by_font(f"河{text}{text}a", font)) == [
        ("河", True),
        (text * 2, False),
        ("a", True),
    ]
