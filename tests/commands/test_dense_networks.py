"""Networks of 4 million referrals among few customers are answered within 4 GB."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

REFERRALS = 4_000_000
MAX_KILOBYTES = 4_000_000_000 // 1024


def write_network(folder: Path, customers: int, has_cycles: bool) -> None:
    """Pairs drawn at random; without cycles the referrer is the one who joined first."""
    dice = np.random.default_rng(1)
    joined = np.sort(dice.integers(0, 20 * 365, customers))
    pair = dice.integers(0, customers, (2, REFERRALS * 11 // 10))
    pair = pair[:, pair[0] != pair[1]]
    first, second = pair if has_cycles else np.sort(pair, axis=0)
    kept = np.unique(first * customers + second, return_index=True)[1][:REFERRALS]
    ids = np.char.add("C", np.arange(customers).astype(str))
    days = np.datetime64(date(2004, 1, 1)) + joined
    value = dice.integers(1_000, 100_000, customers)
    people = pl.DataFrame({"id": ids, "joined": days, "revenue": value})
    people.write_csv(folder / "customers.csv")
    ends = {"referrer": ids[first[kept]], "referred": ids[second[kept]]}
    referrals = pl.DataFrame(ends | {"at": days[second[kept]]})
    referrals.write_csv(folder / "referrals.csv")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("customers", "has_cycles"), [(20_000, True), (20_000, False), (200_000, True)]
)
def test_integrity_of_a_dense_network_is_answered_within_its_memory(
    customers: int, has_cycles: bool, tmp_path: Path
) -> None:
    write_network(tmp_path, customers, has_cycles)
    words = [sys.executable, "-m", "refgraph", "integrity", str(tmp_path), "--format", "csv"]
    with (tmp_path / "out").open("wb") as out:
        child = subprocess.Popen(words, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert usage.ru_maxrss <= MAX_KILOBYTES
    assert (tmp_path / "out").stat().st_size > 0
