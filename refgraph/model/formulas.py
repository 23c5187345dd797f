"""Every number that refgraph reports: formula, unit, source and a worked number. Meanings stand in ``texts`` (``formula``)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Formula:
    """What ``refgraph explain ID`` prints; the sentence that explains it is ``texts`` ``[formula] ID``."""

    id: str
    formula: str
    unit: str
    source: str
    worked: str


_ALL = (
    Formula("M1", "p = R / n; low, high = (p + z²/2n ∓ z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n), z = 1.96", "share",
            "Wilson, Journal of the American Statistical Association 22, 1927", "30/96 → 0.3125 [0.2285, 0.4109]"),
    Formula("M2", "[R / n, (R + U) / n], U = customers without any referral on record and without a source", "share",
            "worst-case bounds (Manski 1989)", "R 30, U 10, n 96 → [0.3125, 0.4167]"),
    Formula("M11", "n_c / n for each source or definition c, with the interval of M1", "share",
            "Wilson 1927", "customers 30, + staff 33, + partners 36 of 96"),
    Formula("M12", "own value + Σ own value of the directly referred; double counts", "money",
            "Mention Me, extended customer revenue", "chain 10-10-10 → 20, 20, 10: adds up to 50 of 30"),
    Formula("M13", "downstream = distinct parties reached along referrals; downstream_value = Σ of their values", "count, money",
            "reachability in a directed graph", "chain 10-10-10 → downstream 2, 1, 0; value 20, 10, 0; never add"),
    Formula("M14", "φ_j = Σ over i in the subtree of j of w_i / (d(i) + 1), d = number of ancestors; Σφ = Σw", "money",
            "Shapley 1953; permission structures: Gilles, Owen & van den Brink, International Journal of Game Theory 20, 1992",
            "chain 10-10-10 → 18.33, 8.33, 3.33"),
    Formula("M15", "φ_v = Σ_k A_v[k]·H_v[k]; A_v[k] = Σ_u s_uv·A_u[k−1]; H_v[k] = w_v/(k+1) + Σ_c s_vc·H_c[k+1]", "money",
            "expectation of M14 over the forests in which the referrer of v is u with probability s_uv",
            "one customer worth 10, referred half and half by two roots → 5, 2.5, 2.5"),
    Formula("M16", "direct: w_i to its referrers by share. decay: w_i over i and its ancestors in proportion δ^distance", "money",
            "attribution rules; both add up", "chain 10-10-10, direct → 10, 10, 0 (and 10 kept by the unreferred root)"),
    Formula("M33", "ν = 2 / (n(n − 1)) · Σ over edges of s(n − s), s = size of the subtree under the edge; undefined for n = 1",
            "referrals", "Goel, Anderson, Hofman & Watts, Management Science 62(1), 2016",
            "star of 30 → 29/15; path of 30 → 31/3; complete binary tree of 31 → 768/155"),
    Formula("M36", "largest share of a tree's referrals made by one party", "share", "shape of cascades",
            "star of 30 → 1; path of 30 → 1/29"),
    Formula("M54", "1, 2, 3–9, 10 or more referred customers who closed", "label",
            "Extole, published advocate tiers", "5 closed → 3-9"),
    Formula("M55", "p_v = P(X_v ≥ batches of v), X_v = Σ of independent chances 1 / (customers present) over the batches dated "
            "within v's time as a customer; beyond luck = Benjamini–Hochberg 5 % over all customers", "batches, probability",
            "Poisson 1837; Gail, Lubin & Rubinstein 1981; Benjamini & Hochberg 1995; ranks by 1,000 seeded deals",
            "96 join one after another, 30 of them referred by someone present → the first gets 3.04 by luck, ≥ 5 in 4.3 %"),
)  # fmt: skip
FORMULAS = {f.id: f for f in _ALL}
