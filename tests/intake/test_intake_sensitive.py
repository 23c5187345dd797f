"""Religion and politics are read only with --sensitive: else not stored and not shown."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import refgraph
from refgraph import pipeline
from refgraph.intake import IntakeOptions
from refgraph.intake.sensitive import SENSITIVE_FIELDS, redact_dataset
from refgraph.model.dataset import Dataset
from refgraph.pipeline.options import SourceOptions
from refgraph.reports.check import check
from refgraph.texts import format_message

ROWS = [
    "a,2020-01-01,佛教,,",
    "b,2021-01-01,,党员,a",
    "c,2021-01-01,佛教,,a",
    "d,2022-01-99,道教,,a",
]
ASKED = SourceOptions(intake=IntakeOptions(sensitive=True))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "customers.csv").write_text(
        "\n".join(["id,joined,宗教信仰,Political_Affiliation,referred_by", *ROWS]), "utf-8"
    )
    return tmp_path


def collect_texts(data: Dataset) -> str:
    tables = (data.customers, data.referrals, data.ledger, data.findings, data.rejects)
    return " ".join([*(frame.write_json() for frame in tables), *data.mapping.values()])


def test_sensitive_columns_are_dropped_with_warning(folder: Path) -> None:
    data = refgraph.read(folder)
    assert not [word for word in ("佛教", "道教", "党员", "宗教") if word in collect_texts(data)], (
        "rejected rows are told whole, too"
    )
    assert data.rejects.height, "and there is one"
    assert not data.has("customers.religion") and not data.has("customers.politics")
    warned = [n for n in check(pipeline.open_source(folder)).notes if n.id == "warning.sensitive"]
    assert [n.values["rows"] for n in warned] == [2] and "--sensitive" in format_message(
        warned[0], "zh"
    )


def test_sensitive_columns_with_option_are_read(folder: Path) -> None:
    engine = pipeline.open_source(folder, ASKED)
    assert engine.dataset().customers.select("religion", "politics").rows() == [
        ("佛教", None),
        (None, "党员"),
        ("佛教", None),
        ("道教", None),
    ]
    channels = pipeline.run(engine, "channels", {"by": "religion"}).frame
    assert channels.select("channel", "customers").rows() == [
        ("佛教", 2),
        ("not_recorded", 1),
        ("道教", 1),
    ]
    segments = pipeline.run(engine, "segments", {"by": "politics"}).frame
    assert set(segments.select("segment", "customers").rows()) == {("党员", 1), ("not_recorded", 3)}


@pytest.mark.parametrize(("name", "by"), [("channels", "religion"), ("segments", "politics")])
def test_question_about_sensitive_column_without_option_names_it(
    folder: Path, name: str, by: str
) -> None:
    result = pipeline.run(pipeline.open_source(folder), name, {"by": by})
    assert [
        format_message(n, "en")
        for n in result.notes
        if n.id == "note.sensitive" and "--sensitive" in format_message(n, "en")
    ]
    assert result.frame.height == 1


def test_sensitive_column_named_by_option_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,creed\na,x\n")
    named = SourceOptions(columns={"customers.religion": "creed"})
    assert "creed" not in refgraph.read(tmp_path, named).customers.columns
    kept = refgraph.read(
        tmp_path,
        SourceOptions(
            columns={"customers.religion": "creed"}, intake=IntakeOptions(sensitive=True)
        ),
    )
    assert kept.customers["religion"].to_list() == ["x"]


def test_sensitive_header_in_other_table_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id\na\nb\n")
    (tmp_path / "referrals.csv").write_text("referrer,referred,religion\na,b,x\n")
    assert "religion" not in refgraph.read(tmp_path).referrals.columns


def test_redact_dataset_removes_extra_columns_of_other_tables(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,faith,religion\na,,\nb,y,z\n")
    (tmp_path / "referrals.csv").write_text("referrer,referred,religion\na,b,x\n")
    kept = refgraph.read(tmp_path, ASKED)
    assert "religion" in kept.referrals.columns and "faith" in kept.customers.columns
    plain = redact_dataset(kept)
    assert "religion" not in plain.referrals.columns and "faith" not in plain.customers.columns
    assert plain.fingerprint == refgraph.read(tmp_path).fingerprint


def test_redact_dataset_equals_dataset_read_without_sensitive_columns(folder: Path) -> None:
    kept = pipeline.open_source(folder, ASKED).dataset()
    plain = redact_dataset(kept)
    assert not [word for word in ("佛教", "道教", "党员", "宗教") if word in collect_texts(plain)]
    assert plain.fingerprint == refgraph.read(folder).fingerprint != kept.fingerprint
    assert plain.warnings == (("sensitive", len(SENSITIVE_FIELDS)),)
    assert redact_dataset(plain) is plain
    assert isinstance(plain.customers["religion"].dtype, pl.String)
