"""Cypher statements: one a file of ``cypher/``, each with a head that is held against its text.

A statement is never put together from strings. What cannot be a parameter (a label, a relationship type, a property name)
stands in the file as a slot, `` `<name>` ``, and `Statement.filled` puts quoted names there; a line with a slot that is given
several names is repeated for each. So a file is valid Cypher as it stands, and `quoted` is the only place that quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable

from refgraph.errors import RefgraphError

PACKAGE = "refgraph.cypher"
HEADS = ("mode", "needs", "gives", "oldest")
_SLOT = re.compile(r"`<(\w+)>`")
_PARAMETER = re.compile(r"\$(\w+)")
_WRITES = re.compile(r"\b(CREATE|MERGE|SET|DELETE|REMOVE|DROP|db\.create\w+)\b")
_LAST = re.compile(r"\bAS (`<\w+>`|\w+)")


class Cypher(str):
    """The text of a statement that came out of a file: the only thing that a session runs."""


@dataclass(frozen=True)
class Statement:
    """One file of ``cypher/``.

    purpose: the first lines of its head. mode: read, write or schema. needs: parameters, gives: columns, each with its type.
    oldest: the oldest server that understands it.
    """

    name: str
    purpose: str
    mode: str
    needs: Mapping[str, str]
    gives: Mapping[str, str]
    oldest: str
    text: str

    @property
    def slots(self) -> frozenset[str]:
        """Names of the slots."""
        return frozenset(_SLOT.findall(self.text))

    def filled(self, **names: str | Sequence[str]) -> Cypher:
        """The text with names in its slots; a line is repeated for each of several names, and goes where there are none.

        Raises RefgraphError ``slot-unfilled`` for a slot without names and for names without a slot.
        """
        if names.keys() != self.slots:
            raise RefgraphError("slot-unfilled", statement=self.name, slots=sorted(self.slots ^ names.keys()))
        lines = [line for each in self.text.splitlines() for line in _lines(each, names)]
        return Cypher("\n".join(lines))

    def faults(self) -> Iterator[str]:
        """What the head says otherwise than the text; nothing for a sound file."""
        parameters = set(_PARAMETER.findall(_SLOT.sub("", self.text)))
        if parameters != set(self.needs):
            yield f"parameters {sorted(parameters ^ set(self.needs))}"
        if bool(_WRITES.search(self.text)) != (self.mode != "read"):
            yield f"mode {self.mode}"
        returned = self.text.rpartition("RETURN")[2] if "RETURN" in self.text else ""
        columns = {name.strip("`<>") for name in _LAST.findall(returned)}
        if columns != set(self.gives):
            yield f"columns {sorted(columns ^ set(self.gives))}"
        if not re.fullmatch(r"\d+\.\d+", self.oldest):
            yield f"oldest {self.oldest}"


def quoted(name: str) -> str:
    """A name in backticks, whatever it holds: backticks are doubled, and no escape of the form backslash-u is left.

    Raises RefgraphError ``name-empty`` for an empty name, which Cypher does not know.
    """
    if not name:
        raise RefgraphError("name-empty")
    return "`" + name.replace("\\", "\\u005C").replace("`", "``") + "`"


@cache
def statement(name: str) -> Statement:
    """The statement of a file, by its path without suffix (``read/customers``)."""
    return parsed(name, files(PACKAGE).joinpath(f"{name}.cypher").read_text(encoding="utf-8"))


def names() -> tuple[str, ...]:
    """All statements there are."""
    return tuple(sorted(_names(files(PACKAGE), "")))


def parsed(name: str, content: str) -> Statement:
    """A file taken apart: lines of comment in front are its head. Raises RefgraphError ``head-missing``."""
    lines = content.splitlines()
    head = [line[2:].strip() for line in lines if line.startswith("//")]
    told = dict.fromkeys(HEADS, "")
    purpose = []
    for line in head:
        key, sign, value = line.partition(":")
        if sign and key in told:
            told[key] = value.strip()
        else:
            purpose.append(line)
    if not purpose or not told["mode"]:
        raise RefgraphError("head-missing", statement=name)
    text = "\n".join(line for line in lines if line.strip() and not line.startswith("//"))
    return Statement(name, " ".join(purpose), told["mode"], _typed(told["needs"]), _typed(told["gives"]), told["oldest"], text)


def _typed(words: str) -> dict[str, str]:
    """``after STRING, size INTEGER`` as name -> type."""
    pairs = (word.strip().partition(" ") for word in words.split(",") if word.strip())
    return {name.strip("`<>"): kind for name, _, kind in pairs}


def _lines(line: str, names: Mapping[str, str | Sequence[str]]) -> Iterator[str]:
    found = _SLOT.findall(line)
    many = [slot for slot in found if not isinstance(names[slot], str)]
    rounds = [{many[0]: name} for name in names[many[0]]] if many else [{}]
    for chosen in rounds:
        whole = {slot: chosen.get(slot, names[slot]) for slot in found}
        yield _SLOT.sub(partial(_put, whole), line)


def _put(names: Mapping[str, str | Sequence[str]], slot: re.Match[str]) -> str:
    return quoted(str(names[slot[1]]))


def _names(folder: Traversable, prefix: str) -> Iterator[str]:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.name.startswith("_"):
            yield from _names(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".cypher"):
            yield prefix + entry.name.removesuffix(".cypher")
