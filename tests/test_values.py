"""Every figure equals the stored one: digests per sample, analysis and column.

A change of figures on purpose rewrites ``tests/data/values.json`` in the same commit and names the
columns in its message: ``python tests/test_values.py`` writes the file.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from support import examples
from support.digests import compute_digest

from refgraph import analyses, pipeline
from refgraph.commands.cli import cli
from refgraph.engines.base import Engine

ROOT = Path(__file__).parent.parent
FILE = Path(__file__).parent / "data" / "values.json"
SAMPLES = ("l96", "l96-29", "five-en", "five-zh")
GENERATED = "generated-2000"
DIGITS = 16
"""Hexadecimal digits of each stored digest."""
Digests = dict[str, dict[str, str]]


def compute_digests(engine: Engine) -> Digests:
    """Analysis -> column -> digest of its values."""
    results = {
        name: pipeline.run(engine, name, examples.get_parameters(name, engine))
        for name in analyses.NAMES
    }
    return {
        name: {
            column.name: compute_digest(column.to_list())[:DIGITS]
            for column in result.frame.iter_columns()
        }
        for name, result in results.items()
    }


def generate_company(folder: Path) -> Path:
    """A synthetic company of 2,000 parties."""
    cli.main(["generate", str(folder), "--size", "2000", "--seed", "1"], standalone_mode=False)
    return folder


def iterate_samples(folder: Path) -> Iterator[tuple[str, Path]]:
    """Name and folder of each sample."""
    yield from ((name, ROOT / "sample_data" / name) for name in SAMPLES)
    yield GENERATED, generate_company(folder / GENERATED)


def test_values_of_every_column_equal_those_before_the_renaming(tmp_path: Path) -> None:
    stored = json.loads(FILE.read_text(encoding="utf-8"))
    changed = []
    for sample, path in iterate_samples(tmp_path):
        for analysis, columns in compute_digests(pipeline.open_source(path)).items():
            before = stored[sample].get(analysis, {})
            changed += [
                f"{sample} {analysis} {c}"
                for c in before.keys() | columns.keys()
                if before.get(c) != columns.get(c)
            ]
    assert not changed


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        digests = {
            name: compute_digests(pipeline.open_source(path))
            for name, path in iterate_samples(Path(temporary))
        }
    FILE.write_text(json.dumps(digests, indent=1) + "\n", encoding="utf-8")
    sys.exit(0)
