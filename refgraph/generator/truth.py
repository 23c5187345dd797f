"""truth.json: what was planted, by knob, by count and by member, so that answers can be held against it."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import date, timedelta
from importlib.metadata import version
from typing import Any

import numpy as np
import polars as pl

from refgraph.generator import words
from refgraph.generator.company import Company
from refgraph.generator.dealing import Ints
from refgraph.generator.lures import WORDS, Lure
from refgraph.generator.names import groups as called
from refgraph.generator.origins import Longs, Origin
from refgraph.generator.plan import END
from refgraph.generator.prospects import Stage


def truth(company: Company, names: pl.Series) -> dict[str, Any]:
    """A dictionary that JSON can hold; ``names`` are the ids of `refgraph.generator.tables.ids`.

    ``counts``: n, R and U of M1 and M2 (existing, referred, unknown) and what they are made of. ``genuine``: existing customers
    who in truth came by a dealt referral: R without loops and alias accounts, with the hidden ones. ``expected``: what
    ``refgraph check`` must find, no more and no less.
    """
    plan, quota = company.plan, company.quotas
    return {
        "refgraph": version("refgraph"), "schema": 1, "synthetic": True, "plan": asdict(plan),
        "as_of": END.isoformat(), "first_contract": _day(company, 0).isoformat(),
        "counts": _counts(company),
        "share": {"recorded": quota.referred / quota.existing, "genuine": quota.dealt / quota.existing,
                  "bounds": [quota.referred / quota.existing, (quota.referred + quota.unknown) / quota.existing]},
        "conversion": _conversion(company), "chain": _chain(company),
        "value": {"gap": plan.value_gap, "log_odds_by_size": plan.size_confounding,
                  "sector_factors": {s: factor for s, (_, factor, _) in words.SECTORS.items()}},
        "leaving": {"hazard_a_year": plan.churn, "ratio_while_referrer_stays": plan.retention,
                    "ratio_after_referrer_left": plan.retention_after},
        "loops": [_ids(names, loop) for loop in company.origins.loops],
        "farms": _farms(company, names), "bursts": _bursts(company, names), "shared_contacts": _shared(company, names),
        "false_key_accounts": _lures(company, names), "groups": _groups(company, names),
        "hidden": [{"referred": child, "referrer": parent} for child, parent in _hidden(company, names)],
        "strangers": names.slice(plan.size).to_list(),
        "self_referrals": _ids(names, company.arcs.referrer[company.arcs.referrer == company.arcs.referred]),
        "expected": _expected(company),
    }  # fmt: skip


def _counts(company: Company) -> dict[str, int]:
    size, quota = company.sizes, company.quotas
    counts = {f.name: getattr(quota, f.name) for f in fields(quota)}
    return counts | {
        "parties": company.plan.size, "customers": size.customers, "former": size.customers - quota.existing,
        "prospects": size.prospects, "staff_parties": size.staff, "partner_parties": size.partners,
        "authority_parties": size.authorities, "referral_rows": len(company.arcs),
        "two_referrers": int(np.isfinite(company.arcs.share).sum() // 2 + _unsaid(company)),
    }  # fmt: skip


def _unsaid(company: Company) -> int:
    """Customers with two referrers and no shares on record."""
    blank = company.arcs.referred[np.isnan(company.arcs.share) & (company.arcs.referrer != company.arcs.referred)]
    among = blank[(blank < company.sizes.organic)]
    return int((np.bincount(among, minlength=1) == 2).sum())


def _conversion(company: Company) -> dict[str, float | int | None]:
    claimed = int(np.isin(company.origin, (Origin.NAMED, Origin.STRANGER, Origin.LOOP, Origin.THIN)).sum())
    referred = company.prospects.parent >= 0
    lost = int((referred & (company.prospects.stage == Stage.LOST)).sum())
    decided = claimed + lost
    return {"planned": company.plan.conversion, "closed": claimed, "lost": lost, "open": int(referred.sum()) - lost,
            "realised": claimed / decided if decided else None}  # fmt: skip


def _chain(company: Company) -> dict[str, float | None]:
    """The share of the truly referred whose referrer came by referral itself: the ratio of the geometric law of depth."""
    run = company.run
    parents = run.parent[run.referred]
    return {"planned": company.plan.chain, "realised": float(run.referred[parents].mean()) if parents.size else None}


def _farms(company: Company, names: pl.Series) -> list[dict[str, Any]]:
    star = company.farms
    thin, edges = company.sizes.organic + np.arange(len(star.farm)), np.flatnonzero(np.diff(star.farm)) + 1
    hubs = names.gather(star.hub[np.concatenate([[0], edges])] if thin.size else []).to_list()
    parts = np.split(thin, edges) if thin.size else []
    return [{"hub": hub, "channels": list(channels), "members": _ids(names, part)}
            for hub, channels, part in zip(hubs, star.channels, parts, strict=True)]  # fmt: skip


def _bursts(company: Company, names: pl.Series) -> list[dict[str, Any]]:
    return [{"referrer": names[burst.referrer], "from": _day(company, burst.day).isoformat(),
             "referred": _ids(names, np.array(burst.referred))} for burst in company.bursts]  # fmt: skip


def _shared(company: Company, names: pl.Series) -> list[dict[str, Any]]:
    first, second, kind = company.shared
    return [{"kind": "address" if k else "phone", "parties": pair}
            for k, *pair in zip(kind.tolist(), _ids(names, first), _ids(names, second), strict=True)]  # fmt: skip


def _lures(company: Company, names: pl.Series) -> list[dict[str, str]]:
    """Planted ones with their reason; others may meet a rule by chance."""
    those = np.flatnonzero(company.lure)
    reasons = [WORDS[Lure(kind)] for kind in company.lure[those]]
    return [{"customer": id, "reason": reason} for id, reason in zip(_ids(names, those), reasons, strict=True)]


def _groups(company: Company, names: pl.Series) -> list[dict[str, Any]]:
    found, ids = company.groups, _ids(names, company.groups.member)
    relations = [tuple(words.RELATIONS)[k] for k in found.relation]
    known = called(company.plan.seed, int(found.group.max(initial=-1)) + 1).to_list()
    each: list[dict[str, Any]] = [{"group": name, "members": {}} for name in known]
    for k, id, relation in zip(found.group.tolist(), ids, relations, strict=True):
        each[k]["members"][id] = relation
    return each


def _hidden(company: Company, names: pl.Series) -> list[tuple[str, str]]:
    those = np.flatnonzero(company.origins.of == Origin.HIDDEN)
    return list(zip(_ids(names, those), _ids(names, company.run.parent[those]), strict=True))


def _expected(company: Company) -> dict[str, dict[str, int]]:
    counts = {"unknown-party": company.quotas.stranger, "referral-loop": company.plan.loops, "loop-cut": company.plan.loops}
    aside = {"self-referral": company.plan.self_referrals}
    return {"set_aside": {k: v for k, v in aside.items() if v}, "findings": {k: v for k, v in counts.items() if v}}


def _ids(names: pl.Series, places: Longs | Ints) -> list[str]:
    return names.gather(pl.Series(places, dtype=pl.UInt32)).to_list()


def _day(company: Company, day: int) -> date:
    return END - timedelta(days=company.plan.days - day)
