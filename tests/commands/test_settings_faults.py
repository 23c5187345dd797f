"""A refgraph.toml that makes no sense: two lines and exit code 3, never an internal error."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.program import call

FAULTS = [
    "[options]\ntop = -3",
    "[options]\ntop = 99999999999999999999",
    f"[options]\ntop = 0x{'f' * 9000}",
    "[options]\nvalue = 'love'",
    "[options]\nformat = 'docx'",
    "[options]\ncount = 'cousins'",
    f"[old_customer]\nmonths = {'9' * 5000}",
    "[old_customer]\nmonths = true",
    "[key_account]\nmeasure = 'revenue'\nover = nan",
    "[key_account]\nmeasure = 'revenue'\nover = 1e999",
    "[accounts]\ntiers = [['a']]",
    "[accounts]\nrequire = ['love']",
    "[channels]\nreach = 0",
    "[channels.family]\na = 3",
    "[columns]\ncustomers = {id = 3}",
    f"x = {'[' * 3000}{']' * 3000}",
]


@pytest.mark.parametrize("text", FAULTS, ids=lambda text: text[:40])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_invalid_settings_exit_with_three(text: str, lang: str, clean_environment: Path) -> None:
    (clean_environment / "customers.csv").write_text("id\nA\n")
    (clean_environment / "refgraph.toml").write_text(text)
    done = call("effect", str(clean_environment), "--lang", lang)
    assert (done.code, done.out, len(done.err.splitlines())) == (3, "", 2)
    assert "refgraph.toml" in done.err
