"""Every sentence a user reads, in English and 简体中文, looked up by the ids in ``model``.

``say`` turns a Message into a sentence, ``explain_error`` an error into cause and remedy. The files are
``en.toml`` and ``zh.toml``; a test holds the two to the same keys and the same numbers.
"""

from __future__ import annotations

import os
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from refgraph.errors import RefgraphError
from refgraph.model.message import Message
from refgraph.texts.numbers import Speaker

LANGUAGES = ("en", "zh")


@cache
def load(lang: str) -> dict[str, Any]:
    """All texts of a language, as nested tables."""
    return tomllib.loads(files(__name__).joinpath(f"{lang}.toml").read_text(encoding="utf-8"))


def lookup(table: str, key: str, lang: str, default: str | None = None) -> str:
    """The text ``[table] key``; raises KeyError where it is missing and no default is given."""
    found = load(lang).get(table, {}).get(key, default)
    if not isinstance(found, str):
        raise KeyError(f"{lang}.toml: [{table}] {key}")
    return found


def fill(text: str, values: Any, lang: str) -> str:
    """A text with its places filled, numbers spoken as the language does."""
    return Speaker(lang, lambda word: label(word, lang), lambda m: say(m, lang)).fill(text, values)


def say(message: Message, lang: str) -> str:
    """The sentence of a Message. Its id is ``table.key``; a bare key is looked up in ``note``."""
    table, _, key = message.id.rpartition(".")
    return fill(lookup(table or "note", key, lang), message.values, lang)


def label(word: str, lang: str) -> str:
    """A word of a closed vocabulary (``existing``, ``10+``), or several joined by ``+``; unknown words stay as they are."""
    known = load(lang)["label"]
    if word not in known and all(part in known for part in word.split("+")):
        return " + ".join(known[part] for part in word.split("+"))
    return str(known.get(word, word))


def title(key: str, lang: str) -> str:
    """The heading of a column; ``value@then`` is ``value`` at one of two moments (then, now, change)."""
    return _at("title", key, lang)


def meaning(key: str, lang: str) -> str:
    """What a column means, in a few words; ``value@then`` as for `title`."""
    return _at("column", key, lang)


def _at(table: str, key: str, lang: str) -> str:
    base, _, moment = key.partition("@")
    text = lookup(table, base, lang)
    return fill(lookup("help", f"at-{moment}", lang), {"text": text}, lang) if moment else text


def explain_error(error: RefgraphError, lang: str) -> tuple[str, str]:
    """One line of cause and one line of remedy."""
    return (fill(lookup("error", error.id, lang), error.values, lang),
            fill(lookup("remedy", error.id, lang), error.values, lang))  # fmt: skip


def preferred(environment: dict[str, str] | None = None) -> str:
    """The language of the locale: zh where LC_ALL, LC_MESSAGES or LANG begin with zh, else en."""
    env = os.environ if environment is None else environment
    chosen = env.get("LC_ALL") or env.get("LC_MESSAGES") or env.get("LANG") or ""
    return "zh" if chosen.lower().startswith("zh") else "en"


def _speak(error: RefgraphError) -> str:
    return " ".join(explain_error(error, "en"))


RefgraphError.speak = staticmethod(_speak)
