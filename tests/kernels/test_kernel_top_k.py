"""The k largest of each list, against sorting the list; plain and compiled."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refgraph.kernels import compilation
from refgraph.kernels.top_k import select_top_k


@pytest.mark.parametrize("mode", ["plain", "compiled"])
@settings(deadline=None)
@given(
    lists=st.lists(st.sets(st.integers(0, 9)), min_size=1, max_size=6),
    limit=st.integers(1, 4),
    data=st.data(),
)
def test_select_top_k_any_lists_agrees_with_sorting(
    mode: str, lists: list[set[int]], limit: int, data: st.DataObject
) -> None:
    values = st.lists(st.sampled_from([-1.0, -0.0, 0.0, 2.5]), min_size=10, max_size=10)
    worth = np.array(data.draw(values))
    rows = data.draw(st.lists(st.integers(0, len(lists) - 1), unique=True))
    ptr = np.cumsum([0, *map(len, lists)], dtype=np.int64)
    dst = np.array([x for members in lists for x in sorted(members)], np.int32)
    with compilation.force_mode(mode):
        start, top = select_top_k(ptr, dst, worth, np.array(rows, np.int64), limit)
    found = [top[start[i] : start[i + 1]].tolist() for i in range(len(rows))]
    assert found == [sorted(lists[row], key=lambda x: (-worth[x], x))[:limit] for row in rows]
