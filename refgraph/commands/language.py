"""In which language to speak before options are parsed: help and errors of the command line itself."""

from __future__ import annotations

import os
import sys

from refgraph.texts import LANGUAGES, preferred


def chosen(arguments: list[str] | None = None) -> str:
    """``--lang`` wherever it stands in the call, else REFGRAPH_LANG, else the locale."""
    words = sys.argv[1:] if arguments is None else arguments
    for place, word in enumerate(words):
        given = words[place + 1] if word == "--lang" and place + 1 < len(words) else word.removeprefix("--lang=")
        if (word == "--lang" or word.startswith("--lang=")) and given in LANGUAGES:
            return given
    named = os.environ.get("REFGRAPH_LANG", "")
    return named if named in LANGUAGES else preferred()
