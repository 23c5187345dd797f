"""Both languages say the same things: same keys, same places; and nothing that the code speaks of is missing."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from refgraph import analyses
from refgraph.analyses import claimed
from refgraph.flow import catalog, checking
from refgraph.model.formulas import FORMULAS
from refgraph.model.message import Amount, Names, message
from refgraph.texts import LANGUAGES, fill, load, lookup
from refgraph.texts.numbers import amount, names, percent

PACKAGE = Path(__file__).parent.parent / "refgraph"
EN, ZH = load("en"), load("zh")
KEYS = [(t, k) for t in EN for k in EN[t]]
ONLY_PLACES = re.compile(r"[\s{}:\w./%–→(),;=|<>\-（）]*", re.A)


def calls() -> list[tuple[str, str]]:
    """(name of the function called, its first argument) for all calls with a text as first argument."""
    found = []
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if isinstance(node.args[0].value, str):
                    found.append((name, node.args[0].value))
    return found


def test_same_tables_and_keys() -> None:
    assert {t: set(EN[t]) for t in EN} == {t: set(ZH[t]) for t in ZH}


@pytest.mark.parametrize(("table", "key"), KEYS)
def test_same_places(table: str, key: str) -> None:
    def places(text: str) -> set[str]:
        return set(re.findall(r"{(\w+)", text))

    assert places(EN[table][key]) == places(ZH[table][key])


def test_chinese_is_chinese() -> None:
    plain = [(t, k) for t, k in KEYS if not re.search("[\u4e00-\u9fff]", ZH[t][k]) and not ONLY_PLACES.fullmatch(ZH[t][k])]
    assert not plain


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_error_has_cause_and_remedy(lang: str) -> None:
    raised = {id for name, id in calls() if name.endswith("Error") and re.fullmatch(r"[a-z0-9-]+", id)}
    missing = {id for id in raised if id not in load(lang)["error"] or id not in load(lang)["remedy"]}
    assert raised
    assert not missing


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_message_has_its_sentence(lang: str) -> None:
    for name, id in calls():
        if name == "message" and "." in id:
            table, _, key = id.rpartition(".")
            assert lookup(table, key, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_column_has_title_and_meaning(lang: str) -> None:
    columns = [*claimed.COLUMNS, *catalog.COLUMNS, *checking.LEDGER, *checking.FAULTS, *checking.MAPPING, *checking.QUESTIONS]
    columns += [c for name in analyses.NAMES for c in analyses.load(name).columns]
    assert not [c.text for c in columns if c.text not in load(lang)["title"] or c.text not in load(lang)["column"]]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_formula_and_code_is_explained(lang: str) -> None:
    used = {f for name in analyses.NAMES for f in analyses.load(name).formulas}
    used |= {c.formula for name in analyses.NAMES for c in analyses.load(name).columns if c.formula}
    assert used <= set(FORMULAS)
    assert set(FORMULAS) <= set(load(lang)["formula"])
    codes = {id for name, id in calls() if name in ("finding", "reject")}
    assert codes <= set(load(lang)["label"])


@pytest.mark.parametrize(("number", "en", "zh"), [(31_933_317, "31.93 M 元", "3,193.3 万元"), (640, "640 元", "640 元"),
                                                  (12_345, "12.35 k 元", "1.23 万元"), (-2e9, "-2 bn 元", "-20 亿元")])  # fmt: skip
def test_money(number: float, en: str, zh: str) -> None:
    assert (amount(Amount(number, "元", True), "en"), amount(Amount(number, "元", True), "zh")) == (en, zh)


def test_shares_round_halves_up_and_names_join() -> None:
    assert (percent(0.3125), percent(0.3125, 2), percent(1 / 3), percent(0.0005)) == ("31.3", "31.25", "33.3", "0.1")
    assert names(Names(("A", "B"), 3), "en") == "A, B and 3 more"
    assert names(Names(("甲", "乙"), 3), "zh") == "甲、乙等 5 家"


def test_one_and_many() -> None:
    text = "{n:count} {n:customer/customers}"
    assert [fill(text, message("x", n=n).values, "en") for n in (1, 2)] == ["1 customer", "2 customers"]
