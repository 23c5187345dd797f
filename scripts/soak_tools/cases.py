"""Kinds of cases; each is made from its number and a seed alone, and says what is wrong."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

from soak_tools import processes
from soak_tools.calls import call, find_fault, list_calls, make_words
from soak_tools.companies import make_company, to_text
from soak_tools.damaged_files import check_file
from soak_tools.formats import WRITERS, check_damaged_file, write_damaged_file
from soak_tools.mutations import make_settings, shuffle_rows, write_hostile_folder

CALLS_PER_CASE = 3
LINES = {"line", "rows", "examples"}
"""Columns that hold line numbers, which follow the rows."""


def check_files(dice: random.Random, folder: Path) -> Iterator[str]:
    """Hostile files: no exit code but those of the data, no control character, no bad markup."""
    write_hostile_folder(dice, make_company(dice), folder)
    yield from _check_calls(dice, folder)


def check_formats(dice: random.Random, folder: Path) -> Iterator[str]:
    """One damaged file of any format."""
    yield from check_damaged_file(write_damaged_file(dice, folder))


def check_settings(dice: random.Random, folder: Path) -> Iterator[str]:
    """Sound files and senseless settings."""
    _write(folder, {name: to_text(table) for name, table in make_company(dice).items()})
    (folder / "refgraph.toml").write_text(make_settings(dice), encoding="utf-8")
    yield from _check_calls(dice, folder)


def check_order(dice: random.Random, folder: Path) -> Iterator[str]:
    """The same answer when the rows of the files are shuffled, line numbers apart."""
    tables = make_company(dice)
    words = make_words(dice, dice.choice(list_calls()), "")
    if "--format" in words:
        words[words.index("--format") + 1] = "json"
    answers = []
    for name, version in (("one", tables), ("two", shuffle_rows(dice, tables))):
        (folder / name).mkdir()
        _write(folder / name, {table: to_text(rows) for table, rows in version.items()})
        done = call([word or str(folder / name) for word in words])
        out = done.out.replace(str(folder / name), "")
        is_json = "--format" in words and out
        answers.append(_forget_lines(json.loads(out)) if is_json else out)
    if answers[0] != answers[1]:
        yield f"{' '.join(words)}: another answer after a shuffle"


def check_processes(dice: random.Random, folder: Path) -> Iterator[str]:
    """A signal or a kill at any moment."""
    yield from processes.check_interruption(dice, folder)


KINDS: dict[str, Callable[[random.Random, Path], Iterator[str]]] = {
    "files": check_files,
    "formats": check_formats,
    "settings": check_settings,
    "order": check_order,
    "processes": check_processes,
}


def check_case(kind: str, seed: int, number: int, folder: Path) -> list[str]:
    """What is wrong in one case, of a kind or a format; its files stay in ``folder``."""
    if kind in WRITERS:
        return list(check_file(kind, seed, number, folder))
    return list(KINDS[kind](random.Random(f"{seed} {kind} {number}"), folder))


def _check_calls(dice: random.Random, folder: Path) -> Iterator[str]:
    for chosen in dice.sample(list_calls(), CALLS_PER_CASE):
        words = make_words(dice, chosen, str(folder))
        fault = find_fault(words, call(words))
        if fault:
            yield f"{' '.join(words)}: {fault}"


def _write(folder: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")


def _forget_lines(value: object) -> object:
    """A JSON value without what depends on line numbers."""
    if isinstance(value, dict):
        return {
            key: _forget_lines(part)
            for key, part in value.items()
            if key not in LINES or isinstance(part, list)
        }
    return [_forget_lines(part) for part in value] if isinstance(value, list) else value
