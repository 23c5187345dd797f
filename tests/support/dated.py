"""Random small companies with dates of joining, leaving, referrals and orders."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import strategies as st

from refgraph.engines.offline import OfflineEngine
from support import toys

START = date(2018, 1, 1)
DAYS = st.integers(0, 6 * 365).map(lambda d: START + timedelta(days=d))


@dataclass
class Facts:
    """What was drawn.

    Columns of each party, dated referrals (referrer, referred, day) and orders (customer, day,
    revenue).
    """

    people: dict[str, dict[str, object]]
    arcs: list[tuple[str, str, date]] = field(default_factory=list)
    orders: list[tuple[str, date, int]] = field(default_factory=list)

    def engine(self) -> OfflineEngine:
        """The company behind an engine."""
        facts = [{"referrer": u, "referred": v, "at": d.isoformat()} for u, v, d in self.arcs]
        orders = [{"customer": c, "at": d.isoformat(), "revenue": r} for c, d, r in self.orders]
        return OfflineEngine(toys.company(self.people, facts, orders))

    def joined(self, id: str) -> date:
        """First contract."""
        return date.fromisoformat(str(self.people[id]["joined"]))

    def left(self, id: str) -> date | None:
        """Day of leaving, if it has left by the as-of day."""
        day = self.people[id].get("left")
        return (
            date.fromisoformat(str(day)) if day and str(day) <= self.as_of().isoformat() else None
        )

    def as_of(self) -> date:
        """Latest date of all but leaving."""
        return max(
            [self.joined(x) for x in self.people]
            + [d for *_, d in self.arcs]
            + [d for _, d, _ in self.orders]
        )


@st.composite
def draw_dated(draw: st.DrawFn, *, most: int = 8, returns: bool = False) -> Facts:
    """Two to eight customers, all closed.

    At most one referral per pair, without cycles, on any day, also before joining. returns: whether
    those that left may order again later than 90 days after it, so that they are back.
    """
    ids = "abcdefgh"[: draw(st.integers(2, most))]
    people: dict[str, dict[str, object]] = {}
    for x in ids:
        joined = draw(DAYS)
        left = draw(
            st.none() | st.integers(0, 900).map(lambda d, joined=joined: joined + timedelta(days=d))
        )
        people[x] = {
            "status": "closed",
            "joined": joined.isoformat(),
            "left": left and left.isoformat(),
            "sector": draw(st.sampled_from(["x", "y", None])),
            "source": draw(st.sampled_from(["展会", None])),
        }
    pairs = draw(
        st.sets(
            st.tuples(st.sampled_from(ids), st.sampled_from(ids)).filter(lambda p: p[0] < p[1]),
            max_size=8,
        )
    )
    arcs = [(u, v, draw(DAYS)) for u, v in sorted(pairs)]
    orders = draw(st.lists(st.tuples(st.sampled_from(ids), DAYS, st.integers(1, 50)), max_size=12))
    facts = Facts(people, arcs, orders)
    if not returns:
        facts.orders = [order for order in orders if not _is_return(people, order)]
    return facts


def _is_return(people: dict[str, dict[str, object]], order: tuple[str, date, int]) -> bool:
    left = people[order[0]]["left"]
    return bool(left) and order[1] > date.fromisoformat(str(left)) + timedelta(days=90)
