"""What an analysis is asked in the contract suites where it needs to be told about whom: the first parties of the company."""

from __future__ import annotations

from refgraph.engines.base import Engine

ONE = ("without", "reach")
TWO = ("common", "compare")


def given(name: str, engine: Engine) -> dict[str, object] | None:
    """Parameters of an analysis on a company; None where it has too few parties to ask about."""
    ids = engine.dataset().customers["id"].sort().to_list()
    if len(ids) < (1 if name in ONE else 2 if name in (*TWO, "path") else 0):
        return None
    if name == "path":
        return {"from_": ids[0], "to": ids[-1]}
    return {"of": tuple(ids[:1])} if name in ONE else {"of": (ids[0], ids[1])} if name in TWO else {}
