"""Traditional characters brought to simplified ones, for keys only: names are shown as written."""

from __future__ import annotations

import polars as pl

_HAN = r"\p{Han}"


def simplify_script(text: pl.Series) -> pl.Series:
    """A text with every traditional character replaced by its simplified form.

    Each distinct character is converted once, so that a million names take as long as a thousand.
    """
    characters = text.drop_nulls().unique().str.extract_all(_HAN).explode().drop_nulls().unique()
    pairs = _convert_characters(sorted(characters))
    if not pairs:
        return text
    return text.str.replace_many(list(pairs), list(pairs.values()))


def _convert_characters(characters: list[str]) -> dict[str, str]:
    """Character -> its simplified form, for those that have another one."""
    if not characters:
        return {}
    from opencc import OpenCC

    converter = OpenCC("t2s")
    simplified = {character: str(converter.convert(character)) for character in characters}
    return {written: plain for written, plain in simplified.items() if written != plain}
