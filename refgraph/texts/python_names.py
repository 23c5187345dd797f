"""Options in texts as a Python program writes them: ``--top`` becomes ``top``.

Texts name options as the command line spells them. Where Python asked, each one is replaced by the
keyword argument, or by the object that holds it: ``--encoding gb18030`` becomes
``SourceOptions(encoding="gb18030")``.
"""

from __future__ import annotations

import re
import shlex
from functools import cache

_VALUE = r"(\{\w+\}|文件|标签|列|[A-Za-z0-9]+(?:-\d+)?)"
"""The value of an option in a text: a place, a word in capitals, or an example."""
_HOLDERS = {
    "SourceOptions": ("encoding", "delimiter", "config"),
    "IntakeOptions": ("no-referrals", "repair-ids", "same-order-once", "sensitive", "strict"),
    "CastRules": ("date-format", "decimal", "loose-numbers", "trim"),
    "Connection": (
        *("database", "env-file", "insecure", "node-label", "relationship", "reversed"),
        *("reversed-relationship", "orders-label", "orders-relationship", "property"),
    ),
    "LoadOptions": ("resume", "replace", "into-existing"),
}
"""Class -> options that are its fields; every other option is a keyword argument of its own."""
_FIELDS = {"node-label": "label"}
"""Options whose field has another name."""
_FLAGS = frozenset(
    (
        *("no-referrals", "repair-ids", "same-order-once", "sensitive", "strict"),
        *("loose-numbers", "trim"),
        *(
            "insecure",
            "reversed",
            "resume",
            "replace",
            "into-existing",
            "strict-glyphs",
            "allow-missing-glyphs",
        ),
    )
)
"""Options without a value: True in Python."""
_SPECIAL = (
    (r"'?refgraph load SOURCE --into (?:URI|地址)'?", 'refgraph.load(data, "URI")'),
    (r"--column ([^\s=]+)=(\{\w+\}|HEADER|列名|表头)", r'SourceOptions(columns={{"\1": "\2"}})'),
    (r"--column\b", "SourceOptions(columns=...)"),
    (r"--date-format ([\w.{}]+)=(\{\w+\}|\w+)", r'CastRules(date_format="\1=\2")'),
    (r"--decimal ([\w.{}]+)=(\{\w+\}|\w+)", r'CastRules(decimal="\1=\2")'),
    (r"--customers-patch (?:FILE|文件)", 'SourceOptions(patches="FILE")'),
    (r"--matches (?:FILE|文件)", 'SourceOptions(matches="FILE")'),
    (r"--customers (?:FILE|文件)", 'customers="FILE"'),
    (r"--of (\w+) --of (\w+)", r'of=["\1", "\2"]'),
    (r"--from (\w+) --to (\w+)", r'from_="\1", to="\2"'),
    (r"--split direct", 'split="direct"'),
    (r"--exclude (?:CODE|代码)", 'Scope(exclude="CODE")'),
    (r"--not\b", "left_out=True"),
    (r"--debug\b", 'logging.basicConfig(level="DEBUG")'),
    (r"--rejects (?:FILE|文件)", "data.rejects.write_csv(FILE)"),
    (r"--\{(\w+)\} (?:FILE|文件)", r'{\1}="FILE"'),
)
"""Patterns of options with values of their own form, and what Python writes for them."""


@cache
def spell_for_python(text: str) -> str:
    """A text, before its places are filled, with options as Python spells them."""
    if "--" not in text:
        return text
    for pattern, spelling in _SPECIAL:
        text = re.sub(pattern, spelling, text)
    for holder, options in _HOLDERS.items():
        for option in options:
            text = _spell_field(text, option, holder)
    text = re.sub(r"--\{(\w+)\}", r"{\1}", text)
    return re.sub(r"--([a-z][a-z-]*)", _spell_argument, text)


def spell_options(value: object) -> object:
    """A value that is a piece of a command line, such as ``--column id=No --repair-ids``.

    Any other value is returned as it is.
    """
    if not isinstance(value, str) or not value.startswith("--"):
        return value
    words = shlex.split(value)
    columns = [words[k + 1] for k, word in enumerate(words[:-1]) if word == "--column"]
    pairs = [pair.partition("=") for pair in columns]
    spelled = ", ".join(f'"{field}": "{header}"' for field, _, header in pairs)
    parts = [f"SourceOptions(columns={{{spelled}}})"] if columns else []
    flags = [word for word in words if word.startswith("--") and word != "--column"]
    return ", ".join(parts + [spell_for_python(flag) for flag in flags])


def _spell_field(text: str, option: str, holder: str) -> str:
    """The text with an option as a field of the class that holds it."""
    field = _FIELDS.get(option, option.replace("-", "_"))
    if option in _FLAGS:
        return re.sub(rf"--{option}\b(?!-)", f"{holder}({field}=True)", text)
    text = re.sub(
        rf"--{option} (?:{_VALUE})(?=[ ,.;。，；）)]|$)",
        lambda match: f'{holder}({field}="{match[1]}")' if _is_value(match[1]) else match[0],
        text,
    )
    return re.sub(rf"--{option}\b(?!-)", f"{holder}({field}=...)", text)


def _is_value(word: str) -> bool:
    """Whether the word behind an option is its value and not the next word of the sentence."""
    return not re.fullmatch(r"[a-z]+", word)


def _spell_argument(match: re.Match[str]) -> str:
    name = match[1].rstrip("-")
    spelled = name.replace("-", "_")
    return f"{spelled}=True" if name in _FLAGS else spelled
