"""Exports of known systems: each preset on a made export with the traps of that system."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from support.preset_exports import EXPORTS, Export, Pairs
from support.program import call

import refgraph
from refgraph.config.presets import load_presets, parse_preset
from refgraph.errors import DataError, UsageError
from refgraph.intake.header_matches import normalize_header
from refgraph.intake.preset_matches import find_presets
from refgraph.model.dataset import Dataset
from refgraph.model.fields import NO_EVIDENCE

SOUND = '[preset]\nname = "x"\nversion = 1\nevidence = "R"\n'
ASKING = {
    "shopify": ("customers.csv", "customers.referred_by", "preset-asks-referrer"),
    "hubspot": ("contacts.csv", "customers.referred_by", "preset-asks-referrer"),
    "firstpromoter": ("export.csv", "referrals.referrer", "preset-asks"),
    "affiliatewp": ("export.csv", "referrals.referred", "preset-asks"),
}
"""Preset -> a file that does not say everything, the field that it lacks, and the error."""


def write_export(folder: Path, export: Export) -> Path:
    for name, text in export.files.items():
        (folder / name).write_text(text, encoding="utf-8-sig")
    if export.settings:
        (folder / "refgraph.toml").write_text(export.settings + "\n", encoding="utf-8")
    return folder


def read(source: Path) -> Dataset:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return refgraph.read(source)


def list_arcs(data: Dataset) -> Pairs:
    """Referrals between parties as they count."""
    arcs = refgraph.build_graph(data)
    ids = arcs.parties["id"]
    valid = arcs.arcs.filter("counted")
    return set(zip(ids.gather(valid["referrer"]), ids.gather(valid["referred"]), strict=True))


def test_every_preset_has_an_export() -> None:
    assert set(EXPORTS) == {preset.name for preset in load_presets()}
    asking = {p.name for p in load_presets() if any(section.ask for section in p.sections)}
    assert set(ASKING) == asking


@pytest.mark.parametrize("name", EXPORTS)
def test_export_is_read_as_the_system_means_it(name: str, tmp_path: Path) -> None:
    export = EXPORTS[name]
    data = read(write_export(tmp_path, export))
    assert list_arcs(data) == export.arcs
    assert name in {layout.preset for _, layout in data.layouts}
    if export.revenue is not None:
        assert data.orders is not None
        assert data.orders["revenue"].sum() == pytest.approx(export.revenue)
    found = dict(data.warnings)
    assert {code: found.get(code, 0) for code in export.warnings} == export.warnings
    codes = data.rejects["code"].to_list()
    assert codes.count("unknown-word") == export.unknown == len(codes)
    ledger = data.ledger.sum()
    parts = sum(ledger[part][0] for part in ("used", "rejected", "duplicates", "skipped"))
    assert ledger["read"][0] == parts


@pytest.mark.parametrize("name", ASKING)
def test_export_that_lacks_a_field_is_refused_with_what_to_declare(
    name: str, tmp_path: Path
) -> None:
    file, column, error = ASKING[name]
    (tmp_path / file).write_text(EXPORTS[name].files[file], encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read(tmp_path)
    found = {fault.id: fault.values for fault in (caught.value, *caught.value.others)}
    assert (found[error]["column"], found[error]["preset"]) == (column, name)


def test_of_overlapping_exports_the_last_file_counts(tmp_path: Path) -> None:
    header = "Customer Email,Referred By Customer Email,Referred Date,Referred Qualified Date\n"
    first = "ann@x.example,,,\nben@x.example,ann@x.example,2024-01-02,\ncem@x.example,,,\n"
    second = "BEN@x.example,cem@x.example,2024-01-02,2024-01-05\n,,,\n"
    (tmp_path / "customers 2024-01.csv").write_text(header + first, encoding="utf-8")
    (tmp_path / "customers 2024-02.csv").write_text(header + second, encoding="utf-8")
    data = read(tmp_path)
    assert list_arcs(data) == {("cem@x.example", "ben@x.example")}
    assert dict(data.warnings)["preset-older"] == 1
    assert data.ledger.filter(table="customers")["skipped"].sum() == 2  # and a blank row


@pytest.mark.parametrize("source", ["客户来源", "备注"])
def test_employee_in_place_of_a_referrer_is_a_referral_by_staff(
    source: str, tmp_path: Path
) -> None:
    rows = "1,甲一,已成交,,,\n2,乙二,已成交,1,,\n3,丙三,已成交,,E9,\n4,丁四,已成交,1,E9,\n"
    rows += "5,戊五,已成交,,E9,网上\n"
    header = f"客户编号,客户名称,成交状态,推荐人,推荐人工号,{source}\n"
    (tmp_path / "客户.csv").write_text(header + rows, encoding="utf-8")
    data = read(tmp_path)
    assert list_arcs(data) == {("1", "2"), ("1", "4")}
    last = "网上" if source == "客户来源" else "staff referral"
    assert data.customers["source"].to_list() == [None, None, "staff referral", None, last]
    row = refgraph.ask.effect(data).frame.filter(definition="customers+staff")
    assert row["referred"].to_list() == [3 if source == "客户来源" else 4]


def test_zone_of_a_preset_gives_unix_times_their_day(tmp_path: Path) -> None:
    rows = "1,甲一,已成交,,1704038399\n2,乙二,已成交,1,1704038400000\n"
    header = "客户编号,客户名称,成交状态,推荐人,成交时间\n"
    (tmp_path / "客户.csv").write_text(header + rows, encoding="utf-8")
    settings = tmp_path / "refgraph.toml"
    for zone, days in (("", [31, 1]), ("Europe/London", [31, 31]), ("Asia/Tokyo", [1, 1])):
        text = 'date_format.customers.joined = "unix"\n'
        settings.write_text(text + (f'read.zone = "{zone}"\n' if zone else ""), encoding="utf-8")
        assert read(tmp_path).customers["joined"].dt.day().to_list() == days
    settings.write_text('date_format.customers.joined = "unix@UTC"\n', encoding="utf-8")
    assert read(tmp_path).customers["joined"].dt.day().to_list() == [31, 31]
    settings.write_text('read.zone = "Mars/Base"\n', encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read(tmp_path)
    assert caught.value.id == "unknown-zone"


def test_check_names_the_preset_and_the_line_for_unmapped_words(tmp_path: Path) -> None:
    source = write_export(tmp_path, EXPORTS["mention-me"])
    done = call("check", str(source), "--format", "md", "--lang", "en")
    assert "customers.csv: read by the preset mention-me" in done.out
    assert 'status.closed = ["no Referred Qualified Date"]' in done.out + done.err
    (tmp_path / "refgraph.toml").write_text('status.closed = ["no Referred Qualified Date"]\n')
    assert read(source).rejects.height == 0


def test_init_names_the_preset_and_guesses_what_it_asks_for(tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_text(EXPORTS["hubspot"].files["contacts.csv"], "utf-8")
    done = call("init", str(tmp_path), "--lang", "en")
    text = (tmp_path / "refgraph.toml").read_text(encoding="utf-8")
    assert done.code == 0 and "Read by the preset hubspot" in text
    assert 'customers.referred_by = "Sponsor"  # guess: its cells name customers' in text
    assert '# customers.joined = "Became a Customer Date"  # by the preset hubspot' in text
    assert list_arcs(read(tmp_path)) == {("1", "2")}


def test_settings_of_the_user_win_over_a_preset(tmp_path: Path) -> None:
    source = write_export(tmp_path, EXPORTS["odoo"])
    (tmp_path / "refgraph.toml").write_text(
        'status.lost = ["Won"]\ncolumns.customers.name = "name"\n', encoding="utf-8"
    )
    data = read(source)
    assert data.customers.filter(data.customers["id"] == "1")["name"].to_list() == ["Deal of Acme"]
    assert data.customers["status"].to_list().count("lost") == 2


def test_relationships_of_several_types_are_refused_until_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "nodes.csv").write_text(":ID,name,:LABEL\n1,Ada,C\n2,Ben,C\n", encoding="utf-8")
    rels = ":START_ID,:END_ID,:TYPE\n1,2,REFERRED\n2,1,KNOWS\n"
    (tmp_path / "rels.csv").write_text(rels, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read(tmp_path)
    assert (caught.value.id, caught.value.values["types"]) == (
        "several-types",
        ["KNOWS", "REFERRED"],
    )
    (tmp_path / "refgraph.toml").write_text('neo4j.relationship = "REFERRED"\n', encoding="utf-8")
    data = read(tmp_path)
    assert list_arcs(data) == {("1", "2")}
    assert dict(data.warnings)["other-type"] == 1


def test_names_of_two_columns_are_joined(tmp_path: Path) -> None:
    data = read(write_export(tmp_path, EXPORTS["hubspot"]))
    assert data.customers["name"].to_list() == ["Ann Lee", "Ben", None]


def test_volume_of_line_items_is_added_up(tmp_path: Path) -> None:
    data = read(write_export(tmp_path, EXPORTS["shopify"]))
    assert data.orders is not None
    assert data.orders["volume"].to_list() == [3.0]


def test_headers_of_a_preset_decide_only_with_evidence() -> None:
    for preset in load_presets():
        for section in preset.sections:
            groups = [[normalize_header(h) for h in group] for group in section.needs]
            assert [g for g in groups if not set(g) & set(NO_EVIDENCE)], preset.name
            headers = [group[0] for group in section.needs]
            assert find_presets(headers)[section.table].preset.name == preset.name
            assert section.table not in find_presets(headers[1:]), preset.name


@pytest.mark.parametrize(
    "text",
    [
        "",
        '[preset]\nname = "x"\nversion = 1\n[customers]\nneed = ["a"]',
        '[preset]\nname = "x"\nversion = 1\nevidence = "Z"',
        SOUND + '[clients]\nneed = ["a"]',
        SOUND + '[orders]\nneed = "a"',
        SOUND + '[orders]\nneed = ["a"]\nat = {any = ["b"]}',
    ],
)
def test_malformed_preset_is_refused(text: str) -> None:
    with pytest.raises((DataError, KeyError)):
        parse_preset(text, "x.toml")
