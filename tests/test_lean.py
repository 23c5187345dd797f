"""What a process of refgraph's own leaves out while it imports; elsewhere nothing is hidden."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
from refgraph import lean
{own}
found = lean.imported("neo4j", without="pandas")
print("pandas" in sys.modules, found is sys.modules["neo4j"])
import pandas
print(pandas.DataFrame({{"x": [1]}}).shape)
"""


def printed(own: str) -> list[str]:
    told = subprocess.run([sys.executable, "-c", CODE.format(own=own)], capture_output=True, text=True, check=True)
    return told.stdout.split("\n")[:2]


def test_pandas_is_left_out_and_can_be_imported_afterwards() -> None:
    assert printed("lean.own()") == ["False True", "(1, 1)"]


def test_elsewhere_the_driver_finds_what_others_want_of_it() -> None:
    assert printed("") == ["True True", "(1, 1)"]
