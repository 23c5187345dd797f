"""Fisher's exact test against scipy's and against all tables counted one by one."""

from __future__ import annotations

from fractions import Fraction
from math import comb, isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from refgraph.estimates.fisher import fisher_exact_test

SMALL = st.integers(1, 12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(SMALL, SMALL)
def test_fisher_exact_test_equals_enumeration_of_all_tables(
    one: tuple[int, int], two: tuple[int, int]
) -> None:
    (k1, n1), (k2, n2) = one, two
    ways = {
        x: comb(n1, x) * comb(n2, k1 + k2 - x)
        for x in range(max(0, k1 + k2 - n2), min(n1, k1 + k2) + 1)
    }
    exact = Fraction(sum(w for w in ways.values() if w <= ways[k1]), sum(ways.values()))
    assert fisher_exact_test(k1, n1, k2, n2) == pytest.approx(float(exact), rel=1e-9)


@given(st.integers(0, 3000), st.integers(0, 2000))
def test_fisher_exact_test_of_larger_tables_equals_scipy(k1: int, k2: int) -> None:
    found = fisher_exact_test(k1, 3000, k2, 2000)
    assert found == pytest.approx(
        fisher_exact([[k1, 3000 - k1], [k2, 2000 - k2]]).pvalue, rel=1e-5, abs=1e-12
    )
    assert 0 <= found <= 1


def test_fisher_exact_test_of_empty_group_is_nan_and_impossible_counts_are_refused() -> None:
    assert isnan(fisher_exact_test(0, 0, 1, 2))
    with pytest.raises(ValueError, match="needed"):
        fisher_exact_test(3, 2, 0, 1)
