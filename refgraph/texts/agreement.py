"""English nouns agree with the number before them: 1 customer, 2 customers."""

from __future__ import annotations

import re
from functools import cache

_NOUNS = {
    "accounts": "account",
    "analyses": "analysis",
    "arcs": "arc",
    "chains": "chain",
    "columns": "column",
    "contacts": "contact",
    "customers": "customer",
    "days": "day",
    "generations": "generation",
    "groups": "group",
    "kernels": "kernel",
    "links": "link",
    "members": "member",
    "names": "name",
    "nodes": "node",
    "occasions": "occasion",
    "pairs": "pair",
    "parties": "party",
    "people": "person",
    "periods": "period",
    "prospects": "prospect",
    "questions": "question",
    "ranks": "rank",
    "recommenders": "recommender",
    "referrals": "referral",
    "referrers": "referrer",
    "rows": "row",
    "simulations": "simulation",
    "trees": "tree",
    "years": "year",
}
_VERBS = {"are": "is", "were": "was", "have": "has"}
_NO_ADJECTIVES = "and|are|by|came|for|from|had|has|have|in|is|of|or|to|via|was|were|with"
_COUNTED_NOUN = re.compile(
    r"(?P<head>(?P<of>\bof )?\{(?P<name>\w+):(?:count|tenth)\} "
    rf"(?:(?!(?:{_NO_ADJECTIVES})\b)[a-z-]+ ){{0,2}}?)"
    rf"(?P<noun>{'|'.join(_NOUNS)})\b(?: (?P<verb>{'|'.join(_VERBS)})\b)?"
)


@cache
def agree_with_counts(text: str) -> str:
    """The text with ``{n:count} customers`` as ``{n:count} {n:customer/customers}``.

    Up to two adjectives may stand between. A verb right after the noun agrees too, unless the
    number belongs to an "of": one of 2 customers is. Nouns that the text forms itself stay.

    >>> agree_with_counts("{n:count} former customers are back")
    '{n:count} former {n:customer/customers} {n:is/are} back'
    """
    return _COUNTED_NOUN.sub(_choose_by_count, text)


def _choose_by_count(found: re.Match[str]) -> str:
    name, noun, verb = found["name"], found["noun"], found["verb"]
    words = f"{found['head']}{{{name}:{_NOUNS[noun]}/{noun}}}"
    if verb is None:
        return words
    if found["of"]:
        return f"{words} {verb}"
    return f"{words} {{{name}:{_VERBS[verb]}/{verb}}}"
