"""Independent cascades on a forest with given seeds, in two passes (M41).

Every array is indexed by preorder index; `parent` int32[n] is that of the forest, `p` float64[n]
the chance that a node passes on from its parent to itself.
"""

from __future__ import annotations

import numpy as np

from refgraph.kernels.arrays import Bool, Float64, Int32, to_floats
from refgraph.kernels.compilation import kernel


def compute_activation(parent: Int32, p: Float64, is_seed: Bool) -> Float64:
    """float64[n]: the chance that each node is reached; 1 for a seed."""
    chance = np.zeros(len(parent))
    _spread_down(parent, to_floats(p, len(parent)), is_seed, chance)
    return chance


def compute_unblocked_sums(parent: Int32, p: Float64, w: Float64, is_seed: Bool) -> Float64:
    """float64[n]: expected w that each node reaches once it is reached itself, paths through seeds
    below it left out. Without seeds this is the spread of each node alone.
    """
    total = to_floats(w, len(parent)).copy()
    _add_unblocked(parent, to_floats(p, len(parent)), is_seed, total)
    return total


@kernel(steps=lambda parent, p, is_seed, chance: len(parent))
def _spread_down(parent: Int32, p: Float64, is_seed: Bool, chance: Float64) -> None:
    """Parents first."""
    for k in range(len(parent)):
        if is_seed[k]:
            chance[k] = 1.0
        elif parent[k] >= 0:
            chance[k] = p[k] * chance[parent[k]]


@kernel(steps=lambda parent, p, is_seed, total: len(parent))
def _add_unblocked(parent: Int32, p: Float64, is_seed: Bool, total: Float64) -> None:
    """Children first."""
    for k in range(len(parent) - 1, -1, -1):
        if parent[k] >= 0 and not is_seed[k]:
            total[parent[k]] += p[k] * total[k]
