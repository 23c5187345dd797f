"""Every figure equals the stored one: digests per sample, analysis and column, and of the figures
in headlines and notes. The words of these are free.

A change of figures on purpose rewrites the files in the same commit and names the columns in its
message: ``python tests/test_values.py`` writes them.
"""

from __future__ import annotations

import json
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support import examples
from support.digests import compute_digest

from refgraph import analyses, pipeline
from refgraph.commands.cli import cli
from refgraph.engines.base import Engine
from refgraph.model.message import Amount, Label, Message, Names
from refgraph.model.result import Column
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
NAMES = (*SAMPLES, GENERATED, *SCOPES)
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
        facts["(declaration)"] = [list_facts(describe_column(c)) for c in result.columns]
        digests[name] = {key: compute_digest(fact)[:DIGITS] for key, fact in facts.items()}
    return digests


def describe_column(column: Column) -> dict[str, object]:
    """What is declared of a column, apart from whether and how its figures open."""
    return {name: value for name, value in vars(column).items() if name not in ("closed", "inputs")}


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


def digest_sample(name: str, folder: Path) -> Digests:
    """Of a sample, or of a question about the classic case. folder: for a company made anew."""
    if name == GENERATED:
        return compute_digests(pipeline.open_source(generate_company(folder / name)))
    path = ROOT / "sample_data" / ("l96" if name in SCOPES else name)
    return compute_digests(pipeline.open_source(path), SCOPES.get(name, Scope()))


def split_digests(name: str, digests: Digests) -> dict[str, Digests]:
    """What stands in each of `FILES`."""
    if name in SCOPES:
        return {"more": digests}
    return {
        part: {
            analysis: {key: x for key, x in facts.items() if key.startswith("(") == is_sentence}
            for analysis, facts in digests.items()
        }
        for part, is_sentence in (("columns", False), ("more", True))
    }


@pytest.mark.parametrize("name", NAMES)
def test_values_of_every_column_headline_and_note_equal_the_stored_ones(
    name: str, tmp_path: Path
) -> None:
    for part, digests in split_digests(name, digest_sample(name, tmp_path)).items():
        stored = json.loads(FILES[part].read_text(encoding="utf-8"))[name]
        facts = {
            (a, key): x for a, of_analysis in digests.items() for key, x in of_analysis.items()
        }
        before = {
            (a, key): x for a, of_analysis in stored.items() for key, x in of_analysis.items()
        }
        changed = [key for key in before | facts if before.get(key) != facts.get(key)]
        assert not changed


if __name__ == "__main__":
    content: dict[str, dict[str, Digests]] = {part: {} for part in FILES}
    with tempfile.TemporaryDirectory() as temporary:
        for name in NAMES:
            for part, digests in split_digests(name, digest_sample(name, Path(temporary))).items():
                content[part][name] = digests
    for part, path in FILES.items():
        path.write_text(json.dumps(content[part], indent=1) + "\n", encoding="utf-8")
    sys.exit(0)
