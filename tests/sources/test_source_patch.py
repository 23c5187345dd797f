"""The dialect of a patch: as refgraph writes it, or as the source is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from refgraph import sources
from refgraph.errors import DataError


def test_read_tables_reads_patch_in_own_or_source_dialect(tmp_path: Path) -> None:
    source, answers = tmp_path / "customers.csv", tmp_path / "answers.csv"
    source.write_text("id;kind\n1;x\n", encoding="utf-8")
    for text, code in (
        ("id,source\n1,展会\n", "utf-8"),
        ("id;source\n1;展会\n", "gb18030"),
        ("id;source\n1;展会\n", "utf-8"),
    ):
        answers.write_bytes(text.encode(code))
        is_source_dialect = text[2] == ";" and code == "utf-8"
        options = sources.FileOptions(
            patches=(str(answers),),
            delimiter=";",
            encoding=None if is_source_dialect else "gb18030",
        )
        tables = sources.read_tables(source, options, detect_tables=lambda _: ["customers"])
        assert tables.by_name["patch"][0].frame.rows() == [("1", "展会")]
    answers.write_bytes("id,source\n1,展会\n".encode("gb18030"))
    with pytest.raises(DataError):
        sources.read_tables(
            answers,
            sources.FileOptions(patches=(str(answers),)),
            detect_tables=lambda _: ["customers"],
        )
