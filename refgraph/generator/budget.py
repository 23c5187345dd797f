"""How many of each: the counts that a plan asks for, and whether they fit together."""

from __future__ import annotations

from dataclasses import dataclass

from refgraph.errors import UsageError
from refgraph.generator.plan import Plan

SMALLEST_FARM, LARGEST_FARM = 4, 12
FEWEST = 3


@dataclass(frozen=True)
class Sizes:
    """Parties by kind; they add up to the size of the plan. thin: customers that are alias accounts."""

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


def sizes(plan: Plan) -> Sizes:
    """How many parties of each kind; prospects follow from the conversion of referrals, the open and the cold ones.

    Raises UsageError ``generate-too-much`` when hardly a customer is left."""
    staff, partners, authorities = (
        min(max(1, round(plan.size * per)), 2000) if share else 0
        for share, per in ((plan.staff, 0.004), (plan.partners, 0.002), (plan.authorities, 0.001))
    )
    rest = plan.size - staff - partners - authorities
    named = plan.referral_share * (1 - plan.nameless)
    lost = named * (1 - plan.conversion) / plan.conversion
    customers = int(rest / (1 + lost + plan.open_prospects * (named > 0) + plan.cold_prospects))
    thin = max(round(plan.farms * customers), SMALLEST_FARM) if plan.farms else 0
    if customers - thin < FEWEST:
        raise UsageError("generate-too-much", wanted=FEWEST + thin, room=max(customers, 0))
    return Sizes(customers - thin, thin, rest - customers, staff, partners, authorities)


@dataclass(frozen=True)
class Quotas:
    """Existing customers by how they came, of ``existing``.

    referred: R of M1 = dealt + nameless + stranger + looped + thin. unknown: U of M2, hidden of them in truth referred.
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
    def dealt(self) -> int:
        """Organic existing customers who in truth came by referral (loops apart), named, nameless or hidden."""
        return self.referred - self.looped - self.thin + self.hidden


def quotas(plan: Plan, existing: int, thin: int) -> Quotas:
    """Counts among the existing customers, thin accounts included."""
    referred = round(plan.referral_share * existing)
    unknown = round(plan.missing_sources * existing)
    hidden = round(unknown * referred / (existing - unknown)) if unknown < existing else 0
    staff, partners, authorities = (round(s * existing) for s in (plan.staff, plan.partners, plan.authorities))
    return Quotas(existing, referred, unknown, hidden, round(plan.nameless * referred), round(plan.strangers * referred),
                   plan.loops * plan.loop_length, staff, partners, authorities, thin)  # fmt: skip


def check(plan: Plan, found: Quotas) -> Quotas:
    """The quotas, if they fit together; else UsageError ``generate-too-few-referred`` or ``generate-too-much``."""
    planted = found.looped + found.thin + found.nameless + found.stranger
    if planted > found.referred:
        raise UsageError("generate-too-few-referred", planted=planted, referred=found.referred)
    others = found.staff + found.partners + found.authorities
    wanted = found.referred - found.thin + found.unknown + others
    if wanted >= found.existing - found.thin:
        raise UsageError("generate-too-much", wanted=wanted, room=found.existing - found.thin - 1)
    return found
