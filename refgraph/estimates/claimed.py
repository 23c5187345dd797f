"""Read a count as people claim it ("27-30/96", "nearly 30 of 96", "近三十/96") and say what it amounts to."""

import re
import unicodedata
from dataclasses import dataclass

from refgraph.estimates.proportion import wilson

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_CHINESE = re.compile(
    r"(?P<alone>[零两])|(?:(?P<hundreds>[一二两三四五六七八九])?(?P<hundred>百))?"
    r"(?:(?P<tens>[一二三四五六七八九])?(?P<ten>十)(?P<ones>[一二三四五六七八九])?"
    r"|(?P<zero>零)?(?P<only>[一二三四五六七八九]))?"
)
_NUMBER = r"\d+(?:,\d{3})*|[零一二两三四五六七八九十百]+"
_CLAIM = re.compile(
    rf"(?P<word>将近|接近|近|nearly|almost|大约|约|about|around)?\s*(?P<first>{_NUMBER})"
    rf"(?:\s*(?:-|~|〜|to|至|到)\s*(?P<last>{_NUMBER}))?\s*(?:/|out of|of)\s*(?P<n>{_NUMBER})"
)
_ABOUT = {"大约", "约", "about", "around"}


@dataclass(frozen=True)
class Claim:
    """A claimed count: `low` to `high` of `n`, whole numbers with 0 <= low <= high <= n and n >= 1."""

    low: int
    high: int
    n: int

    def __post_init__(self) -> None:
        if not (0 <= self.low <= self.high <= self.n and self.n >= 1):
            raise ValueError(f"a claim needs 0 <= low <= high <= n, not {self.low}-{self.high}/{self.n}")

    def share(self) -> tuple[float, float]:
        """Lowest and highest share claimed: low/n and high/n, in 0..1 (27-30/96 gives 0.28125 and 0.3125)."""
        return self.low / self.n, self.high / self.n

    def plausible(self, confidence: float = 0.95) -> tuple[float, float]:
        """Shares plausible for some count in the claim: the Wilson low of `low` to the Wilson high of `high`.

        Source: Wilson 1927. Range: 0..1, a share. Worked: 27-30/96 gives 0.2011 to 0.4109.
        """
        return wilson(self.low, self.n, confidence)[0], wilson(self.high, self.n, confidence)[1]


def claimed(text: str) -> Claim:
    """Parse a claimed count of the form COUNT/N or "COUNT of N", in digits or in Chinese numerals up to 999.

    COUNT is a number (30, 三十), a range (27-30, 二十七至三十), or one number after a word. After 近, 将近, 接近, nearly,
    almost the range is 0.9 COUNT rounded up to COUNT; after 约, 大约, about, around it goes on to 1.1 COUNT
    rounded down, at most N: conventions of this function, whole customers. Full-width characters, dashes of
    any kind and commas between thousands are read too. Raises ValueError for everything else, and unless low
    <= high <= N.

    >>> claimed("近三十/96")
    Claim(low=27, high=30, n=96)
    """
    plain = re.sub("[‐‑‒–—−]+", "-", unicodedata.normalize("NFKC", text)).replace("兩", "两").replace("〇", "零")
    match = _CLAIM.fullmatch(plain.strip().lower())
    if match is None or (match["word"] and match["last"]):
        raise ValueError(f"cannot read the claim {text!r}: write it like 30/96, 27-30/96 or 近三十/96")
    first, n = _number(match["first"]), _number(match["n"])
    if match["last"]:
        return Claim(first, _number(match["last"]), n)
    if not match["word"] or first > n:
        return Claim(first, first, n)
    return Claim(-(-9 * first // 10), min(11 * first // 10, n) if match["word"] in _ABOUT else first, n)


def _number(text: str) -> int:
    if text[0].isdecimal():
        if "," in text and not re.fullmatch(r"\d{1,3}(?:,\d{3})+", text):
            raise ValueError(f"cannot read the number {text!r}: commas stand between thousands")
        return int(text.replace(",", ""))
    match = _CHINESE.fullmatch(text)
    if match is None or (match["only"] and bool(match["hundred"]) != bool(match["zero"])):
        raise ValueError(f"cannot read the number {text!r}: Chinese numerals up to 九百九十九, or digits")
    part = {name: _DIGITS.get(digit, 1) for name, digit in match.groupdict().items() if digit}
    if "alone" in part:
        return part["alone"]
    tens = part.get("tens", 1) if "ten" in part else 0
    hundreds = part.get("hundreds", 1) if "hundred" in part else 0
    return 100 * hundreds + 10 * tens + part.get("ones", 0) + part.get("only", 0)
