"""WHERE A GRAPH LIVES: an engine answers questions about a graph, a store also takes one in.

`ENGINES` maps the scheme of an address to the module that opens it. To add an engine:

1. Write ``engines/NAME/factory.py`` with the functions of `base.EngineFactory`.
2. Add its schemes to `ENGINES`.
3. Run the contract tests of ``tests/engines`` against it: every answer has to equal, byte for
   byte, the answer of `OfflineEngine` for the same data; only ``origin`` may differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from refgraph.errors import UsageError

if TYPE_CHECKING:
    from refgraph.engines.base import EngineFactory

NEO4J_SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
ENGINES: Mapping[str, str] = {
    **dict.fromkeys(NEO4J_SCHEMES, "refgraph.engines.neo4j.factory"),
}
"""Scheme of an address -> module with the functions of `base.EngineFactory`."""


def is_address(source: object) -> bool:
    """Whether a SOURCE is the address of a database, not a path."""
    return isinstance(source, str) and "://" in source


def find_factory(uri: str) -> EngineFactory:
    """The module that opens an address. Raises UsageError ``bad-uri`` for an unknown scheme."""
    scheme = uri.partition("://")[0]
    if scheme not in ENGINES:
        raise UsageError("bad-uri", uri=uri.rpartition("@")[2], known=list(ENGINES))
    factory: EngineFactory = import_module(ENGINES[scheme])
    return factory
