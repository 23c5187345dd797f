"""The columns that a regression adjusts for: numbers, and groups without a column per group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Design:
    """Columns of numbers, and factors, each a column per level but the first.

    numbers: float64 [n, k], in column order. factors: int64 [n] each, the level 0.. of each row;
    level 0 has no column. levels: number of levels of each factor.
    Sums over the n rows are computed column by column, so that they never depend on threads.
    """

    numbers: Floats
    factors: tuple[Ints, ...]
    levels: tuple[int, ...]

    @property
    def width(self) -> int:
        """Number of coefficients."""
        return int(self.numbers.shape[1]) + sum(level - 1 for level in self.levels)

    def predict(self, coefficients: Floats) -> Floats:
        """X b, float64 [n]; coefficients: [width]."""
        result = np.zeros(len(self.numbers))
        for place, column in enumerate(self.numbers.T):
            result += column * coefficients[place]
        start = self.numbers.shape[1]
        for factor, levels in zip(self.factors, self.levels, strict=True):
            table = np.concatenate([[0.0], coefficients[start : start + levels - 1]])
            result += table[factor]
            start += levels - 1
        return result

    def sum_scores(self, residual: Floats) -> Floats:
        """X' r, float64 [width]; residual: [n]."""
        sums = [np.array([float((column * residual).sum()) for column in self.numbers.T])]
        for factor, levels in zip(self.factors, self.levels, strict=True):
            sums.append(np.bincount(factor, weights=residual, minlength=levels)[1:])
        return np.concatenate(sums)

    def compute_gram(self, weight: Floats) -> Floats:
        """X' W X, float64 [width, width], symmetric; weight: [n]."""
        blocks = [[self._compute_block(a, b, weight) for b in range(a + 1)] for a in self._parts]
        width = self.width
        gram = np.zeros((width, width))
        starts = np.cumsum([0, *(len(row[-1]) for row in blocks)])
        for a, row in enumerate(blocks):
            for b, block in enumerate(row):
                rows, columns = slice(starts[a], starts[a + 1]), slice(starts[b], starts[b + 1])
                gram[rows, columns] = block
                gram[columns, rows] = block.T
        return gram

    def expand(self, rows: Ints) -> Floats:
        """The rows X[rows] with a column for each coefficient, float64 [rows, width]."""
        start = self.numbers.shape[1]
        expanded = np.zeros((len(rows), self.width))
        expanded[:, :start] = self.numbers[rows]
        for factor, levels in zip(self.factors, self.levels, strict=True):
            level = factor[rows]
            place = np.flatnonzero(level > 0)
            expanded[place, start + level[place] - 1] = 1.0
            start += levels - 1
        return expanded

    @property
    def _parts(self) -> range:
        """The numbers are part 0, factor f is part f + 1."""
        return range(len(self.factors) + 1)

    def _compute_block(self, a: int, b: int, weight: Floats) -> Floats:
        """The block of parts a >= b of X' W X."""
        if a == 0:
            return self._compute_number_block(weight)
        factor, levels = self.factors[a - 1], self.levels[a - 1]
        if b == a:
            totals = np.bincount(factor, weights=weight, minlength=levels)[1:]
            return np.diag(totals.astype(np.float64))
        if b == 0:
            columns = [
                np.bincount(factor, weights=weight * column, minlength=levels)[1:]
                for column in self.numbers.T
            ]
            return np.column_stack(columns).astype(np.float64)
        other, width = self.factors[b - 1], self.levels[b - 1]
        table = np.bincount(factor * width + other, weights=weight, minlength=levels * width)
        return table.astype(np.float64).reshape(levels, width)[1:, 1:]

    def _compute_number_block(self, weight: Floats) -> Floats:
        k = self.numbers.shape[1]
        block = np.zeros((k, k))
        for i in range(k):
            weighted = weight * self.numbers[:, i]
            for j in range(i + 1):
                block[i, j] = block[j, i] = float((weighted * self.numbers[:, j]).sum())
        return block


def build_design(numbers: list[Floats], factors: list[Ints]) -> Design:
    """A `Design` of a constant, columns of numbers [n] and factors [n].

    Formula: levels are renumbered 0.. in rising order, so that each level has a row (treatment
    contrasts). Column 0 is the constant. Range: any numbers; no unit.

    >>> design = build_design([np.array([2.0, 3.0, 5.0])], [np.array([7, 9, 7])])
    >>> design.expand(np.arange(3)).tolist()
    [[1.0, 2.0, 0.0], [1.0, 3.0, 1.0], [1.0, 5.0, 0.0]]
    """
    rows = len(numbers[0]) if numbers else len(factors[0])
    columns = np.asfortranarray(np.column_stack([np.ones(rows), *numbers]))
    renumbered = [np.unique(factor, return_inverse=True) for factor in factors]
    return Design(
        columns,
        tuple(place.astype(np.int64) for _, place in renumbered),
        tuple(len(words) for words, _ in renumbered),
    )


def select_independent(gram: Floats, last: int) -> Ints:
    """The columns that are no combination of those before them; column ``last`` is tried last.

    Formula: the residual of each column on those chosen so far (sweep operator, Goodnight 1979); it
    is a combination below 1e-9 of its own square sum. gram: X' X, [p, p]. Returns int64, rising.
    Range: 0..p-1.

    >>> select_independent(np.array([[2.0, 2.0], [2.0, 2.0]]), 1).tolist()
    [0]
    """
    rest = gram.astype(np.float64).copy()
    size = np.diag(gram).copy()
    chosen = []
    for place in [*(p for p in range(len(gram)) if p != last), last]:
        pivot = rest[place, place]
        if not pivot > 1e-9 * max(float(size[place]), 1e-300):
            continue
        chosen.append(place)
        rest -= np.outer(rest[:, place], rest[place]) / pivot
    return np.sort(np.array(chosen, np.int64))
