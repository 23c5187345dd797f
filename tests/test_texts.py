"""Both languages have the same keys and placeholders, and every text that the code asks for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

import refgraph.errors
from refgraph import analyses, pipeline
from refgraph.commands.cli import cli
from refgraph.errors import DataError, RefgraphError
from refgraph.kernels import records
from refgraph.model.dataset import Dataset
from refgraph.model.fields import FIELDS_BY_TABLE
from refgraph.pipeline import matching
from refgraph.reports import catalog, check
from refgraph.reports.customer_sections import FACTS, SECTIONS_BELOW_TREE
from refgraph.texts import LANGUAGES, explain_error, load_texts
from refgraph.texts.formulas import FORMULAS

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "refgraph"
EN, ZH = load_texts("en"), load_texts("zh")
KEYS = [(t, k) for t in EN for k in EN[t]]
NAMES_ONLY = {("help", "error"), ("doctor", "python"), ("formula_definition", "M15")}
NAMES_ONLY |= {("explore", "other-language")}
"""Chinese texts that consist of a proper name or of symbols."""
SPECS_OF_FIGURES = ("count", "share", "ratio", "days", "points")
"""Units of figures in sentences about their rows."""
VALUES_ONLY = {("figure", key) for key in ("name", "amount", "share-value", "value-share-value")}
"""Texts that consist of a value: key figures in large type."""
NO_WORDS = {("error", "usage"), ("doctor", "package"), ("phrase", "mean-bare")}
NO_WORDS |= {("phrase", "gap-share"), ("phrase", "gap-points")}
NO_WORDS |= {
    ("phrase", f"figure-{unit}") for unit in (*SPECS_OF_FIGURES, "score", "depth", "value")
}
"""Texts that consist of one place."""
PLACE = re.compile(r"{(\w+)(?::([^}]*))?}")
SPECS = {None, "count", "share", "share2", "points", "number", "number2", "days", "ratio", "tenth"}


def find_calls() -> Iterator[tuple[str, ast.expr, set[str | None]]]:
    """(function, first argument, keywords) of every call in the package; keyword None = ``**``."""
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                yield name, node.args[0], {k.arg for k in node.keywords}


def find_id_patterns(first: ast.expr) -> Iterator[str]:
    """Patterns of the ids that an argument can be: a constant, a choice of two, an f-string."""
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        yield re.escape(first.value)
    elif isinstance(first, ast.IfExp):
        yield from (*find_id_patterns(first.body), *find_id_patterns(first.orelse))
    elif isinstance(first, ast.JoinedStr):
        yield "".join(
            re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"[\w-]*"
            for p in first.values
        )


def find_messages() -> list[tuple[str, str, set[str | None]]]:
    """(table, key pattern, names of values) of every message, cause and remedy in the package."""
    found = []
    errors = {
        n
        for n, x in vars(refgraph.errors).items()
        if isinstance(x, type) and issubclass(x, RefgraphError)
    }
    for name, first, given in find_calls():
        for id in find_id_patterns(first):
            if name == "message":
                table, dot, key = id.replace("\\.", ".").replace("\\-", "-").partition(".")
                found.append((table, key, given) if dot else ("note", table, given))
            elif name in errors:
                found += [("error", id, given), ("remedy", id, given)]
    return found


def test_both_languages_have_the_same_keys() -> None:
    assert {t: set(EN[t]) for t in EN} == {t: set(ZH[t]) for t in ZH}


def test_both_languages_have_the_same_placeholders() -> None:
    def find_names(text: str) -> set[str]:
        return {name for name, _ in PLACE.findall(text)}

    assert not [
        f"{table}.{key}"
        for table, key in KEYS
        if find_names(EN[table][key]) != find_names(ZH[table][key])
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_placeholder_has_a_known_format(lang: str) -> None:
    def is_valid(text: str) -> bool:
        formats = [how for _, how in PLACE.findall(text)]
        has_stray_brace = "{" in PLACE.sub("", text)
        return not has_stray_brace and all(
            (how or None) in SPECS or how.count("/") == 1 for how in formats
        )

    texts = load_texts(lang)
    assert not [f"{table}.{key}" for table, key in KEYS if not is_valid(texts[table][key])]


CITATIONS = {"formula_source", "formula_example"}
"""Tables of references and figures, which may hold no word."""


def test_every_chinese_text_has_chinese_characters() -> None:
    bare = {(t, k): PLACE.sub("", ZH[t][k]) for t, k in KEYS}
    latin = {
        at
        for at, text in bare.items()
        if at[0] not in CITATIONS
        and re.search(r"[a-zA-Z]", text)
        and not re.search("[\u4e00-\u9fff]", text)
    }
    assert latin <= NAMES_ONLY
    assert not [
        at for at, text in bare.items() if not text.strip() and at not in NO_WORDS | VALUES_ONLY
    ]


def test_chinese_definitions_hold_no_english_phrase() -> None:
    definitions = ZH["formula_definition"]
    assert not [id for id, text in definitions.items() if re.search(r"[a-z]{3,} [a-z]{2,}", text)]


def test_chinese_percentages_have_no_space_before_the_sign() -> None:
    spaced = re.compile(r"[\d}] %(?![a-z\d])")
    assert not [at for at in KEYS if spaced.search(ZH[at[0]][at[1]])]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_message_of_the_code_has_a_text_and_its_values(lang: str) -> None:
    messages = find_messages()
    assert {"error", "remedy", "note", "headline", "phrase"} <= {table for table, _, _ in messages}
    for table, pattern, given in messages:
        keys = [key for key in load_texts(lang)[table] if re.fullmatch(pattern, key)]
        assert keys, f"{table}.{pattern}"
        for key in keys:
            missing = {name for name, _ in PLACE.findall(load_texts(lang)[table][key])} - given
            assert None in given or not missing, f"[{table}] {key} needs {missing}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_command_and_option_has_a_help_text(lang: str) -> None:
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command
        assert load_texts(lang)["command"][name]
        if isinstance(command, click.Group):  # its first word is an analysis, or what to do
            command = command.get_command(context, command.list_commands(context)[0])
            assert command
        flags = [max(p.opts, key=len) for p in command.params if isinstance(p, click.Option)]
        assert flags
        keys = {flag.lstrip("-").replace("-", "_") for flag in flags}
        assert not [
            key for key in keys if not load_texts(lang)["option"].keys() & {key, f"{name}.{key}"}
        ]
        assert all(p.help for p in command.params if isinstance(p, click.Option))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_column_has_a_title_and_a_meaning(lang: str) -> None:
    columns = [
        *catalog.COLUMNS,
        *check.LEDGER_COLUMNS,
        *check.FAULT_COLUMNS,
        *check.MAPPING_COLUMNS,
        *check.QUESTION_COLUMNS,
        *matching.MATCH_RESULT_COLUMNS,
    ]
    columns += [c for section in (FACTS, *SECTIONS_BELOW_TREE) for c in section.columns]
    for name in analyses.NAMES:
        columns += analyses.load(name).columns
        columns += [c for variant in analyses.load(name).variants for c in variant.columns]
    assert not [
        c.text
        for c in columns
        if c.text not in load_texts(lang)["title"] or c.text not in load_texts(lang)["column"]
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_formula_has_a_text(lang: str) -> None:
    used = {f for name in analyses.NAMES for f in analyses.load(name).formulas}
    used |= {c.formula for name in analyses.NAMES for c in analyses.load(name).columns if c.formula}
    assert used <= set(FORMULAS)
    for table in ("", "_definition", "_unit", "_source", "_example"):
        assert set(FORMULAS) == set(load_texts(lang)[f"formula{table}"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_and_grain_has_a_label(lang: str) -> None:
    labels = set(load_texts(lang)["label"])
    data = [*read_dirty_folders()[0], pipeline.open_source(ROOT / "sample_data" / "l96").dataset()]
    codes = {
        code for d in data for frame in (d.findings, d.rejects) for code in frame["code"]
    } | set(records.FAULT_NAMES[1:])
    assert len(codes) > 12
    assert codes <= labels
    assert {analyses.load(name).grain for name in analyses.NAMES} | set(
        check.REQUIRED_COLUMNS
    ) | set(FIELDS_BY_TABLE) <= labels


@cache
def read_dirty_folders() -> tuple[list[Dataset], list[DataError]]:
    """Datasets of the dirty folders that can be read, and the errors of the others."""
    read, faults = [], []
    for folder in sorted((ROOT / "sample_data" / "dirty").iterdir()):
        try:
            read.append(pipeline.open_source(folder).dataset())
        except DataError as error:
            faults.append(error)
    return read, faults


@pytest.mark.parametrize("lang", LANGUAGES)
def test_errors_of_unreadable_folders_have_texts(lang: str) -> None:
    errors = [error for first in read_dirty_folders()[1] for error in (first, *first.others)]
    lines = [line for error in errors for line in explain_error(error, lang)]
    assert len(errors) > 4
    assert all("{" not in line and line.strip() for line in lines)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_input_column_has_a_text(lang: str) -> None:
    known = {
        f"{table}.{field.name}" for table, fields in FIELDS_BY_TABLE.items() for field in fields
    }
    assert set(load_texts(lang)["field"]) == known
