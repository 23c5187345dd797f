"""Formulas of reach, credit and position: what follows the referrals of the graph."""

from __future__ import annotations

from refgraph.model.formula import Formula

NETWORK_FORMULAS = (
    Formula(
        id="M13",
        formula=(
            "downstream = distinct parties reached along referrals; downstream_value = Σ of "
            "their values"
        ),
    ),
    Formula(
        id="M14",
        formula=(
            "φ_j = Σ over i in the subtree of j of w_i / (d(i) + 1), d = number of ancestors; "
            "Σφ = Σw"
        ),
    ),
    Formula(
        id="M15",
        formula=(
            "φ_v = Σ_k A_v[k]·H_v[k]; A_v[k] = Σ_u s_uv·A_u[k−1]; H_v[k] = w_v/(k+1) + Σ_c "
            "s_vc·H_c[k+1]"
        ),
    ),
    Formula(
        id="M16",
        formula=(
            "direct: w_i to its referrers by share. decay: w_i over i and its ancestors in "
            "proportion δ^distance; with several referrers the mean over the ways up, each with "
            "the product of its shares as probability"
        ),
    ),
    Formula(
        id="M33",
        formula=(
            "ν = 2 / (n(n − 1)) · Σ over edges of s(n − s), s = size of the subtree under the "
            "edge; undefined for n = 1"
        ),
    ),
    Formula(
        id="M36",
        formula="largest share of a tree's referrals made by one party",
    ),
    Formula(
        id="M53s",
        formula=(
            "own w_x; direct Σ w of the parties that x referred; downstream T_x − w_x; upper "
            "bound T_x; with chance q: w_x + Σ_y q^dist(x,y)·w_y"
        ),
    ),
    Formula(
        id="M37",
        formula=(
            "b(v) = Σ over pairs s, t other than v of (shortest paths from s to t through v) / "
            "(all of them); on a forest ancestors × descendants"
        ),
    ),
    Formula(
        id="M39",
        formula=(
            "x_v = (1 − d)/n + d (Σ over the parties u that v referred of x_u / (referrers of u) + "
            "D/n), d = 0.85, D = Σ x of the parties without a referrer; to 1e-10"
        ),
    ),
    Formula(
        id="M39k",
        formula="x_v = Σ over all y below v of δ^distance(v, y), δ = 0.5 unless given",
    ),
    Formula(
        id="M40",
        formula=(
            "c_i = Σ_j (p_ij + Σ_q p_iq p_qj)², p_ij = 1 / neighbors of i; effective size = "
            "neighbors − their mean ties"
        ),
    ),
    Formula(
        id="M56",
        formula=(
            "Q = Σ over communities of L/m − γ (D/2m)²; m links, L of them inside, D = sum of "
            "the degrees of the members, γ = resolution; found by the Louvain method"
        ),
    ),
)
