"""Every number that refgraph reports has the id of its formula: M1, M2, ... M39, M39k, ...

The texts hold the meaning, definition, unit, source and worked example of each, in the tables
``formula``, ``formula_definition``, ``formula_unit``, ``formula_source`` and ``formula_example``.
"""

from __future__ import annotations

from refgraph.texts import load_texts


def _number_of(id: str) -> tuple[int, str]:
    """The number in the id, and the letter after it."""
    digits = id[1:].rstrip("ks")
    return int(digits), id[1 + len(digits) :]


FORMULAS: tuple[str, ...] = tuple(sorted(load_texts("en")["formula"], key=_number_of))
