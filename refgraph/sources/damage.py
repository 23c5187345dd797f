"""Why a file cannot be read, in words of refgraph in place of those of a library."""

from __future__ import annotations

import re

from refgraph.model.message import Message, message

_SIGNS = (
    ("password", r"password|encrypt"),
    ("doctype", r"doctype"),
    ("too-deep", r"nested too deep|recursion"),
    ("surrogate", r"surrogate"),
    ("old-feather", r"feather version 1"),
    ("no-records", r"no line is a record"),
    (
        "cut-off",
        r"too early|truncat|unexpected end|\beof\b|end of (?:file|central)|incomplete|too short"
        r"|unterminated|no element found|fill whole buffer|unclosed token",
    ),
    (
        "other-format",
        r"not a (?:zip|database|gzip)|magic|signature|header check|frame (?:header|descriptor)"
        r"|unrecognized|detect|out.of.spec|must start|unknown (?:format|frame)|\bcfb\b|\bole\b"
        r"|line 1,? column [01]\b",
    ),
)
"""Reason -> what the text of an error then holds; the first that fits counts."""
_PLACE_IN_JSON = re.compile(r": line (\d+) column \d+ \(char \d+\)$")


def describe_damage(error: object) -> Message:
    """The reason in a sentence, from what a library raised or said."""
    text = str(error) or type(error).__name__
    for reason, signs in _SIGNS:
        if re.search(signs, text, re.IGNORECASE):
            return message(f"phrase.damage-{reason}")
    place = _PLACE_IN_JSON.search(text)
    if place:
        return message("phrase.json-line", line=int(place[1]))
    return message("phrase.damage-inside")
