"""truth.json: what was planted, by knob, count and member, so that answers can be checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, timedelta
from importlib.metadata import version
from typing import Any

import numpy as np
import polars as pl

from refgraph.generator import words
from refgraph.generator.company import Company
from refgraph.generator.false_keys import REASON_WORDS, FalseKeyReason
from refgraph.generator.names import build_group_names
from refgraph.generator.origins import Longs, Origin
from refgraph.generator.plan import END, Plan
from refgraph.generator.prospects import Stage
from refgraph.generator.referrer_sampling import Ints

CLAIMED_ORIGINS = (Origin.NAMED, Origin.STRANGER, Origin.LOOP, Origin.THIN)
"""Origins of customers with a referral that counts for the conversion."""


def describe_truth(company: Company, ids: pl.Series) -> dict[str, Any]:
    """A dictionary that JSON can hold; ``ids`` as `refgraph.generator.tables.build_ids` gives them.

    ``counts``: n, R and U of M1 and M2 (existing, referred, unknown) and their parts. ``genuine``:
    existing customers who came by referral in truth: R without cycles and alias accounts, with the
    hidden ones. ``expected``: what ``refgraph check`` must find, no more and no less.
    """
    header = {
        "refgraph": version("refgraph"),
        "schema": 1,
        "synthetic": True,
        "plan": _describe_plan(company.plan),
        "as_of": END.isoformat(),
        "first_contract": _to_date(company, 0).isoformat(),
    }
    figures = {
        "counts": _count_parties(company),
        "share": _describe_share(company),
        "conversion": _describe_conversion(company),
        "chain": _describe_chain(company),
        "value": _describe_value(company),
        "leaving": _describe_leaving(company),
    }
    planted = _describe_planted_facts(company, ids)
    return header | figures | planted | {"expected": _describe_expected(company)}


def _describe_planted_facts(company: Company, ids: pl.Series) -> dict[str, Any]:
    """What was planted on purpose, by the ids of the parties."""
    referrer, referred = company.arcs.referrer, company.arcs.referred
    facts = {
        "loops": [_gather_ids(ids, cycle) for cycle in company.origins.loops],
        "farms": _describe_farms(company, ids),
        "bursts": _describe_bursts(company, ids),
        "shared_contacts": _describe_shared_contacts(company, ids),
    }
    facts["false_key_accounts"] = _describe_false_keys(company, ids)
    facts["groups"] = _describe_groups(company, ids)
    facts["hidden"] = _describe_hidden(company, ids)
    facts["strangers"] = ids.slice(company.plan.size).to_list()
    facts["self_referrals"] = _gather_ids(ids, referrer[referrer == referred])
    return facts


def _describe_plan(plan: Plan) -> dict[str, Any]:
    """The knobs; later ones only where they are set, so that other companies keep their bytes."""
    first = [knob.name for knob in fields(Plan)].index("stage_dates")
    later = {knob.name: knob.default for knob in fields(Plan)[first:]}
    knobs = asdict(plan)
    return {k: v for k, v in knobs.items() if k not in later or v != later[k]}


def _count_parties(company: Company) -> dict[str, int]:
    sizes, quotas = company.sizes, company.quotas
    counts = {field.name: getattr(quotas, field.name) for field in fields(quotas)}
    with_shares = int(np.isfinite(company.arcs.share).sum()) // 2
    two_referrers = with_shares + _count_unrecorded_shares(company)
    former = sizes.customers - quotas.existing
    return counts | {
        "parties": company.plan.size,
        "customers": sizes.customers,
        "former": former,
        "prospects": sizes.prospects,
        "staff_parties": sizes.staff,
        "partner_parties": sizes.partners,
        "authority_parties": sizes.authorities,
        "referral_rows": len(company.arcs),
        "two_referrers": two_referrers,
    }


def _count_unrecorded_shares(company: Company) -> int:
    """Customers with two referrers and no recorded shares."""
    arcs = company.arcs
    is_organic = arcs.referred < company.sizes.organic
    has_no_share = np.isnan(arcs.share) & (arcs.referrer != arcs.referred)
    referrers = np.bincount(arcs.referred[has_no_share & is_organic], minlength=1)
    return int((referrers == 2).sum())


def _describe_share(company: Company) -> dict[str, Any]:
    quotas = company.quotas
    recorded = quotas.referred / quotas.existing
    return {
        "recorded": recorded,
        "genuine": quotas.truly_referred / quotas.existing,
        "bounds": [recorded, (quotas.referred + quotas.unknown) / quotas.existing],
    }


def _describe_conversion(company: Company) -> dict[str, float | int | None]:
    closed = int(np.isin(company.origin, CLAIMED_ORIGINS).sum())
    is_referred = company.prospects.parent >= 0
    lost = int((is_referred & (company.prospects.stage == Stage.LOST)).sum())
    decided = closed + lost
    return {
        "planned": company.plan.conversion,
        "closed": closed,
        "lost": lost,
        "open": int(is_referred.sum()) - lost,
        "realised": closed / decided if decided else None,
    }


def _describe_chain(company: Company) -> dict[str, float | None]:
    """Of the truly referred, the share whose referrer was referred, planned and realised."""
    history = company.history
    parents = history.parent[history.referred]
    return {
        "planned": company.plan.chain,
        "realised": float(history.referred[parents].mean()) if parents.size else None,
    }


def _describe_value(company: Company) -> dict[str, Any]:
    return {
        "gap": company.plan.value_gap,
        "log_odds_by_size": company.plan.size_confounding,
        "sector_factors": {name: factor for name, (_, factor, _) in words.SECTORS.items()},
    }


def _describe_leaving(company: Company) -> dict[str, float]:
    plan = company.plan
    return {
        "hazard_a_year": plan.churn,
        "ratio_while_referrer_stays": plan.retention,
        "ratio_after_referrer_left": plan.retention_after,
    }


def _describe_farms(company: Company, ids: pl.Series) -> list[dict[str, Any]]:
    farms = company.farms
    if not len(farms.farm):
        return []
    thin = company.sizes.organic + np.arange(len(farms.farm))
    ends = np.flatnonzero(np.diff(farms.farm)) + 1
    hubs = _gather_ids(ids, farms.hub[np.concatenate([[0], ends])])
    members = [_gather_ids(ids, part) for part in np.split(thin, ends)]
    return [
        {"hub": hub, "channels": list(channels), "members": farm_members}
        for hub, channels, farm_members in zip(hubs, farms.channels, members, strict=True)
    ]


def _describe_bursts(company: Company, ids: pl.Series) -> list[dict[str, Any]]:
    return [
        {
            "referrer": ids[burst.referrer],
            "from": _to_date(company, burst.day).isoformat(),
            "referred": _gather_ids(ids, np.array(burst.referred)),
        }
        for burst in company.bursts
    ]


def _describe_shared_contacts(company: Company, ids: pl.Series) -> list[dict[str, Any]]:
    first, second, kinds = company.shared
    pairs = zip(_gather_ids(ids, first), _gather_ids(ids, second), strict=True)
    return [
        {"kind": "address" if kind else "phone", "parties": list(pair)}
        for kind, pair in zip(kinds.tolist(), pairs, strict=True)
    ]


def _describe_false_keys(company: Company, ids: pl.Series) -> list[dict[str, str]]:
    """Planted ones with their reason; others may meet a rule by chance."""
    planted = np.flatnonzero(company.false_key_reason)
    reasons = [REASON_WORDS[FalseKeyReason(code)] for code in company.false_key_reason[planted]]
    return [
        {"customer": id, "reason": reason}
        for id, reason in zip(_gather_ids(ids, planted), reasons, strict=True)
    ]


def _describe_groups(company: Company, ids: pl.Series) -> list[dict[str, Any]]:
    """Every group with the relation of each of its members."""
    affiliations = company.groups
    names = build_group_names(company.plan.seed, affiliations.count())
    groups: list[dict[str, Any]] = [{"group": name, "members": {}} for name in names]
    relations = tuple(words.RELATIONS)
    for group, member, relation in zip(
        affiliations.group.tolist(),
        _gather_ids(ids, affiliations.member),
        affiliations.relation.tolist(),
        strict=True,
    ):
        groups[group]["members"][member] = relations[relation]
    return groups


def _describe_hidden(company: Company, ids: pl.Series) -> list[dict[str, str]]:
    """Customers whose referral is not recorded, with their true referrers."""
    hidden = np.flatnonzero(company.origins.by_customer == Origin.HIDDEN)
    referrers = _gather_ids(ids, company.history.parent[hidden])
    return [
        {"referred": referred, "referrer": referrer}
        for referred, referrer in zip(_gather_ids(ids, hidden), referrers, strict=True)
    ]


def _describe_expected(company: Company) -> dict[str, dict[str, int]]:
    findings = {
        "unknown-party": company.quotas.stranger,
        "referral-loop": company.plan.loops,
        "loop-cut": company.plan.loops,
    }
    rejected = {"self-referral": company.plan.self_referrals}
    return {"rejected": _drop_zeros(rejected), "findings": _drop_zeros(findings)}


def _drop_zeros(counts: Mapping[str, int]) -> dict[str, int]:
    return {code: count for code, count in counts.items() if count}


def _gather_ids(ids: pl.Series, parties: Longs | Ints) -> list[str]:
    return ids.gather(pl.Series(parties, dtype=pl.UInt32)).to_list()


def _to_date(company: Company, day: int) -> date:
    """The date of a day since the first contract."""
    return END - timedelta(days=company.plan.days - day)
