"""Religion and politics are nobody's business unless asked for: not read, not kept, not shown."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import refgraph
from refgraph import flow
from refgraph.flow.checking import check
from refgraph.flow.reading import Reading
from refgraph.intake import Options
from refgraph.intake.discreet import FIELDS, without
from refgraph.model.dataset import Dataset
from refgraph.texts import say

ROWS = ["a,2020-01-01,佛教,,", "b,2021-01-01,,党员,a", "c,2021-01-01,佛教,,a", "d,2022-01-99,道教,,a"]
ASKED = Reading(intake=Options(sensitive=True))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "customers.csv").write_text("\n".join(["id,joined,宗教信仰,Political_Affiliation,referred_by", *ROWS]), "utf-8")
    return tmp_path


def everything(data: Dataset) -> str:
    tables = (data.customers, data.referrals, data.ledger, data.findings, data.rejects)
    return " ".join([*(frame.write_json() for frame in tables), *data.mapping.values()])


def test_they_are_left_unread_and_that_is_said(folder: Path) -> None:
    data = refgraph.read(folder)
    assert not [word for word in ("佛教", "道教", "党员", "宗教") if word in everything(data)], "rejected rows are told whole, too"
    assert data.rejects.height, "and there is one"
    assert not data.has("customers.religion") and not data.has("customers.politics")
    warned = [n for n in check(flow.open_source(folder)).notes if n.id == "warning.sensitive"]
    assert [n.values["rows"] for n in warned] == [2] and "--sensitive" in say(warned[0], "zh")


def test_they_are_read_when_asked_for(folder: Path) -> None:
    engine = flow.open_source(folder, ASKED)
    assert engine.dataset().customers.select("religion", "politics").rows() == [("佛教", None), (None, "党员"), ("佛教", None)]
    channels = flow.run(engine, "channels", {"by": "religion"}).frame
    assert channels.select("channel", "customers").rows() == [("佛教", 2), ("not_recorded", 1)]
    segments = flow.run(engine, "segments", {"by": "politics"}).frame
    assert set(segments.select("segment", "customers").rows()) == {("党员", 1), ("not_recorded", 2)}


@pytest.mark.parametrize(("name", "by"), [("channels", "religion"), ("segments", "politics")])
def test_who_asks_without_the_option_is_told_of_it(folder: Path, name: str, by: str) -> None:
    result = flow.run(flow.open_source(folder), name, {"by": by})
    assert [say(n, "en") for n in result.notes if n.id == "note.sensitive" and "--sensitive" in say(n, "en")]
    assert result.frame.height == 1


def test_a_header_named_by_hand_counts_as_well(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,creed\na,x\n")
    named = Reading(columns={"customers.religion": "creed"})
    assert "creed" not in refgraph.read(tmp_path, named).customers.columns
    kept = refgraph.read(tmp_path, Reading(columns={"customers.religion": "creed"}, intake=Options(sensitive=True)))
    assert kept.customers["religion"].to_list() == ["x"]


def test_in_other_tables_they_are_attributes_and_go_as_well(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id\na\nb\n")
    (tmp_path / "referrals.csv").write_text("referrer,referred,religion\na,b,x\n")
    assert "religion" not in refgraph.read(tmp_path).referrals.columns


def test_attributes_of_other_tables_that_were_kept_go_as_well(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,faith,religion\na,,\nb,y,z\n")
    (tmp_path / "referrals.csv").write_text("referrer,referred,religion\na,b,x\n")
    kept = refgraph.read(tmp_path, ASKED)
    assert "religion" in kept.referrals.columns and "faith" in kept.customers.columns
    plain = without(kept)
    assert "religion" not in plain.referrals.columns and "faith" not in plain.customers.columns
    assert plain.fingerprint == refgraph.read(tmp_path).fingerprint


def test_what_was_kept_with_them_can_be_read_without(folder: Path) -> None:
    kept = flow.open_source(folder, ASKED).dataset()
    plain = without(kept)
    assert not [word for word in ("佛教", "道教", "党员", "宗教") if word in everything(plain)]
    assert plain.fingerprint == refgraph.read(folder).fingerprint != kept.fingerprint
    assert plain.warnings == (("sensitive", len(FIELDS)),)
    assert without(plain) is plain
    assert isinstance(plain.customers["religion"].dtype, pl.String)
