"""One number that refgraph reports, and its formula."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Formula:
    """The formula of an id; `texts` has its meaning, unit, source and worked example.

    Their tables are ``formula``, ``formula_unit``, ``formula_source`` and ``formula_example``.
    """

    id: str
    formula: str
