"""What `generate` plants is found again.

The share at each year's end, conversion, and that like recommend like.
"""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from support import companies

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.generator import Plan, build_company
from refgraph.model.scope import Scope


def build_planted(**knobs: object) -> tuple[OfflineEngine, dict[str, object]]:
    """A generated company behind an engine, and its truth."""
    made = build_company(Plan(**{"size": 4000, "farms": 0.0, "bursts": 0} | knobs))  # type: ignore[arg-type]
    return OfflineEngine(companies.dataset(made)), companies.truth(made)


def test_planted_share_and_conversion_are_recovered() -> None:
    engine, truth = build_planted(
        seed=11, referral_share=0.25, conversion=0.6, several=0.0, loops=0
    )
    counts, conversion = truth["counts"], truth["conversion"]
    rows = pipeline.run(engine, "growth").frame
    assert rows["customers_end"][0] == counts["existing"]  # type: ignore[index]
    assert rows["new_customers"].sum() == counts["customers"]  # type: ignore[index]
    tree = rows["tree_size"][0]
    assert 1 - 1 / tree == pytest.approx(counts["referred"] / counts["existing"], abs=1e-12)  # type: ignore[index]
    flows = pipeline.run(engine, "flows", {"by": "kind"}).frame
    assert (
        flows["referrals"].sum() == flows["closed"].sum() + flows["lost"].sum() + conversion["open"]
    )  # type: ignore[index]
    found = flows["closed"].sum() / (flows["closed"].sum() + flows["lost"].sum())
    assert found == pytest.approx(conversion["realised"], abs=0.01)  # type: ignore[index]


def find_marked(homophily: float, seed: int) -> pl.DataFrame:
    """Pairs of sectors that stand beyond chance."""
    frame = pipeline.run(
        build_planted(seed=seed, homophily=homophily, heterogeneity=0.0)[0],
        "flows",
        {"by": "sector"},
    ).frame
    return frame.filter(pl.col("against_chance") == "more")


def test_flows_planted_homophily_is_found_only_where_planted() -> None:
    alike = find_marked(0.6, 5)
    assert alike.height >= 5
    assert (alike["referrer_group"] == alike["referred_group"]).all()
    assert (alike["ratio"] > 1.5).all()
    false = [find_marked(0.0, seed).height for seed in range(20, 32)]
    assert (
        sum(n > 0 for n in false) <= 3
    )  # each company has a false alarm with a chance of 5 %: more than 3 of 12 in 1 of 450


def test_growth_at_earlier_date_has_the_same_new_customers() -> None:
    engine, _ = build_planted(seed=3)
    whole = pipeline.run(engine, "growth").frame
    early = pipeline.run(engine, "growth", {}, Scope(as_of=date(2020, 12, 31))).frame
    both = early.join(whole, on="year", suffix="_now")
    assert both.height == early.height
    assert both["new_customers"].equals(both["new_customers_now"])
    assert (both["by_referral"] <= both["by_referral_now"]).all()
