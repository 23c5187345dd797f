"""Errors speak of keyword arguments where Python asked, of options on the command line."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from support import toys

import refgraph
from refgraph import errors
from refgraph.errors import UsageError
from refgraph.model.message import message
from refgraph.texts import LANGUAGES, explain_error, load_texts
from refgraph.texts.python_names import spell_for_python


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFGRAPH_LANG", "en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_in_python_names_an_option_of_the_command_line(lang: str) -> None:
    texts = load_texts(lang)
    tables = ("error", "remedy", "warning", "report", "note", "label", "headline", "phrase", "help")
    spelled = {
        f"{name}.{key}": spell_for_python(text)
        for name in tables
        for key, text in texts[name].items()
    }
    assert not [
        key for key, text in spelled.items() if "--" in text and key != "help.remedy-of-usage"
    ]


def test_fields_that_python_sentences_name_exist() -> None:
    named = set()
    for lang in LANGUAGES:
        for name in ("error", "remedy", "warning", "note", "label"):
            for text in load_texts(lang)[name].values():
                named |= set(re.findall(r"\b([A-Z]\w+)\((\w+)=", spell_for_python(text)))
    assert {("SourceOptions", "columns"), ("IntakeOptions", "repair_ids")} <= named
    for holder, field in named:
        assert field in {f.name for f in fields(getattr(refgraph, holder))}, (holder, field)


def test_errors_name_keyword_arguments_in_python_and_options_on_the_command_line() -> None:
    with pytest.raises(UsageError) as caught:
        refgraph.run("without", toys.chain())
    assert 'of=["C001", "C020"]' in str(caught.value)
    assert "--of C001 --of C020" in " ".join(explain_error(caught.value, "en"))
    remedy = message("phrase.name-the-column", option="--column customers.referred_by=von")
    values = {"columns": ["x"], "column": "von", "key": "id", "matched": 1, "filled": 2}
    error = errors.DataError("no-referrals-but-column", remedy=remedy, **values)
    assert 'SourceOptions(columns={"customers.referred_by": "von"})' in str(error)


def test_str_of_an_error_tells_all_faults() -> None:
    faults = [errors.DataError("unknown-encoding", encoding=name) for name in ("x", "y", "z")]
    lines = str(errors.combine_errors(faults)).splitlines()
    assert [line.split(".")[0] for line in lines] == [f"There is no encoding {x}" for x in "xyz"]
