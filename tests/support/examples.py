"""Parameters for running every analysis on any company: the parties that some analyses ask for."""

from __future__ import annotations

from pathlib import Path

from refgraph import analyses
from refgraph.engines.base import Engine
from refgraph.errors import DataError
from refgraph.model.scope import Scope
from refgraph.pipeline.referral_check import check_referrals

SETS_OF_ONE = ("without", "reach")
PAIRS = ("common", "compare")
PLANNED = ("rewards", "payouts")
PLAN = Path(__file__).parent.parent.parent / "sample_data" / "plans" / "two-sided.toml"


def get_parameters(name: str, engine: Engine) -> dict[str, object] | None:
    """Parameters of an analysis on a company.

    None if the company has too few parties, or if no referrer of it is a customer.
    """
    if is_refused(name, engine):
        return None
    ids = engine.dataset().customers["id"].sort().to_list()
    if name in SETS_OF_ONE:
        return {"of": (ids[0],)} if ids else None
    if name in PAIRS:
        return {"of": (ids[0], ids[1])} if len(ids) > 1 else None
    if name == "introduce":
        return {"to": ids[-1]} if ids else None
    if name == "early-adopters":
        return find_product(engine)
    if name in PLANNED:
        return {"plan": str(PLAN)}
    if name == "path":
        return {"from_": ids[0], "to": ids[-1]} if len(ids) > 1 else None
    return {}


def find_product(engine: Engine) -> dict[str, object]:
    """A product that somebody ordered, if orders name any."""
    orders = engine.dataset().orders
    names = [] if orders is None else orders["product"].drop_nulls().sort().to_list()
    return {"product": names[0].split("; ")[0]} if names else {}


def is_refused(name: str, engine: Engine) -> bool:
    """Whether the analysis has no answer for the referrals of this company."""
    analysis = analyses.load(name)
    if not analysis.needs_referrals:
        return False
    try:
        check_referrals(engine, engine.graph(Scope()))
    except DataError:
        return True
    return False
