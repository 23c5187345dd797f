"""Every number that refgraph reports, by the id of its formula: M1, M2, ... M39, M39k, ...

The meanings are in ``texts`` (table ``formula``).
"""

from __future__ import annotations

from refgraph.model.customer_formulas import CUSTOMER_FORMULAS
from refgraph.model.formula import Formula
from refgraph.model.network_formulas import NETWORK_FORMULAS


def _number_of(formula: Formula) -> tuple[int, str]:
    """The number in the id, and the letter after it."""
    digits = formula.id[1:].rstrip("ks")
    return int(digits), formula.id[1 + len(digits) :]


_ORDERED = sorted((*CUSTOMER_FORMULAS, *NETWORK_FORMULAS), key=_number_of)
FORMULAS: dict[str, Formula] = {formula.id: formula for formula in _ORDERED}
