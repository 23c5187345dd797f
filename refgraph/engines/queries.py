"""Cypher statements, one per file of ``cypher/``, each with a head that tests compare to its text.

No statement is assembled from strings. What cannot be a parameter (a label, a relationship type, a
property name) is a slot in the file, `` `<name>` ``, which `Statement.to_cypher` fills with quoted
names; a line whose slot gets several names is repeated for each of them. So every file is valid
Cypher as it stands, and `quote_name` is the only place that quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from refgraph.errors import RefgraphError

PACKAGE = "refgraph.cypher"
HEAD_KEYS = ("mode", "parameters", "columns", "oldest")
_SLOT = re.compile(r"`<(\w+)>`")
_PARAMETER = re.compile(r"\$(\w+)")
_WRITE_KEYWORD = re.compile(r"\b(CREATE|MERGE|SET|DELETE|REMOVE|DROP|db\.create\w+)\b")
_RETURNED_NAME = re.compile(r"\bAS (`<\w+>`|\w+)")
_VERSION = re.compile(r"\d+\.\d+")


class Cypher(str):
    """The text of a statement that came from a file: the only thing a session runs.

    A statement that a user wrote becomes one by `adopt_statement`.
    """


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One file of ``cypher/``.

    purpose: the first lines of its head. mode: read, write or schema. parameters and columns:
    name -> type. oldest_version: the oldest server that understands the statement.
    """

    name: str
    purpose: str
    mode: str
    parameters: Mapping[str, str]
    columns: Mapping[str, str]
    oldest_version: str
    text: str

    @property
    def slots(self) -> frozenset[str]:
        """Names of the slots."""
        return frozenset(_SLOT.findall(self.text))

    def to_cypher(self, **names: str | Sequence[str]) -> Cypher:
        """The text with names in its slots.

        A line whose slot gets several names is repeated for each, and dropped if there are none.
        Raises RefgraphError ``slot-unfilled`` for a slot without names or names without a slot.
        """
        if names.keys() != self.slots:
            unmatched = sorted(self.slots ^ names.keys())
            raise RefgraphError("slot-unfilled", statement=self.name, slots=unmatched)
        lines: list[str] = []
        for line in self.text.splitlines():
            lines.extend(_expand_line(line, names))
        return Cypher("\n".join(lines))

    def find_faults(self) -> Iterator[str]:
        """Where the head disagrees with the text; nothing for a sound file."""
        used = set(_PARAMETER.findall(_SLOT.sub("", self.text)))
        if used != set(self.parameters):
            yield f"parameters {sorted(used ^ set(self.parameters))}"
        writes = bool(_WRITE_KEYWORD.search(self.text))
        if writes != (self.mode != "read"):
            yield f"mode {self.mode}"
        returned = self._find_returned_names()
        if returned != list(self.columns):
            yield f"columns {returned}"
        if not _VERSION.fullmatch(self.oldest_version):
            yield f"oldest {self.oldest_version}"

    def _find_returned_names(self) -> list[str]:
        """Names after AS in the last RETURN, in their order."""
        _, keyword, clause = self.text.rpartition("RETURN")
        names = _RETURNED_NAME.findall(clause) if keyword else []
        return [name.strip("`<>") for name in names]


def quote_name(name: str) -> str:
    r"""A name in backticks, with backticks doubled and backslashes as ``\u005C``.

    Cypher replaces ``\uXXXX`` before it parses, so a backslash in a name must not start one.
    Raises RefgraphError ``name-empty`` for an empty name, which Cypher does not allow.
    """
    if not name:
        raise RefgraphError("name-empty")
    return "`" + name.replace("\\", "\\u005C").replace("`", "``") + "`"


def adopt_statement(text: str) -> Cypher:
    """A statement that a user wrote, to be run as it is; only in a session that cannot write."""
    return Cypher(text)


def explain_statement(text: Cypher) -> Cypher:
    """A statement that returns the plan of another one, which is not run."""
    return Cypher(f"EXPLAIN {text}")


@cache
def load_statement(name: str) -> Statement:
    """The statement of a file, by its path without suffix (``read/customers``)."""
    file = files(PACKAGE).joinpath(f"{name}.cypher")
    return parse_statement(name, file.read_text(encoding="utf-8"))


def parse_statement(name: str, content: str) -> Statement:
    """The parts of a file; its comment lines are the head.

    Raises RefgraphError ``head-missing`` without a purpose or a mode.
    """
    lines = content.splitlines()
    values = dict.fromkeys(HEAD_KEYS, "")
    purpose = []
    for line in lines:
        if not line.startswith("//"):
            continue
        comment = line[2:].strip()
        key, colon, value = comment.partition(":")
        if colon and key in values:
            values[key] = value.strip()
        else:
            purpose.append(comment)
    if not purpose or not values["mode"]:
        raise RefgraphError("head-missing", statement=name)
    code = [line for line in lines if line.strip() and not line.startswith("//")]
    return Statement(
        name=name,
        purpose=" ".join(purpose),
        mode=values["mode"],
        parameters=_parse_types(values["parameters"]),
        columns=_parse_types(values["columns"]),
        oldest_version=values["oldest"],
        text="\n".join(code),
    )


def _parse_types(text: str) -> dict[str, str]:
    """``after STRING, size INTEGER`` as name -> type."""
    types = {}
    for entry in text.split(","):
        name, _, type = entry.strip().partition(" ")
        if name:
            types[name.strip("`<>")] = type
    return types


def _expand_line(line: str, names: Mapping[str, str | Sequence[str]]) -> Iterator[str]:
    """The line with its slots filled, once per name of its slot with several names."""
    single: dict[str, str] = {}
    repeated_slot, repeated_names = "", [""]
    for slot in _SLOT.findall(line):
        value = names[slot]
        if isinstance(value, str):
            single[slot] = value
        elif not repeated_slot:
            repeated_slot, repeated_names = slot, list(value)
    for name in repeated_names:
        chosen = {**single, repeated_slot: name}
        yield _fill_slots(line, chosen)


def _fill_slots(line: str, names: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda slot: quote_name(names[slot[1]]), line)
