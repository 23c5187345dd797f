"""How many parties of each kind a plan asks for, and whether these counts fit together."""

from __future__ import annotations

from dataclasses import dataclass

from refgraph.errors import UsageError
from refgraph.generator.plan import Plan

MIN_FARM_SIZE, MAX_FARM_SIZE = 4, 12
MIN_CUSTOMERS = 3
STAFF_SHARE, PARTNER_SHARE, AUTHORITY_SHARE = 0.004, 0.002, 0.001
"""Of all parties, where the plan has recommendations by such parties at all."""
MAX_OTHER_PARTIES = 2000


@dataclass(frozen=True, kw_only=True)
class PartyCounts:
    """Parties by kind; they add up to the size of the plan. thin: alias accounts."""

    organic: int
    thin: int
    prospects: int
    staff: int
    partners: int
    authorities: int

    @property
    def customers(self) -> int:
        """All who closed, existing or former."""
        return self.organic + self.thin


def compute_party_counts(plan: Plan) -> PartyCounts:
    """How many parties of each kind.

    Raises UsageError ``generate-too-much`` when too few customers are left.
    """
    staff = _count_other_parties(plan, plan.staff, STAFF_SHARE)
    partners = _count_other_parties(plan, plan.partners, PARTNER_SHARE)
    authorities = _count_other_parties(plan, plan.authorities, AUTHORITY_SHARE)
    buyers = plan.size - staff - partners - authorities
    named = plan.referral_share * (1 - plan.nameless)
    lost = named * (1 - plan.conversion) / plan.conversion
    open_ = plan.open_prospects * (named > 0)
    customers = int(buyers / (1 + lost + open_ + plan.cold_prospects))
    thin = max(round(plan.farms * customers), MIN_FARM_SIZE) if plan.farms else 0
    if customers - thin < MIN_CUSTOMERS:
        raise UsageError("generate-too-much", wanted=MIN_CUSTOMERS + thin, room=max(customers, 0))
    return PartyCounts(
        organic=customers - thin,
        thin=thin,
        prospects=buyers - customers,
        staff=staff,
        partners=partners,
        authorities=authorities,
    )


def _count_other_parties(plan: Plan, recommended: float, share: float) -> int:
    """Parties of another kind; recommended: share of customers with a recommendation by one."""
    if not recommended:
        return 0
    return min(max(1, round(plan.size * share)), MAX_OTHER_PARTIES)


@dataclass(frozen=True, kw_only=True)
class Quotas:
    """Existing customers by how they came.

    existing: all of them. referred: recorded as referred = named + nameless + stranger + looped +
    thin. unknown: without a source; hidden: those of them who were referred in truth.
    """

    existing: int
    referred: int
    unknown: int
    hidden: int
    nameless: int
    stranger: int
    looped: int
    staff: int
    partners: int
    authorities: int
    thin: int

    @property
    def truly_referred(self) -> int:
        """Organic existing customers who came by referral: named, nameless or hidden, no cycles."""
        return self.referred - self.looped - self.thin + self.hidden


def compute_quotas(plan: Plan, existing: int, thin: int) -> Quotas:
    """Counts among the existing customers, thin accounts included."""

    def count(share: float) -> int:
        return round(share * existing)

    referred = count(plan.referral_share)
    unknown = count(plan.missing_sources)
    hidden = round(unknown * referred / (existing - unknown)) if unknown < existing else 0
    nameless = round(plan.nameless * referred)
    strangers = round(plan.strangers * referred)
    return Quotas(
        existing=existing,
        referred=referred,
        unknown=unknown,
        hidden=hidden,
        nameless=nameless,
        stranger=strangers,
        looped=plan.loops * plan.loop_length,
        staff=count(plan.staff),
        partners=count(plan.partners),
        authorities=count(plan.authorities),
        thin=thin,
    )


def check_quotas(quotas: Quotas) -> Quotas:
    """The quotas, if they fit together.

    Raises UsageError ``generate-too-few-referred`` or ``generate-too-much``.
    """
    planted = quotas.looped + quotas.thin + quotas.nameless + quotas.stranger
    if planted > quotas.referred:
        raise UsageError("generate-too-few-referred", planted=planted, referred=quotas.referred)
    others = quotas.staff + quotas.partners + quotas.authorities
    wanted = quotas.referred - quotas.thin + quotas.unknown + others
    organic = quotas.existing - quotas.thin
    if wanted >= organic:
        raise UsageError("generate-too-much", wanted=wanted, room=organic - 1)
    return quotas
