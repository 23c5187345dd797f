"""Small inputs after difficulties that people reported, in ``tests/data/cases``."""

from __future__ import annotations

import warnings
from pathlib import Path

import refgraph
from refgraph.model.dataset import Dataset

CASES = Path(__file__).parent.parent / "data" / "cases"


def read_case(path: str, **options: object) -> Dataset:
    """The Dataset of a case; options: those of `refgraph.SourceOptions`, ``rules`` and ``intake``.

    rules: of `refgraph.CastRules`, as a dict. intake: of `refgraph.IntakeOptions`, as a dict.
    """
    rules = refgraph.CastRules(**options.pop("rules", {}))  # type: ignore[arg-type]
    intake = refgraph.IntakeOptions(rules=rules, **options.pop("intake", {}))  # type: ignore[arg-type]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return refgraph.read(CASES / path, refgraph.SourceOptions(intake=intake, **options))  # type: ignore[arg-type]
