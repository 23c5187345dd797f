"""The few of greatest worth in each list, against sorting the list; plain and compiled."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refgraph.kernels import compile
from refgraph.kernels.leaders import leaders


@pytest.mark.parametrize("mode", ["plain", "compiled"])
@settings(deadline=None)
@given(lists=st.lists(st.sets(st.integers(0, 9)), min_size=1, max_size=6), most=st.integers(1, 4), data=st.data())
def test_the_first_of_each_list_in_order_of_worth(mode: str, lists: list[set[int]], most: int, data: st.DataObject) -> None:
    worth = np.array(data.draw(st.lists(st.sampled_from([-1.0, -0.0, 0.0, 2.5]), min_size=10, max_size=10)))
    rows = data.draw(st.lists(st.integers(0, len(lists) - 1), unique=True))
    ptr = np.cumsum([0, *map(len, lists)], dtype=np.int64)
    dst = np.array([x for of in lists for x in sorted(of)], np.int32)
    with compile.mode(mode):
        at, who = leaders(ptr, dst, worth, np.array(rows, np.int64), most)
    found = [who[at[i] : at[i + 1]].tolist() for i in range(len(rows))]
    assert found == [sorted(lists[row], key=lambda x: (-worth[x], x))[:most] for row in rows]
