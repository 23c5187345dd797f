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
    Formula("M3", "n / ρ, roots ρ = n − E, E = existing customers who came by referral; "
            "referrals within k years of joining / customers", "people per tree; referrals per customer",
            "n/ρ = 1 / (1 − E/n); not a forecast",
            "n 96, E 30 → 96/66 = 1.4545"),
    Formula("M5", "1 − S(t), S(t) = Π over days t_i ≤ t of first referrals of (1 − d_i / n_i), "
            "n_i = those seen with entry < t_i ≤ exit", "share, days",
            "Kaplan & Meier, Journal of the American Statistical Association 53, 1958; late entry: Tsai, Jewell & "
            "Wang, Biometrika 74, 1987; band: log-log",
            "first referrals after 1 and 3 years, two others seen for 2 and 4 → 0.25, 0.625"),
    Formula("M7", "existing customers who referred anyone / existing customers", "share", "participation in a referral programme",
            "30 of 96 → 0.3125"),
    Formula("M8", "referrals in a year / existing customers at its start; by tenure: referrals / customer-years",
            "referrals per customer and year", "occurrence rate", "13 referrals, 93 customers at the start → 0.1398"),
    Formula("M9", "NRR + ENC − 1; NRR = this year's value from last year's customers / last year's value; ENC = value of "
            "new referred "
            "customers / last year's value", "share", "Reichheld, Darnell & Burns, Harvard Business Review 99(6), 2021",
            "85 + 25 − 100 = 10 %"),
    Formula("M10", "top share = Σ of the largest 20 % / Σ; first share that brings 80 %; CRk = Σ of the k largest / Σ; Gini = "
            "Σ (2i − n − 1) x_i / (n Σ x) over x > 0, rising; whale curve = running Σ, best first / Σ", "share",
            "Lorenz 1905; Gini 1914; Bain 1951; whale curve: Kaplan & Narayanan 2001",
            "profits 70, 10, 10, 5, 5 → the top 20 % bring 70 %, 40 % bring 80 %; all equal → 20 %, 80 %"),
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
    Formula("M18", "own value × direct value, each cut at the median of those above 0 (high: from the median on); hidden "
            "key account = low own value and (2 key accounts brought, or earned credit in the top tenth of customers)", "label",
            "Kumar, Petersen & Leone, Harvard Business Review, October 2007",
            "own value 10 where the median is 50, and 2 key accounts brought → advocate or miser, and hidden key account"),
    Formula("M24", "score = ⌈5 (midrank − ½) / n⌉ of days since the last order (fewest = 5), number of orders, value", "1–5",
            "Bult & Wansbeek, Marketing Science 14, 1995", "ten customers with ten different values → 1 1 2 2 3 3 4 4 5 5"),
    Formula("M33", "ν = 2 / (n(n − 1)) · Σ over edges of s(n − s), s = size of the subtree under the edge; undefined for n = 1",
            "referrals", "Goel, Anderson, Hofman & Watts, Management Science 62(1), 2016",
            "star of 30 → 29/15; path of 30 → 31/3; complete binary tree of 31 → 768/155"),
    Formula("M36", "largest share of a tree's referrals made by one party", "share", "shape of cascades",
            "star of 30 → 1; path of 30 → 1/29"),
    Formula("M53s", "own w_x; direct Σ w of those x referred; downstream T_x − w_x; upper bound T_x; "
            "with chance q: w_x + Σ_y q^dist(x,y)·w_y",
            "money, share",
            "scenario: existing customers, last 12 months; for a set x every party once, dist to its nearest member",
            "chain 10-10-10, the first leaves → own 10, direct 10, downstream 20, upper bound 30; q 0.5 → 17.5"),
    Formula("M37", "b(v) = Σ over pairs s, t other than v of (shortest ways from s to t through v) / (all of them); on a forest "
            "ancestors × descendants", "pairs", "Freeman 1977; Brandes 2001; directed, not normalised",
            "chain of three → 0, 1, 0"),
    Formula("M39", "x_v = (1 − d)/n + d (Σ over those whom v referred of x_u / (referrers of u) + D/n), d = 0.85, D = Σ x of "
            "those without referrer; to 1e-10", "adds up to 1", "Brin & Page 1998, on arcs referred → referrer",
            "star 1 + 29 → 0.469 for the referrer, 0.018 for each referred (along the arcs it would be upside down)"),
    Formula("M39k", "x_v = Σ over all y below v of δ^distance(v, y), δ = 0.5 unless given", "parties", "Katz 1953",
            "chain A → B → C at 0.5 → 0.75, 0.5, 0"),
    Formula("M40", "c_i = Σ_j (p_ij + Σ_q p_iq p_qj)², p_ij = 1 / neighbours of i; effective size = neighbours − "
            "their mean ties", "0 to 1.125; parties", "Burt 1992; Borgatti 1997", "star with 5 leaves → hub 0.2, leaf 1"),
    Formula("M54", "1, 2, 3–9, 10 or more referred customers who closed", "label",
            "Extole, published advocate tiers", "5 closed → 3-9"),
    Formula("M55", "p_v = P(X_v ≥ batches of v), X_v = Σ of independent chances 1 / (customers present) over the batches dated "
            "within v's time as a customer; beyond luck = Benjamini–Hochberg 5 % over all customers", "batches, probability",
            "Poisson 1837; Gail, Lubin & Rubinstein 1981; Benjamini & Hochberg 1995; ranks by 1,000 seeded deals",
            "96 join one after another, 30 of them referred by someone present → the first gets 3.04 by luck, ≥ 5 in 4.3 %"),
    Formula("M60", "expected = Σ over blocks b into the group of s_b·p_b, p_b = share of the referrer group among the "
            "customers present on the day of b; ratio = compared / expected; chance = 2·min(P(X ≤ k), P(X ≥ k))",
            "referrals, ratio, share",
            "the deals of M55; exact distribution, for many: Volkova 1996; mark: Benjamini & Hochberg 1995, 5 %",
            "two referrals into A on days when half of the customers are of A → 1 expected, 95 % of deals 0–2"),
    Formula("M61", "first − second; of two shares p₁ − p₂ with √-combined Wilson limits of both", "as the element",
            "Newcombe, Statistics in Medicine 17, 1998, method 10", "56/70 − 48/80 → 0.2 [0.0524, 0.3339]"),
    Formula("M62", "1/n for the share, |w|/Σw for the share of value, whatever the answer is; what stays open: the same summed "
            "over those not asked yet", "share", "width of the no-assumption bounds M2 (Manski 1989)",
            "10 of 96 without a source → each answer narrows 10/96 by 1/96"),
    Formula("M56", "Q = Σ over communities of L/m − γ (D/2m)²; m links, L of them inside, D = sum of the degrees of the members, "
            "γ = resolution; found by the Louvain method", "modularity, −½ to 1",
            "Newman & Girvan 2004; Blondel, Guillaume, Lambiotte & Lefebvre 2008",
            "two triangles joined by one link → 2 · (3/7 − (7/14)²) = 0.357"),
)  # fmt: skip
FORMULAS = {f.id: f for f in _ALL}
