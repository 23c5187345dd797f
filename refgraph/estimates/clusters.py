"""How sure a coefficient is when the rows of one cluster depend on each other (CR2)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from refgraph.estimates.design import Design
from refgraph.estimates.regression import Fit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
CHUNK_ROWS = 40_000
TINY_LEVERAGE, SMALL_LEVERAGE = 1e-3, 0.02
"""Up to these sums of leverages (I - B)^(-1/2) is I + B/2, and + 3B²/8, within 4e-7 and 3e-6."""


def compute_contributions(design: Design, fit: Fit, cluster: Ints, target: int) -> Floats:
    """What each cluster contributes to the error of a coefficient: float64 [clusters].

    Formula: c_g = e' M X_g' W^½ (I - H_gg)^(-1/2) W^(-½) s_g, M = (X' W X)^-1, H_gg the hat matrix
    of the cluster (CR2, Bell & McCaffrey 2002; for Poisson in its working weights). The variance is
    Σ c_g². cluster: numbers from 0 [n]; target: a column that the fit kept. Unit: that of the
    coefficient.

    Worked: a mean of four rows, each a cluster, is the usual s²/n.

    >>> from refgraph.estimates.design import build_design
    >>> from refgraph.estimates.regression import fit_regression
    >>> design = build_design([], [np.zeros(4, np.int64)])
    >>> fit = fit_regression(design, np.array([1.0, 2.0, 4.0, 5.0]), "linear", last=0)
    >>> round(float((compute_contributions(design, fit, np.arange(4), 0) ** 2).sum()), 9)
    0.833333333
    """
    values, vectors = np.linalg.eigh(fit.inverse)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    direction = root[int(np.searchsorted(fit.kept, target))]
    is_alone = (np.bincount(cluster) == 1)[cluster]
    alone = np.flatnonzero(is_alone)
    parts = []
    for start in range(0, len(alone), CHUNK_ROWS):
        rows = alone[start : start + CHUNK_ROWS]
        z = design.expand(rows)[:, fit.kept] @ root
        parts.append(_compute_single(z, fit.weight[rows], fit.score[rows], direction))
    together = np.flatnonzero(~is_alone)
    together = together[np.argsort(cluster[together], kind="stable")]
    for rows, starts in _split_by_cluster(together, cluster):
        z = design.expand(rows)[:, fit.kept] @ root
        parts.append(_compute_chunk(z, fit.weight[rows], fit.score[rows], starts, direction))
    return np.concatenate(parts)


def _split_by_cluster(order: Ints, cluster: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Rows sorted by cluster in chunks of whole clusters, and where each cluster starts there."""
    label = cluster[order]
    starts = np.flatnonzero(np.diff(label, prepend=-1))
    ends = np.append(starts[1:], len(order))
    first = 0
    while first < len(starts):
        last = int(np.searchsorted(ends, starts[first] + CHUNK_ROWS, side="left")) + 1
        last = min(max(last, first + 1), len(starts))
        begin = starts[first]
        yield order[begin : ends[last - 1]], starts[first:last] - begin
        first = last


def _compute_single(z: Floats, weight: Floats, score: Floats, direction: Floats) -> Floats:
    """The contributions of clusters of one row; z: X M^½, [rows, width]."""
    rest = 1.0 - weight * (z * z).sum(axis=1)
    return (z @ direction) * score * _invert_root(rest)


def _compute_chunk(
    z: Floats, weight: Floats, score: Floats, starts: Ints, direction: Floats
) -> Floats:
    """The contributions of the clusters of a chunk; z: X M^½, [rows, width]."""
    sizes = np.diff(np.append(starts, len(weight)))
    total = np.add.reduceat(weight * (z * z).sum(axis=1), starts)
    u = np.add.reduceat(z * score[:, None], starts, axis=0)
    along = weight * (z * np.repeat(u, sizes, axis=0)).sum(axis=1)
    result: Floats = u @ direction + np.add.reduceat(along * (z @ direction), starts) / 2.0
    for g in np.flatnonzero(total > SMALL_LEVERAGE):
        own = slice(starts[g], starts[g] + sizes[g])
        result[g] = _compute_exactly(z[own], weight[own], u[g], direction)
    is_middle = (total > TINY_LEVERAGE) & (total <= SMALL_LEVERAGE)
    if is_middle.any():
        rows = np.repeat(is_middle, sizes)
        begin = np.cumsum(sizes[is_middle]) - sizes[is_middle]
        once = np.add.reduceat(z[rows] * along[rows, None], begin, axis=0)
        again = (z[rows] * np.repeat(once, sizes[is_middle], axis=0)).sum(axis=1)
        again *= weight[rows] * (z[rows] @ direction)
        result[is_middle] += 3.0 / 8.0 * np.add.reduceat(again, begin)
    return result


def _invert_root(rest: Floats) -> Floats:
    """1 / √rest; 0 where a cluster alone determines a coefficient, so that nothing is left."""
    return np.where(rest > 1e-10, 1.0 / np.sqrt(np.maximum(rest, 1e-10)), 0.0)


def _compute_exactly(z: Floats, weight: Floats, u: Floats, direction: Floats) -> float:
    """e' M^½ (I - B)^(-1/2) u; what the cluster alone determines adds nothing."""
    values, vectors = np.linalg.eigh((z * weight[:, None]).T @ z)
    return float((direction @ vectors * _invert_root(1.0 - values)) @ (vectors.T @ u))
