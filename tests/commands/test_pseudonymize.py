"""With ``--pseudonymize`` no output holds a name: all commands, all formats, stderr included."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.canary import CANARY, write_company
from support.examples import PLAN
from support.format_texts import read_text
from support.program import CASE, call

from refgraph import analyses
from refgraph.pipeline.export import EXPORT_FORMATS
from refgraph.renderers import FORMATS, html

EXAMPLES = {
    "path": ["--from", CANARY, "--to", "C21"],
    "common": ["--of", CANARY, "--of", "C02"],
    "compare": ["--of", CANARY, "--of", f"{CANARY} unknown"],
    "reach": ["--of", CANARY],
    "without": ["--of", CANARY, "--of", f"{CANARY} Group"],
    "introduce": ["--to", CANARY],
    "rewards": [str(PLAN)],
    "payouts": [str(PLAN)],
}
"""Options of analyses that name parties."""
OTHERS = [
    ["check"],
    ["report"],
    ["customer", CANARY],
    ["draw", CANARY],
    ["timeline", "segments"],
    ["changes", "segments", "--then", "2018", "--now", "2023"],
    ["accounts", "--explain", CANARY],
    ["segments", "--by", "sector"],
    ["segments", "--by", "region"],
    ["channels", "--by", "source"],
    ["channels", "--by", "tie"],
    ["effect", "--roll-up"],
]
CALLS = [[name, *EXAMPLES.get(name, [])] for name in analyses.NAMES] + OTHERS


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The company with the canary."""
    return write_company(tmp_path_factory.mktemp("canary"))


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("key") / "key"
    path.write_bytes(bytes(range(40)))
    return str(path)


