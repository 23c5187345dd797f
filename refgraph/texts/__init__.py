"""Every sentence that users read, in English and 简体中文, looked up by id.

``format_message`` turns a Message into a sentence, ``explain_error`` an error into cause and
remedy. The folders ``en/`` and ``zh/`` have one file per group; a test holds both to the same keys
and values.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from refgraph.errors import RefgraphError
from refgraph.model.message import Message
from refgraph.texts.agreement import agree_with_counts
from refgraph.texts.numbers import TextFormatter
from refgraph.texts.python_names import spell_for_python, spell_options

LANGUAGES = ("en", "zh")
FILES = (
    "commands",
    "examples",
    "columns",
    "fields",
    "labels",
    "headlines",
    "notes",
    "errors",
    "pages",
    "doctor",
    "formulas",
    "init",
)
"""Files in the folder of a language, without suffix."""


@cache
def load_texts(lang: str) -> dict[str, Any]:
    """All texts of a language by table and key; each table is in one file."""
    texts: dict[str, Any] = {}
    for name in FILES:
        path = files(__name__).joinpath(lang, f"{name}.toml")
        texts |= tomllib.loads(path.read_text(encoding="utf-8"))
    return texts


@cache
def load_glossary() -> dict[str, dict[str, Any]]:
    """Every term by id: its word and meaning in both languages, and words to avoid."""
    return tomllib.loads(files(__name__).joinpath("glossary.toml").read_text(encoding="utf-8"))


def look_up(table: str, key: str, lang: str, default: str | None = None) -> str:
    """The text ``[table] key``. Raises KeyError if it is missing and there is no default."""
    text = load_texts(lang).get(table, {}).get(key, default)
    if not isinstance(text, str):
        raise KeyError(f"texts/{lang}: [{table}] {key}")
    return text


def fill_text(text: str, values: Any, lang: str, *, for_python: bool = False) -> str:
    """A text with its placeholders filled, numbers formatted for the language.

    for_python: name options as Python spells them, not the command line.
    """
    if for_python:
        text = spell_for_python(text)
        values = {key: spell_options(value) for key, value in values.items()}
    formatter = _create_formatter(lang, for_python)
    if lang == "zh":
        return formatter.fill_sentence(text, values)
    return formatter.fill(agree_with_counts(text), values)


def _create_formatter(lang: str, for_python: bool) -> TextFormatter:
    def say(message: Message) -> str:
        return format_message(message, lang, for_python=for_python)

    def find_label(word: str) -> str:
        label = get_label(word, lang)
        return spell_for_python(label) if for_python else label

    return TextFormatter(lang, find_label, say)


def format_message(message: Message, lang: str, *, for_python: bool = False) -> str:
    """The sentence of a Message. Its id is ``table.key``; a bare key is looked up in ``note``.

    for_python: as in `fill_text`.
    """
    table, _, key = message.id.rpartition(".")
    text = look_up(table or "note", key, lang)
    return fill_text(text, message.values, lang, for_python=for_python)


def get_label(word: str, lang: str) -> str:
    """The label of a word (``existing``, ``10+``), or of several joined by ``+``.

    Unknown words are returned unchanged.
    """
    labels = load_texts(lang)["label"]
    parts = word.split("+")
    if word not in labels and all(part in labels for part in parts):
        return " + ".join(labels[part] for part in parts)
    return str(labels.get(word, word))


def get_column_title(key: str, lang: str) -> str:
    """The title of a column; ``value@then`` is ``value`` at one of: then, now, change."""
    return _get_column_text("title", key, lang)


def get_column_meaning(key: str, lang: str) -> str:
    """What a column means, in a few words; ``value@then`` as for `get_column_title`."""
    return _get_column_text("column", key, lang)


def get_option_meaning(command: str, name: str, lang: str) -> str:
    """What an option means: the text of its command, else the common one. name: as in Python."""
    key = name.rstrip("_")
    common = look_up("option", key, lang, "")
    return look_up("option", f"{command}.{key}", lang, common)


def _get_column_text(table: str, key: str, lang: str) -> str:
    base, _, moment = key.partition("@")
    text = look_up(table, base, lang)
    if not moment:
        return text
    return fill_text(look_up("help", f"at-{moment}", lang), {"text": text}, lang)


def explain_error(error: RefgraphError, lang: str, *, for_python: bool = False) -> tuple[str, str]:
    """The cause and the remedy of an error, one line each. for_python: as in `fill_text`."""
    cause, remedy = (look_up(table, error.id, lang) for table in ("error", "remedy"))
    values = {name: _translate_reason(name, value, lang) for name, value in error.values.items()}
    return (
        fill_text(cause, values, lang, for_python=for_python),
        fill_text(remedy, values, lang, for_python=for_python),
    )


def _translate_reason(name: str, value: Any, lang: str) -> Any:
    """What the system says (No such file or directory), if it has a text; else the value."""
    if name in ("why", "format") and isinstance(value, str):
        return load_texts(lang)["reason"].get(value, value)
    return value


def find_language(environment: Mapping[str, str] = os.environ) -> str:
    """The language of sentences in Python: REFGRAPH_LANG if that is en or zh, else the locale."""
    chosen = environment.get("REFGRAPH_LANG", "")
    return chosen if chosen in LANGUAGES else detect_language(environment)


def detect_language(environment: Mapping[str, str] = os.environ) -> str:
    """The language of the locale: zh if LC_ALL, LC_MESSAGES or LANG starts with zh, else en."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((environment[name] for name in names if environment.get(name)), "")
    return "zh" if chosen.lower().startswith("zh") else "en"
