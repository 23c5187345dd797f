"""Help pages: groups, languages, nothing of click's English, and examples that work."""

from __future__ import annotations

import io
import re
import shlex
from pathlib import Path

import pytest
from support.program import ROOT, call

from refgraph import analyses
from refgraph.commands.command_names import COMMANDS, GROUPS, OLD_NAMES, list_groups
from refgraph.commands.help_page import measure_width, wrap_text
from refgraph.errors import DatabaseError
from refgraph.texts import LANGUAGES, load_texts

ALL_COMMANDS = [*analyses.NAMES, *COMMANDS]
SUBCOMMANDS = [("timeline", "effect"), ("changes", "effect"), ("snapshot", "list")]
CLICK_WORDS = re.compile(
    r"Usage|Options|Commands?\b|Show this|and exit|\[default|required|\bCOMMAND\b|ARGS|OPTIONS"
    r"|\b(?:INTEGER|NUMBER|FLOAT|TEXT|FILE|DATE|NAME|ANALYSIS|WORD)\b|Positional|arguments?"
)
WITH_SERVER = ("load", "write-back", "unload")
"""Commands whose examples need a database; `tests/engines` run them."""


def read_examples(lang: str, command: str) -> list[list[str]]:
    """The words of each example of a command, without the program's name."""
    lines = load_texts(lang)["example"][command].splitlines()
    return [shlex.split(line)[1:] for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_help_lists_every_command_on_one_line(lang: str, clean_environment: Path) -> None:
    done = call("--help", "--lang", lang)
    assert (done.code, done.err) == (0, "")
    headings = [load_texts(lang)["help"][f"group-{group}"] for group in GROUPS]
    colon = {"en": ":", "zh": "："}[lang]
    listing = done.out[done.out.index(f"\n{headings[0]}{colon}\n") :].splitlines()
    assert [line[:-1] for line in listing if line.endswith(colon)][: len(GROUPS)] == headings
    for name in ALL_COMMANDS:
        (line,) = [line for line in listing if line.startswith(f"  {name} ")]
        assert measure_width(line) <= 78
    assert not [line for line in listing if line.startswith("   ")]


def test_groups_hold_every_command_once() -> None:
    names = [name for names in list_groups().values() for name in names]
    assert sorted(names) == sorted(ALL_COMMANDS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_program_without_arguments_prints_short_help(lang: str, clean_environment: Path) -> None:
    done = call("--lang", lang)
    bare = call() if lang == "en" else done
    assert (done.code, done.err) == (bare.code, bare.err) == (0, "")
    assert "refgraph --help" in bare.out
    assert len(bare.out.splitlines()) < 25 < len(call("--help").out.splitlines())


@pytest.mark.parametrize("words", [(), *[(n,) for n in ALL_COMMANDS], *SUBCOMMANDS], ids=str)
def test_help_in_chinese_has_no_words_of_click(
    words: tuple[str, ...], clean_environment: Path
) -> None:
    done = call(*words, "--help", "--lang=zh")
    assert (done.code, done.err) == (0, "")
    page = done.out.split("\n示例：\n")[0]
    assert "用法" in page
    assert not CLICK_WORDS.findall(page)
    assert all(measure_width(line) <= 78 for line in page.splitlines()[1:])


@pytest.mark.parametrize("command", ["effect", "report", "customer", "draw"])
def test_help_shows_own_options_first_then_groups(command: str, clean_environment: Path) -> None:
    out = call(command, "--help").out
    headings = ["Usage", "Options", "Scope", "Output", "Reading files", "Database", "Examples"]
    found = re.findall(r"^([A-Z][a-z ]+):", out, re.M)
    assert found == [h for h in headings if h != "Options" or command in ("effect", "draw")]


def test_language_of_help_follows_environment_and_settings(
    clean_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(clean_environment)
    assert "Usage" in call("effect", "--help").out
    (clean_environment / "refgraph.toml").write_text('[options]\nlang = "zh"\n')
    assert "用法" in call("effect", "--help").out
    monkeypatch.setenv("REFGRAPH_LANG", "en")
    assert "Usage" in call("effect", "--help").out
    assert "用法" in call("--lang", "zh", "effect", "--help").out


@pytest.mark.parametrize(("old", "new"), OLD_NAMES.items())
def test_old_command_names_work_and_are_not_shown(
    old: str, new: str, clean_environment: Path
) -> None:
    source = str(ROOT / "sample_data" / "l96")
    assert call(old, source, "--format", "csv") == call(new, source, "--format", "csv")
    assert f"  {old} " not in call("--help").out


def test_old_option_name_works_and_is_not_shown(clean_environment: Path) -> None:
    source = str(ROOT / "sample_data" / "l96")
    words = ["recommenders", source, "--format", "csv"]
    old, new = call(*words, "--luck"), call(*words, "--chance")
    assert old == new
    assert "above_chance" in new.out.splitlines()[0]
    assert "--luck" not in call("recommenders", "--help").out


@pytest.mark.parametrize("command", ALL_COMMANDS)
def test_help_ends_with_three_examples_of_the_command(
    command: str, clean_environment: Path
) -> None:
    examples = read_examples("en", command)
    assert [words[0] for words in examples] == [command] * 3
    assert examples == read_examples("zh", command)
    for lang in LANGUAGES:
        text = load_texts(lang)["example"][command]
        out = call(command, "--help", "--lang", lang).out
        assert all(f"  {line}\n" in out for line in text.splitlines())


@pytest.mark.parametrize("command", [name for name in ALL_COMMANDS if name not in WITH_SERVER])
def test_help_examples_run(
    command: str,
    clean_environment: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    if command in analyses.NAMES:
        request.getfixturevalue("shared_engines")
    (clean_environment / "sample_data").symlink_to(ROOT / "sample_data")
    monkeypatch.chdir(clean_environment)
    monkeypatch.setenv("REFGRAPH_CACHE", str(clean_environment / "cache"))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO()))
    for words in read_examples("en", command):
        shell = words.index(">") if ">" in words else len(words)
        done = call(*words[:shell])
        assert done.code == 0, words
        assert not done.err or command in ("init", "check", "match"), words
        target = words[words.index("-o") + 1] if "-o" in words else "-"
        assert bool(done.out) == (target == "-" and command != "mcp" or command == "export"), words
        assert target == "-" or (clean_environment / target).exists()


def test_help_examples_of_load_reach_the_database(
    clean_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse_connection(uri: str, _: object) -> None:
        raise DatabaseError("db-not-bolt", uri=uri)

    monkeypatch.setattr("refgraph.commands.load.open_store", refuse_connection)
    for words in read_examples("en", "load"):
        assert call(*words).code == 4, words


def test_wrap_text_with_chinese_breaks_by_width_and_not_before_punctuation() -> None:
    lines = wrap_text("推荐占比，推荐人。refgraph check 显示读入了什么", 8)
    assert lines == ["推荐占", "比，推荐", "人。", "refgraph", "check 显", "示读入了", "什么"]
    assert wrap_text("", 10) == []
