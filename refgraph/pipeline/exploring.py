"""An engine becomes an explorer page: all parties of a source in one file."""

from __future__ import annotations

from refgraph.engines.base import Engine
from refgraph.measures.explorer_parties import list_explorer_parties
from refgraph.model.message import message
from refgraph.model.scope import Scope
from refgraph.model.units import Unit
from refgraph.pipeline.referral_check import check_referrals
from refgraph.renderers.explorer import render_explorer


def build_explorer(engine: Engine, lang: str, scope: Scope = Scope()) -> bytes:
    """The page as HTML. Raises DataError as `check_referrals`."""
    graph = engine.graph(scope)
    check_referrals(engine, graph)
    parties = list_explorer_parties(graph)
    sizes = parties.filter(parties["parent"] < 0)["downstream"]
    headline = message(
        "explore.headline",
        parties=parties.height,
        trees=int((sizes > 0).sum()),
        alone=int((sizes == 0).sum()),
        day=graph.as_of,
    )
    is_money = graph.value.kind is Unit.MONEY
    unit = "" if graph.value.basis == "customers" else graph.value.unit
    return render_explorer(parties, headline, unit, is_money, lang)