@pytest.fixture(autouse=True)
def skip_costly_font(monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded font holds no text; it takes a second a page."""
    monkeypatch.setattr(html, "_embed_font", lambda page, packed: page)


def list_leaks(*texts: str) -> list[str]:
    """Where the canary sings, with the text around it."""
    found = []
    for text in texts:
        place = text.casefold().find(CANARY.casefold())
        if place >= 0:
            found.append(text[max(0, place - 200) : place + 100])
    return found


def test_canary_is_in_outputs_without_a_key(source: str) -> None:
    done = call("customer", CANARY, source, "--allow-rejects")
    assert list_leaks(done.out) and list_leaks(done.err)


@pytest.mark.parametrize("words", CALLS, ids=" ".join)
def test_no_command_writes_a_name(
    words: list[str], source: str, key: str, shared_engines: None
) -> None:
    form = [] if words[0] == "draw" else ["--format", "json"]
    done = call(*words, source, "--pseudonymize", key, *form, "--verbose", "--debug")
    assert done.code in (0, 2, 3), done
    assert not list_leaks(done.out, done.err)
    assert done.out or words[0] in EXAMPLES, done


@pytest.mark.parametrize("format", FORMATS)
def test_no_format_writes_a_name(format: str, source: str, key: str, tmp_path: Path) -> None:
    commands = [["check"], ["customer", CANARY]] if FORMATS[format].reports else [["referred"]]
    for words in commands:
        target = tmp_path / "answer"
        options = ["--pseudonymize", key, "-o", str(target), "--format", format]
        done = call(*words, source, *options, "--lang", "zh")
        assert done.code in (0, 3), done
        text = read_text(target.read_bytes(), format)
        assert not list_leaks(text, done.out, done.err), words
        target.unlink()


def read_folder(folder: Path) -> Iterator[str]:
    for path in folder.iterdir():
        yield path.name
        is_table = path.suffix == ".parquet"
        yield read_text(path.read_bytes(), "parquet" if is_table else "csv")


@pytest.mark.parametrize("to", EXPORT_FORMATS)
def test_no_export_holds_a_name(to: str, source: str, key: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = call("export", source, "-o", str(out), "--to", to, "--pseudonymize", key)
    assert done.code in (0, 3), done
    assert not list_leaks(done.out, done.err, *read_folder(out))


def test_no_folder_of_a_report_or_of_pictures_holds_a_name(
    source: str, key: str, tmp_path: Path
) -> None:
    for words in (
        ["report", source, "-o", f"{tmp_path}/a/", "--lang", "zh"],
        ["draw", "--all", source, "-o"],
    ):
        folder = tmp_path / ("b" if words[-1] == "-o" else "a")
        words = [*words, str(folder)] if words[-1] == "-o" else words
        done = call(*words, "--pseudonymize", key)
        assert done.code in (0, 3), done
        assert not list_leaks(done.out, done.err, *read_folder(folder))


def test_same_key_gives_the_same_pseudonyms_and_another_one_others(
    source: str, key: str, tmp_path: Path
) -> None:
    (tmp_path / "other").write_bytes(bytes(range(1, 41)))
    words = ["credit", source, "--format", "csv", "--allow-rejects", "--pseudonymize"]
    one, again, other = (call(*words, k).out for k in (key, key, str(tmp_path / "other")))
    assert one == again != other
    ids = [{line.split(",")[1] for line in out.splitlines()[1:]} for out in (one, other)]
    assert len(ids[0]) == len(ids[1]) > 20 and not ids[0] & ids[1]


def test_parties_are_found_by_id_by_name_and_by_pseudonym(key: str) -> None:
    pages = [
        call("customer", party, CASE, "--pseudonymize", key, "--format", "csv-excel").out
        or call("customer", party, CASE, "--pseudonymize", key, "--format", "json").out
        for party in ("C001", "河北钢铁")
    ]
    assert pages[0] == pages[1] and "河北钢铁" not in pages[0]
    pseudonym = pages[0].split('"id": "')[1].split('"')[0]
    assert pseudonym.startswith("P") and len(pseudonym) == 17
    again = call("customer", pseudonym, CASE, "--pseudonymize", key, "--format", "json")
    assert again.out == pages[0]


@pytest.mark.parametrize(
    ("content", "code"), [(None, 5), (b"", 2), (b"\n", 2), (b"x" * 31 + b"\n", 2)]
)
def test_key_that_is_missing_empty_or_short_is_an_error(
    content: bytes | None, code: int, tmp_path: Path
) -> None:
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content)
    for words in (["effect", CASE], ["export", CASE, "-o", str(tmp_path / "out")]):
        done = call(*words, "--pseudonymize", str(path))
        assert (done.code, len(done.err.splitlines()), done.out) == (code, 2, "")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["effect", CASE, "--rejects", "{}/rejects.csv"],
        ["effect", CASE, "--snapshot"],
        ["match", CASE, "-o", "{}/matches.csv"],
        ["init", CASE, "-o", "{}/refgraph.toml"],
    ],
)
def test_what_keeps_the_original_texts_is_refused_beside_a_key(
    words: list[str], key: str, tmp_path: Path
) -> None:
    done = call(*(word.replace("{}", str(tmp_path)) for word in words), "--pseudonymize", key)
    assert (done.code, len(done.err.splitlines()), done.out) == (2, 2, "")
    assert not list(tmp_path.iterdir())


def test_key_is_an_input_that_no_output_replaces(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(bytes(range(40)))
    done = call("effect", CASE, "--pseudonymize", str(path), "-o", str(path), "--format", "csv")
    assert done.code == 2 and path.read_bytes() == bytes(range(40))


@pytest.mark.parametrize(
    "rows",
    [
        f"id,revenue,currency\nA,5,EUR\nB,6,{CANARY}\n",
        f"{CANARY},name\nA,B\n",
        f"id,joined\nA,{CANARY}\nB,01/02/2020\n",
        f'id,name\nA,"{CANARY}\n',
        f"id,id\n{CANARY},B\n",
        f"{CANARY}\n{CANARY}\n",
    ],
)
def test_errors_of_reading_cite_no_cell(rows: str, key: str, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(rows)
    done = call("effect", str(tmp_path), "--pseudonymize", key, "--debug")
    assert not list_leaks(done.out, done.err)
