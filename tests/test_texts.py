"""Both languages say the same things: same keys, same places; and nothing that the code speaks of is missing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

import refgraph.errors
from refgraph import analyses, flow
from refgraph.analyses import account_rules, claimed
from refgraph.commands.group import cli
from refgraph.errors import DataError, RefgraphError
from refgraph.flow import catalog, checking, customers
from refgraph.kernels import records
from refgraph.model.dataset import Dataset
from refgraph.model.fields import TABLES
from refgraph.model.formulas import FORMULAS
from refgraph.model.message import Amount, Names, message
from refgraph.texts import LANGUAGES, explain_error, fill, load
from refgraph.texts.numbers import amount, names, percent

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "refgraph"
EN, ZH = load("en"), load("zh")
KEYS = [(t, k) for t in EN for k in EN[t]]
NAMES_ONLY = {("help", "error"), ("doctor", "python")}
"""Chinese texts that are nothing but a proper name."""
VALUES_ONLY = {("figure", key) for key in ("name", "amount", "share-value", "value-share-value")}
"""Texts that are nothing but a value: what a key figure says in large type."""
PLACE = re.compile(r"{(\w+)(?::([^}]*))?}")
SPECS = {None, "count", "share", "share2", "number", "number2", "days", "ratio", "tenth"}


def calls() -> Iterator[tuple[str, ast.expr, set[str | None]]]:
    """(function called, its first argument, keywords given) for every call in the package; None among keywords = ``**``."""
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                yield name, node.args[0], {k.arg for k in node.keywords}


def ids(first: ast.expr) -> Iterator[str]:
    """Patterns of the ids that an argument can be: a constant, either side of a choice, a text with places."""
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        yield re.escape(first.value)
    elif isinstance(first, ast.IfExp):
        yield from (*ids(first.body), *ids(first.orelse))
    elif isinstance(first, ast.JoinedStr):
        yield "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"[\w-]*" for p in first.values)


def spoken() -> list[tuple[str, str, set[str | None]]]:
    """(table, pattern of the key, values given) for everything the package says: messages, causes and remedies."""
    found = []
    errors = {n for n, x in vars(refgraph.errors).items() if isinstance(x, type) and issubclass(x, RefgraphError)}
    for name, first, given in calls():
        for id in ids(first):
            if name == "message":
                table, dot, key = id.replace("\\.", ".").replace("\\-", "-").partition(".")
                found.append((table, key, given) if dot else ("note", table, given))
            elif name in errors:
                found += [("error", id, given), ("remedy", id, given)]
    return found


def test_same_tables_and_keys() -> None:
    assert {t: set(EN[t]) for t in EN} == {t: set(ZH[t]) for t in ZH}


@pytest.mark.parametrize(("table", "key"), KEYS)
def test_same_places_filled_in_known_ways(table: str, key: str) -> None:
    en, zh = ({name for name, _ in PLACE.findall(texts[table][key])} for texts in (EN, ZH))
    assert en == zh
    for text in (EN[table][key], ZH[table][key]):
        assert PLACE.sub("", text).count("{") == 0
        assert all((how or None) in SPECS or how.count("/") == 1 for _, how in PLACE.findall(text))


def test_chinese_is_chinese() -> None:
    bare = {(t, k): PLACE.sub("", ZH[t][k]) for t, k in KEYS}
    latin = {at for at, text in bare.items() if re.search(r"[a-zA-Z]", text) and not re.search("[\u4e00-\u9fff]", text)}
    assert latin <= NAMES_ONLY
    assert not [at for at, text in bare.items() if not text.strip() and at not in {("error", "usage"), ("doctor", "package"), *VALUES_ONLY}]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_whatever_the_code_says_has_its_sentence_and_its_values(lang: str) -> None:
    said = spoken()
    assert {"error", "remedy", "note", "headline", "phrase"} <= {table for table, _, _ in said}
    for table, pattern, given in said:
        keys = [key for key in load(lang)[table] if re.fullmatch(pattern, key)]
        assert keys, f"{table}.{pattern}"
        for key in keys:
            missing = {name for name, _ in PLACE.findall(load(lang)[table][key])} - given
            assert None in given or not missing, f"[{table}] {key} needs {missing}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_command_and_option_is_explained(lang: str) -> None:
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command
        assert load(lang)["command"][name]
        if isinstance(command, click.Group):  # its first word is an analysis, or what to do
            command = command.get_command(context, command.list_commands(context)[0])
            assert command
        flags = [max(p.opts, key=len) for p in command.params if isinstance(p, click.Option)]
        assert flags
        keys = {flag.lstrip("-").replace("-", "_") for flag in flags}
        assert not [key for key in keys if not load(lang)["option"].keys() & {key, f"{name}.{key}"}]
        assert all(p.help for p in command.params if isinstance(p, click.Option))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_column_has_title_and_meaning(lang: str) -> None:
    columns = [*account_rules.COLUMNS, *claimed.COLUMNS, *catalog.COLUMNS, *checking.LEDGER, *checking.FAULTS, *checking.MAPPING, *checking.QUESTIONS]
    columns += [*customers.FACTS, *customers.RANKS, *customers.ABOVE, *customers.BELOW, *customers.MEMBERS, *customers.FINDINGS]
    columns += [c for name in analyses.NAMES for c in analyses.load(name).columns]
    assert not [c.text for c in columns if c.text not in load(lang)["title"] or c.text not in load(lang)["column"]]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_formula_is_explained(lang: str) -> None:
    used = {f for name in analyses.NAMES for f in analyses.load(name).formulas}
    used |= {c.formula for name in analyses.NAMES for c in analyses.load(name).columns if c.formula}
    assert used <= set(FORMULAS)
    assert set(FORMULAS) <= set(load(lang)["formula"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_and_kind_of_row_has_its_label(lang: str) -> None:
    labels = set(load(lang)["label"])
    data = [*dirty()[0], flow.open_source(ROOT / "sample_data" / "l96").dataset()]
    codes = {code for d in data for frame in (d.findings, d.rejects) for code in frame["code"]} | set(records.FAULTS[1:])
    assert len(codes) > 12
    assert codes <= labels
    assert {analyses.load(name).grain for name in analyses.NAMES} | set(checking.NEEDS) | set(TABLES) <= labels


@cache
def dirty() -> tuple[list[Dataset], list[DataError]]:
    """The dirty folders that give an answer at all, and the faults of the others."""
    read, faults = [], []
    for folder in sorted((ROOT / "sample_data" / "dirty").iterdir()):
        try:
            read.append(flow.open_source(folder).dataset())
        except DataError as error:
            faults.append(error)
    return read, faults


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_faults_that_leave_no_answer_can_be_told(lang: str) -> None:
    told = [explain_error(each, lang) for fault in dirty()[1] for each in (fault, *fault.others)]
    assert len(told) > 4
    assert all("{" not in line and line.strip() for lines in told for line in lines)


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
