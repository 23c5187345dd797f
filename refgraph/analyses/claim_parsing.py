"""Parse a claimed count, as people write it: "27-30/96", "nearly 30 of 96", "近三十/96"."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from refgraph.estimates.proportion import wilson

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_CHINESE_NUMERAL = re.compile(
    r"(?P<alone>[零两])|(?:(?P<hundreds>[一二两三四五六七八九])?(?P<hundred>百))?"
    r"(?:(?P<tens>[一二三四五六七八九])?(?P<ten>十)(?P<ones>[一二三四五六七八九])?"
    r"|(?P<zero>零)?(?P<only>[一二三四五六七八九]))?"
)
_NUMBER = r"\d+(?:,\d{3})*|[零一二两三四五六七八九十百]+"
_WORD = "将近|接近|近|nearly|almost|大约|约|about|around"
_CLAIM_PATTERN = re.compile(
    rf"(?P<word>{_WORD})?\s*(?P<first>{_NUMBER})"
    rf"(?:\s*(?:-|~|〜|to|至|到)\s*(?P<last>{_NUMBER}))?"
    rf"\s*(?:/|out of|of)\s*(?P<n>{_NUMBER})"
)
_ABOUT_WORDS = {"大约", "约", "about", "around"}


@dataclass(frozen=True)
class Claim:
    """A claimed count: `low` to `high` of `n`, whole numbers with 0 <= low <= high <= n, n >= 1."""

    low: int
    high: int
    n: int

    def __post_init__(self) -> None:
        if not (0 <= self.low <= self.high <= self.n and self.n >= 1):
            raise ValueError(
                f"a claim needs 0 <= low <= high <= n, not {self.low}-{self.high}/{self.n}"
            )

    def share_range(self) -> tuple[float, float]:
        """Lowest and highest share claimed, low/n and high/n: 27-30/96 gives 0.28125 and 0.3125."""
        return self.low / self.n, self.high / self.n

    def confidence_interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """From the lower Wilson bound of `low` to the upper Wilson bound of `high`, in 0..1.

        Source: Wilson 1927. Worked: 27-30/96 gives 0.2011 to 0.4109.
        """
        return wilson(self.low, self.n, confidence)[0], wilson(self.high, self.n, confidence)[1]


def parse_claim(text: str) -> Claim:
    """Parse COUNT/N or "COUNT of N", in digits or in Chinese numerals up to 999.

    COUNT is a number (30, 三十), a range (27-30, 二十七至三十), or a number after a word. After
    近, 将近, 接近, nearly, almost it is the range from 0.9 COUNT, rounded up, to COUNT; after 约,
    大约, about, around the range ends at 1.1 COUNT, rounded down, and at most N. These factors are
    conventions of this function. Full-width characters, any dash and commas between thousands are
    accepted.
    Raises ValueError for any other text, and unless low <= high <= N.

    >>> parse_claim("近三十/96")
    Claim(low=27, high=30, n=96)
    """
    match = _CLAIM_PATTERN.fullmatch(_normalize_text(text))
    if match is None or (match["word"] and match["last"]):
        raise ValueError(
            f"cannot read the claim {text!r}: write it like 30/96, 27-30/96 or 近三十/96"
        )
    first, n = _parse_number(match["first"]), _parse_number(match["n"])
    if match["last"]:
        return Claim(first, _parse_number(match["last"]), n)
    if not match["word"] or first > n:
        return Claim(first, first, n)
    low = -(-9 * first // 10)
    high = min(11 * first // 10, n) if match["word"] in _ABOUT_WORDS else first
    return Claim(low, high, n)


def _normalize_text(text: str) -> str:
    """Lower case, half-width characters, plain dashes, one form of 两 and 零."""
    half_width = unicodedata.normalize("NFKC", text)
    plain = re.sub("[‐‑‒–—−]+", "-", half_width).replace("兩", "两").replace("〇", "零")
    return plain.strip().lower()


def _parse_number(text: str) -> int:
    """Digits, with commas between thousands if any, or a Chinese numeral."""
    if not text[0].isdecimal():
        return _parse_chinese_numeral(text)
    if "," in text and not re.fullmatch(r"\d{1,3}(?:,\d{3})+", text):
        raise ValueError(f"cannot read the number {text!r}: commas stand between thousands")
    return int(text.replace(",", ""))


def _parse_chinese_numeral(text: str) -> int:
    match = _CHINESE_NUMERAL.fullmatch(text)
    if match is None or (match["only"] and bool(match["hundred"]) != bool(match["zero"])):
        raise ValueError(
            f"cannot read the number {text!r}: Chinese numerals up to 九百九十九, or digits"
        )
    values = {name: _DIGITS.get(digit, 1) for name, digit in match.groupdict().items() if digit}
    if "alone" in values:
        return values["alone"]
    hundreds = values.get("hundreds", 1) if "hundred" in values else 0
    tens = values.get("tens", 1) if "ten" in values else 0
    return 100 * hundreds + 10 * tens + values.get("ones", 0) + values.get("only", 0)
