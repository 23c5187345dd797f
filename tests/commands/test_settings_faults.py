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
    "[units]\nfoo = 't'",
    "[units]\n'customers.name' = 't'",
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


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("客户代马", 'columns.customers.id = "客户代码"'),
        ("客户代码 ", 'columns.customers.id = "客户代码"'),
        ("xyz", 'columns.customers.id = "..."'),
    ],
    ids=["misspelt", "space", "unlike-any"],
)
def test_header_that_the_file_lacks_names_the_line_to_correct(
    header: str, line: str, lang: str, clean_environment: Path
) -> None:
    (clean_environment / "customers.csv").write_text("客户代码,客户名称\nA,B\n", encoding="utf-8")
    text = f'[columns]\ncustomers.id = "{header}"\n'
    (clean_environment / "refgraph.toml").write_text(text, encoding="utf-8")
    done = call("effect", str(clean_environment), "--lang", lang)
    assert done.code == 3
    remedy = done.err.splitlines()[1]
    assert "refgraph.toml" in remedy and remedy.endswith(line)
    assert "=HEADER" not in done.err and "=表头" not in done.err


def test_units_of_kinds_and_of_columns_of_amounts_are_known(clean_environment: Path) -> None:
    (clean_environment / "customers.csv").write_text("id,revenue\nA,1\nB,2\n")
    text = "[units]\nmoney = '万元'\n'customers.volume' = 'kg'\n"
    (clean_environment / "refgraph.toml").write_text(text, encoding="utf-8")
    assert call("check", str(clean_environment)).code == 0
