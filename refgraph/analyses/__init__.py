"""GRAPH -> ANSWER: one question per file, registered with `refgraph.registry.analysis`.

A module is imported when its question is asked. This list imports none of them, so that
``refgraph --help`` stays quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from refgraph.errors import UsageError
from refgraph.model.parameter_values import describe_value, suggest_nearest

if TYPE_CHECKING:
    from refgraph.registry import Analysis

NAMES = (
    "effect",
    "growth",
    "cohorts",
    "time-to-refer",
    "payoff",
    "value-gap",
    "retention",
    "churn",
    "at-risk",
    "win-back",
    "referral-rate",
    "referred",
    "recommenders",
    "chance",
    "influence",
    "credit",
    "concentration",
    "quadrants",
    "rfm",
    "chains",
    "trees",
    "communities",
    "flows",
    "ask",
    "introduce",
    "campaign",
    "early-adopters",
    "rewards",
    "payouts",
    "without",
    "reach",
    "generations",
    "path",
    "common",
    "compare",
    "segments",
    "channels",
    "channel-cost",
    "accounts",
    "prospects",
    "funnel",
    "missing-sources",
    "integrity",
)
"""All analyses, in the order in which help and reports list them; ``texts`` describes each."""


def load(name: str) -> Analysis:
    """The analysis of that name. Raises UsageError ``unknown-analysis``."""
    if not isinstance(name, str) or name not in NAMES:
        near = suggest_nearest(name, NAMES)
        shown = describe_value(name)
        raise UsageError("unknown-analysis", name=shown, known=list(NAMES), near=near)
    import_module(f"{__name__}.{name.replace('-', '_')}")
    analysis: Analysis = import_module("refgraph.registry").get_analysis(name)
    return analysis
