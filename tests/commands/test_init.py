"""``refgraph init``: what it writes is readable as it stands, and says why for every line."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest
from support.program import ask as ask_first_row
from support.program import call
from support.random_cases import choose_few

ROOT = Path(__file__).parent.parent.parent
SAMPLES = ROOT / "sample_data"
CASES = ROOT / "tests" / "data" / "cases"


def list_sources() -> list[str]:
    """Every folder and file of the samples and the cases that someone may name as a SOURCE."""
    folders = {p.parent for top in (SAMPLES, CASES) for p in top.rglob("*") if is_data(p)}
    tables = {"customers", "referrals", "orders", "affiliations", "客户", "推荐", "订单"}
    sources = set()
    for folder in folders:
        files = [p for p in folder.iterdir() if is_data(p)]
        if folder.parent == CASES or any(p.stem.split(".")[0] in tables for p in files):
            sources.add(folder)
        sources |= {p for p in files if p.stem.split(".")[0] not in tables}
    return sorted(str(s.relative_to(ROOT)) for s in sources)


def is_data(path: Path) -> bool:
    is_named = path.suffix in {".csv", ".tsv", ".xlsx", ".jsonl", ".parquet", ".graphml"}
    return path.is_file() and is_named and "pictures" not in path.parts


def copy_source(source: str, folder: Path) -> Path:
    """A copy of a source without the settings that lie beside it."""
    target = folder / "data"
    path = ROOT / source
    if path.is_dir():
        files = [p for p in path.iterdir() if p.is_file() and p.name != "refgraph.toml"]
        target.mkdir()
        for file in files:
            shutil.copy(file, target)
        return target
    target.mkdir()
    return Path(shutil.copy(path, target))


def ask(source: Path, *words: str) -> tuple[int, str, str]:
    done = call("effect", str(source), *words, "--format", "json", "--lang", "en")
    return done.code, done.out, done.err


@pytest.mark.parametrize("source", choose_few(list_sources(), 20))
def test_what_init_writes_is_read_and_loses_no_answer(
    source: str, clean_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = copy_source(source, clean_environment)
    monkeypatch.chdir(clean_environment)
    before, before_text, _ = ask(copied)
    done = call("init", str(copied), "--lang", "en")
    folder = copied if copied.is_dir() else copied.parent
    written = folder / "refgraph.toml"
    tomllib.loads(written.read_text(encoding="utf-8"))
    after, after_text, after_errors = ask(copied)
    assert f"{written}: " not in after_errors
    assert done.code in (0, 3)
    if before_text:
        assert after_text and after in (0, before)
    if done.code == 3:  # init says what only a person can decide, as every question does
        assert not after_text and after != 0


def test_ledger_in_a_companys_own_words_is_read_by_what_init_writes(
    clean_environment: Path,
) -> None:
    folder = copy_source("sample_data/own-words", clean_environment)
    assert ask(folder)[0] == 3
    done = call("init", str(folder), "--lang", "en")
    assert (done.code, done.out) == (0, "")
    tables = tomllib.loads((folder / "refgraph.toml").read_text(encoding="utf-8"))
    assert tables["columns"] == {
        "customers": {
            "id": "档案代号",
            "name": "往来单位",
            "joined": "首批合同签署",
            "revenue": "历年成交(万元)",
        },
        "referrals": {"referrer": "引荐单位", "referred": "新单位", "at": "登记日"},
        "orders": {
            "order_id": "单据",
            "customer": "代号",
            "at": "开票日",
            "revenue": "货款(万元)",
            "volume": "净重(吨)",
        },
    }
    assert tables["read"] == {
        "header_row": {"customers": 2, "referrals": 2},
        "encoding": "gb18030",
    }
    code, row, _ = ask_first_row("effect", str(folder))
    assert (code, row["customers"], row["referred"]) == (0, 10, 5)
    assert row["value"] == pytest.approx(1_314_000)


def test_every_line_that_is_off_may_be_turned_on(clean_environment: Path) -> None:
    (clean_environment / "customers.csv").write_text(
        "客户编号,客户名称,客户状态,客户来源,推荐人,成交日期,合同额,客户级别\n"
        "1,甲,热聊,朋友圈,,03/04/2020,5,A\n2,乙,已成交,网上,自然到店,2020-02-01,6,B\n"
        "3,丙,已成交,网上,自然到店,2020-02-01,7,B\n",
        encoding="utf-8",
    )
    assert call("init", str(clean_environment), "--lang", "zh").code == 0
    text = (clean_environment / "refgraph.toml").read_text(encoding="utf-8")
    off = [line for line in text.splitlines() if re.match(r"# [\w.\[-]+(?:\]| = .+)$", line)]
    tables = {line[3:-1] for line in off if line.startswith("# [")}
    assert tables == {"key_account"}
    keys = {line[2:].split(" = ")[0] for line in off if " = " in line}
    assert {"closed", "prospect", "nobody", "own-sales", "money", "listed"} <= keys
    assert {"customers.joined"} <= keys
    settings = [p for p, line in enumerate(text.splitlines()) if line in off and line[2] != "["]
    for position in choose_few(settings, 20):
        lines = text.splitlines()
        line = lines[position]
        lines[position] = line[2:]
        if line.startswith("# listed"):
            lines[position - 2 : position] = ["[key_account]"]
        (clean_environment / "refgraph.toml").write_text("\n".join(lines), encoding="utf-8")
        done = call("check", str(clean_environment), "--lang", "en")
        assert done.out and "refgraph.toml: [" not in done.err, (line, done.err)


@pytest.mark.parametrize(
    ("name", "header", "words"),
    [
        ("path-column.csv", "invite_path", "path from the first recommender"),
        ("son-list", "son", "those that the row referred"),
        ("upline-columns.csv", "二级推荐人", "level of recommenders"),
    ],
)
def test_columns_of_paths_sons_and_levels_are_named(name: str, header: str, words: str) -> None:
    done = call("init", str(CASES / "09-several-in-a-cell" / name), "-o", "-", "--lang", "en")
    (line,) = [line for line in done.out.splitlines() if line.startswith(f"# {header}: ")]
    assert words in line


def test_guesses_say_why_and_show_cells() -> None:
    done = call("init", str(SAMPLES / "own-words"), "-o", "-", "--lang", "en")
    lines = done.out.splitlines()
    on = [line for line in lines if re.match(r"(customers|referrals|orders)\.", line)]
    assert on and all(re.search(r'" {2}# guess: .+; such as .+', line) for line in on)


def test_settings_that_are_there_are_replaced_only_on_request(clean_environment: Path) -> None:
    (clean_environment / "customers.csv").write_text("id,referred_by\nA,\nB,A\n")
    mine = clean_environment / "refgraph.toml"
    mine.write_text("[options]\ntop = 3\n")
    done = call("init", str(clean_environment), "--lang", "en")
    assert (done.code, mine.read_text()) == (5, "[options]\ntop = 3\n")
    assert "--force" in done.err
    assert call("init", str(clean_environment), "--force").code == 0
    assert "customers.csv" in mine.read_text()
    data = clean_environment / "customers.csv"
    assert call("init", str(clean_environment), "--force", "-o", str(data)).code == 2
    assert data.read_text() == "id,referred_by\nA,\nB,A\n"


def test_options_of_the_call_are_written(clean_environment: Path) -> None:
    (clean_environment / "customers.csv").write_text("id!who\nA!\nB!A\n")
    words = ["--delimiter", "!", "--column", "customers.referred_by=who", "--decimal", "comma"]
    words += ["--date-format", "customers.joined=dmy", "--header-row", "1", "--trim"]
    assert call("init", str(clean_environment), *words).code == 0
    tables = tomllib.loads((clean_environment / "refgraph.toml").read_text())
    assert tables["read"] == {
        "delimiter": "!",
        "trim": True,
        "header_row": 1,
        "decimal": ["comma"],
    }
    assert tables["columns"] == {"customers": {"referred_by": "who"}}
    assert tables["date_format"] == {"customers": {"joined": ["dmy"]}}
    assert ask(clean_environment)[0] == 0


def test_data_that_cannot_be_read_leaves_the_faults_in_the_file(clean_environment: Path) -> None:
    (clean_environment / "customers.csv").write_text(
        "id,referred_by,revenue\nA,,5 USD\nB,A,6 EUR\n"
    )
    done = call("init", str(clean_environment), "--lang", "en")
    text = (clean_environment / "refgraph.toml").read_text()
    assert done.code == 3
    assert "several currencies" in text and '\n# use = "EUR"\n' in text


def test_sensitive_cells_are_never_shown(clean_environment: Path) -> None:
    (clean_environment / "customers.csv").write_text(
        "id,referred_by,religion,宗教信仰\nA,,Zoroaster,Zoroaster\nB,A,,\n", encoding="utf-8"
    )
    assert call("init", str(clean_environment)).code == 0
    assert "Zoroaster" not in (clean_environment / "refgraph.toml").read_text(encoding="utf-8")


def test_database_is_refused() -> None:
    assert call("init", "neo4j://example.org").code == 2
