"""Formulas of shares, rates, value and chance: what is counted over customers."""

from __future__ import annotations

from refgraph.model.formula import Formula

CUSTOMER_FORMULAS = (
    Formula(
        id="M1",
        formula=(
            "p = R / n; low, high = (p + z²/2n ∓ z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n), z = 1.96; "
            "share of value: Σ referred w / Σ w ± t·√Σ v_c by trees c, "
            "v_c = (Σ_c (w_r − p w))² / ((1 − h_c)(Σ w)²), h_c = Σ_c w / Σ w, "
            "dof = (Σ v)² / Σ v²; none below 3"
        ),
    ),
    Formula(
        id="M2",
        formula=(
            "[R / n, (R + U) / n], U = customers without any recorded referral and without a source"
        ),
    ),
    Formula(
        id="M3",
        formula=(
            "n / ρ, roots ρ = n − E, E = existing customers who came by referral; referrals "
            "within k years of joining / customers watched for all k years (at least 10)"
        ),
    ),
    Formula(
        id="M5",
        formula=(
            "1 − S(t), S(t) = Π over days t_i ≤ t of first referrals of (1 − d_i / n_i), n_i = "
            "customers observed with entry < t_i ≤ exit; at least 10 at risk at t; median: least "
            "t with S(t) ≤ ½, its interval from both ends of the band; a referral counts if joined "
            "≤ date < left"
        ),
    ),
    Formula(
        id="M7",
        formula="existing customers who referred anyone / existing customers",
    ),
    Formula(
        id="M8",
        formula=(
            "referrals in a year / existing customers at its start; by tenure: referrals / "
            "customer-years, exact Poisson interval χ²(.025, 2k)/2, χ²(.975, 2k + 2)/2"
        ),
    ),
    Formula(
        id="M9",
        formula=(
            "NRR + ENC − 1; NRR = this year's value from last year's customers / last year's "
            "value; ENC = value of new referred customers in their calendar year of joining (one "
            "month for a customer of December) / last year's value; range: without any one account"
        ),
    ),
    Formula(
        id="M10",
        formula=(
            "top share = Σ of the largest 20 % / Σ; first share that accounts for 80 %; CRk = Σ"
            " of the k largest / Σ; Gini = Σ (2i − n − 1) x_i / (n Σ x) over x ≥ 0, ascending; "
            "whale curve = running Σ, best first / Σ"
        ),
    ),
    Formula(
        id="M11",
        formula="n_c / n for each source or definition c, with the interval of M1",
    ),
    Formula(
        id="M12",
        formula="own value + Σ own value of the directly referred; double counts",
    ),
    Formula(
        id="M18",
        formula=(
            "own value × direct value, each split at the median of the values above 0 (high: "
            "from the median on, so half of those above 0 are always high); hidden key account = "
            "low own value and (at least 2 key accounts referred with a share of at least 1/2 "
            "each, or rank ≤ max(1, ⌊m/10⌋), ties in, among the m customers with earned credit "
            "above 0; without a rule [key_account] the credit alone decides)"
        ),
    ),
    Formula(
        id="M24",
        formula=(
            "score = ⌈5 (midrank − ½) / n⌉ of days since the last order (fewest = 5), number of"
            " orders, value"
        ),
    ),
    Formula(
        id="M54",
        formula="1, 2, 3–9, 10 or more referred customers who closed",
    ),
    Formula(
        id="M55",
        formula=(
            "p_v = P(X_v ≥ occasions of v), X_v = Σ of independent chances 1 / (customers "
            "present) over the occasions within v's time as a customer; present = joined ≤ first "
            "day < left, without the parties referred and their descendants; occasion = all "
            "referrals of one recommender within G days of its first (anchored, not chained; G = "
            "30 or --occasion); above chance = Benjamini–Hochberg 5 % over all customers, with G "
            "and with 90 days"
        ),
    ),
    Formula(
        id="M60",
        formula=(
            "expected = Σ over blocks b into the group of s_b·p_b, b = what one recommender "
            "referred into the group on one occasion (M55, 30 days), p_b = share of the referrer "
            "group among the customers present (as in M55) on the first day of b; ratio = compared "
            "/ expected; "
            "chance = 2·min(P(X ≤ k), P(X ≥ k))"
        ),
    ),
    Formula(
        id="M61",
        formula="first − second; of two shares p₁ − p₂ with √-combined Wilson limits of both",
    ),
    Formula(
        id="M62",
        formula=(
            "1/n for the share, |w|/Σw for the share of value, whatever the answer is; "
            "remaining width: the sum over the customers not asked yet"
        ),
    ),
)
