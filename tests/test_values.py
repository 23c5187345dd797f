"""Every figure equals the stored one: digests per sample, analysis and column, and of the figures
in headlines and notes. The words of these are free.

A change of figures on purpose rewrites the files in the same commit and names the columns in its
message: ``python tests/test_values.py`` writes them.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from support import examples
from support.digests import compute_digest

from refgraph import analyses, pipeline
from refgraph.commands.cli import cli
from refgraph.engines.base import Engine
from refgraph.model.message import Amount, Label, Message, Names
from refgraph.model.scope import Scope

ROOT = Path(__file__).parent.parent
DATA = Path(__file__).parent / "data"
FILES = {"columns": DATA / "values.json", "more": DATA / "more_values.json"}
"""Columns of the samples, which `ANSWERS_VERSION` follows; sentences and other questions."""
SAMPLES = ("l96", "l96-29", "five-en", "five-zh")
SCOPES = {
    "l96 on a past day": Scope(as_of=date(2018, 12, 31)),
    "l96 in a window, all who refer, groups as one": Scope(
        since=date(2023, 1, 1), until=date(2023, 12, 31), count=("staff", "partner"), roll_up=True
    ),
    "l96 by profit": Scope(value="profit"),
}
"""Questions about the classic case other than the usual one."""
GENERATED = "generated-2000"
DIGITS = 16
"""Hexadecimal digits of each stored digest."""
Digests = dict[str, dict[str, str]]


def compute_digests(engine: Engine, scope: Scope = Scope()) -> Digests:
    """Analysis -> column -> digest of its values; and those of the headline, of each note, and of
    what is declared of the columns.
    """
    digests: Digests = {}
    for name in analyses.NAMES:
        parameters = examples.get_parameters(name, engine)
        if parameters and scope.as_of:
            continue  # a party that is named may be unknown on a past day
        result = pipeline.run(engine, name, parameters, scope)
        facts = {column.name: column.to_list() for column in result.frame.iter_columns()}
        facts["(headline)"] = list_facts(result.headline)
        facts |= {f"({note.id})": list_facts(note) for note in result.notes}
        facts["(declaration)"] = [list_facts(vars(column)) for column in result.columns]
        digests[name] = {key: compute_digest(fact)[:DIGITS] for key, fact in facts.items()}
    return digests


def list_facts(value: object) -> Any:
    """A value of a sentence, or a sentence, as plain lists."""
    if isinstance(value, Message):
        return [value.id, *((name, list_facts(part)) for name, part in value.values.items())]
    if isinstance(value, (Amount, Label, Names)):
        return [list_facts(part) for part in vars(value).values()]
    if isinstance(value, (list, tuple)):
        return [list_facts(part) for part in value]
    if isinstance(value, dict):
        return [[key, list_facts(part)] for key, part in value.items()]
    return value


def generate_company(folder: Path) -> Path:
    """A synthetic company of 2,000 parties."""
    cli.main(["generate", str(folder), "--size", "2000", "--seed", "1"], standalone_mode=False)
    return folder


def iterate_digests(folder: Path) -> Iterator[tuple[str, Digests]]:
    """Name and digests of each sample, and of each question about the classic case."""
    paths = {name: ROOT / "sample_data" / name for name in SAMPLES}
    paths[GENERATED] = generate_company(folder / GENERATED)
    for name, path in paths.items():
        yield name, compute_digests(pipeline.open_source(path))
    for name, scope in SCOPES.items():
        yield name, compute_digests(pipeline.open_source(paths["l96"]), scope)


def split_digests(folder: Path) -> dict[str, dict[str, Digests]]:
    """The content of each of `FILES`."""
    content: dict[str, dict[str, Digests]] = {"columns": {}, "more": {}}
    for sample, digests in iterate_digests(folder):
        if sample in SCOPES:
            content["more"][sample] = digests
            continue
        for part, is_sentence in (("columns", False), ("more", True)):
            content[part][sample] = {
                name: {key: x for key, x in facts.items() if key.startswith("(") == is_sentence}
                for name, facts in digests.items()
            }
    return content


def test_values_of_every_column_headline_and_note_equal_the_stored_ones(tmp_path: Path) -> None:
    changed = []
    for part, samples in split_digests(tmp_path).items():
        stored = json.loads(FILES[part].read_text(encoding="utf-8"))
        for sample, digests in samples.items():
            for analysis, facts in digests.items():
                before = stored[sample].get(analysis, {})
                changed += [
                    f"{sample} {analysis} {key}"
                    for key in before.keys() | facts.keys()
                    if before.get(key) != facts.get(key)
                ]
    assert not changed


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        content = split_digests(Path(temporary))
    for part, path in FILES.items():
        path.write_text(json.dumps(content[part], indent=1) + "\n", encoding="utf-8")
    sys.exit(0)
