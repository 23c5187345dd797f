"""Names as rules compare them: width and blanks, then case and punctuation, then the legal form.

Each rule brings a name to a key; two names match under a rule if their keys are equal. A later key
is made from the earlier one. Keys are never shown and never stored.
"""

from __future__ import annotations

import polars as pl

MASKED = r"[\p{Han}\d][*＊]+|[*＊]+[\p{Han}\d]"
"""A name or number with characters hidden (张*, 138****0001) names nobody for certain."""
MIN_BASE_CHARS = 2
"""What is left of a name without its legal form must have as many characters."""

_INVISIBLE = r"[\p{Cf}\p{Cc}]"
_HAN_BLANK = r"(\p{Han})\s+(\p{Han})"
_DROPPED_MARKS = r"[.'’‘`´\"“”()\[\]{}<>《》「」【】·・•…!?;:。]"
_BLANK_MARKS = r"[\s,，、/\\_\-–—]+"
_HAN_FORMS = ("股份有限公司", "有限责任公司", "有限公司")
_LATIN_FORMS = (
    *("private limited", "company limited", "co limited", "co ltd", "pty ltd", "pte ltd"),
    *("incorporated", "corporation", "limited", "corp", "gmbh", "inc", "ltd", "plc", "llc", "llp"),
)
_FORM = f"(?:{'|'.join(_HAN_FORMS)}|\\s(?:{'|'.join(_LATIN_FORMS)}))$"
_SAME_FORMS = {
    "有限责任公司": "有限公司",
    "limited": "ltd",
    "incorporated": "inc",
    "corporation": "corp",
    "company limited": "co ltd",
    "co limited": "co ltd",
}
NAME_KEYS = ("width", "case", "base")
"""Keys of the three rules that match names."""


def make_width_key(name: pl.Series) -> pl.Series:
    """Rule 1: NFKC, nothing invisible, no blanks between Han characters, single blanks elsewhere.

    Null for an empty or a masked name.
    """
    plain = name.str.normalize("NFKC").str.replace_all(r"\s+", " ")
    plain = _close_han_blanks(plain.str.replace_all(_INVISIBLE, ""))
    return plain.set((plain == "") | plain.str.contains(MASKED), None)


def make_case_key(width_key: pl.Series) -> pl.Series:
    """Rule 2: a key of rule 1 without case and punctuation; ``&`` is the word "and"."""
    plain = width_key.str.to_lowercase().str.replace_all("&", " and ", literal=True)
    plain = plain.str.replace_all(_DROPPED_MARKS, "").str.replace_all(_BLANK_MARKS, " ")
    plain = _close_han_blanks(plain)
    return plain.set(plain == "", None)


def make_base_key(case_key: pl.Series) -> pl.Series:
    """Rule 3: a key of rule 2 without one legal form at its end (有限公司, Inc, Ltd, PLC).

    A bare 公司 or "company" is no legal form.
    """
    base = case_key.str.replace(_FORM, "").str.strip_chars()
    return base.zip_with(base.str.len_chars() >= MIN_BASE_CHARS, case_key)


def find_legal_form(case_key: pl.Series, base_key: pl.Series) -> pl.Series:
    """The legal form that a base key lacks, "" if it lacks none; Ltd and Limited are the same."""
    pair = pl.DataFrame({"case": case_key, "base": base_key})
    rest = pl.col("case").str.slice(pl.col("base").str.len_chars()).str.strip_chars()
    return pair.select(form=rest.replace(_SAME_FORMS)).to_series()


def add_name_keys(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """The frame with the columns of `NAME_KEYS` and ``form``, made from the column `name`."""
    width = make_width_key(frame[name])
    case = make_case_key(width)
    base = make_base_key(case)
    form = find_legal_form(case, base)
    return frame.with_columns(width=width, case=case, base=base, form=form)


def _close_han_blanks(name: pl.Series) -> pl.Series:
    """Without blanks between Han characters and at the ends."""
    for _ in range(2):  # 甲 乙 丙: the second blank is seen by the second pass
        name = name.str.replace_all(_HAN_BLANK, "$1$2")
    return name.str.strip_chars()
