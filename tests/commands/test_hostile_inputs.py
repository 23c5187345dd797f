"""Inputs that ended as an internal error: each gets a sentence and the exit code of its kind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.program import call

from refgraph import analyses
from refgraph.texts.numbers import format_percent

PARTIES = {"path", "common", "compare", "reach", "without"}


def write(folder: Path, **tables: str) -> str:
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize("header", ["*", "**", "^.*$", "^id$", "file", "line", "stub", "id_right"])
def test_header_that_means_something_to_a_library_is_a_header(tmp_path: Path, header: str) -> None:
    source = write(
        tmp_path,
        customers=f"id,{header},{header}*,revenue\nA,1,2,3\nB,4,5,x\n",
        referrals=f"referrer,referred,{header}\nA,B,1\n",
    )
    for name in ("check", "recommenders", "segments", "report"):
        done = call(name, source, "--allow-rejects", "--format", "json")
        assert done.code == 0, done.err
    done = call("check", source, "--column", f"customers.name={header}", "--format", "json")
    assert done.code == 3, done.err


def test_header_of_a_pattern_may_be_mapped(tmp_path: Path) -> None:
    source = write(tmp_path, customers="^k$,k,*\nA,1,9\nB,2,B\n", referrals="a,b\nA,B\n")
    columns = ["customers.id=^k$", "customers.revenue=*", "referrals.referrer=a"]
    words = [word for column in (*columns, "referrals.referred=b") for word in ("--column", column)]
    done = call("recommenders", source, *words, "--format", "json")
    assert done.code == 3
    assert "1 cell was rejected" in done.err


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_first_and_last_day_of_the_calendar_are_days(
    tmp_path: Path, day: str, shared_engines: None
) -> None:
    source = write(
        tmp_path,
        customers=f"id,joined,left,lost_at\nA,{day},{day},\nB,2020-01-01,,\nC,,,{day}\n",
        referrals=f"referrer,referred,at\nA,B,{day}\nB,C,2021-01-01\n",
        orders=f"order_id,customer,at,revenue\n1,A,{day},5\n2,B,2020-01-01,5\n",
    )
    # the last day of the calendar is the default as-of day already
    options = ([], ["--as-of", day]) if day < "2020" else ([],)
    for name in [name for name in analyses.NAMES if name not in PARTIES]:
        for more in options:
            done = call(name, source, "--format", "json", *more)
            assert done.code in (0, 2, 3), (name, done.err)
    for words in (["timeline", "effect"], ["timeline", "growth", "--every", "month"]):
        assert call(*words, source, "--format", "json").code in (0, 2, 3)


@pytest.mark.parametrize(
    "text",
    [
        "[channels]\nreach = " + "9" * 5_000,
        "[accounts]\nx = " + "[" * 5_000 + "]" * 5_000,
        "[options]\ntop = -3",
        "[options]\ntop = true",
        "[old_customer]\nmonths = 9999999999",
        "[old_customer]\nmonths = -5\norders = -5",
        '[key_account]\nmeasure = "volume"\nover = nan',
        "[accounts]\nterritory = [1, [2], {a = 3}]",
        "x = 1",
        "\x00",
    ],
)
def test_senseless_settings_leave_with_three(tmp_path: Path, text: str) -> None:
    source = write(tmp_path, customers="id\nA\n")
    (tmp_path / "refgraph.toml").write_text(text, encoding="utf-8")
    for lang in ("en", "zh"):
        done = call("check", source, "--lang", lang)
        assert done.code == 3
        assert len(done.err.splitlines()) >= 2
        assert "set_int_max_str_digits" not in done.err


@pytest.mark.parametrize("name", ["x" * 5_000, "x/" * 2_500 + "x"])
def test_path_of_thousands_of_characters_leaves_with_its_code(tmp_path: Path, name: str) -> None:
    source = write(tmp_path, customers="id,referred_by\nA,\nB,A\n")
    calls = [
        ["effect", name],
        ["effect", source, "--config", name],
        ["effect", "--customers", name + ".csv"],
        ["effect", source, "--customers-patch", name + ".csv"],
        ["effect", source, "-o", name + ".csv"],
        ["effect", source, "--rejects", name],
        ["draw", "A", source, "-o", name + ".svg"],
        ["draw", "A", source, "--font", name],
        ["draw", "--all", source, "-o", name],
        ["generate", name, "--size", "20"],
    ]
    for words in calls:
        done = call(*words)
        assert done.code == 5, (words[0], words[-2], done.code, done.err[-300:])
        assert len(done.err.splitlines()) == 2


def test_percent_of_what_is_no_share_is_written(tmp_path: Path) -> None:
    assert format_percent(float("nan")) == format_percent(float("inf")) == "–"
    assert format_percent(1e300) == "1.000e+302"
    customers = "id,revenue\nA,1e308\nB,1e308\nC,-1e308\n"
    source = write(tmp_path, customers=customers, referrals="referrer,referred\nA,B\n")
    for name in ("concentration", "effect", "report"):
        done = call(name, source, "--format", "json")
        assert done.code == 3, done.err
        assert "3 cells were rejected" in done.err
        json.loads(done.out, parse_constant=pytest.fail)
        assert call(name, source, "--allow-rejects", "--format", "table").code == 0
