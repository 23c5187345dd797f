"""A file of answers has a form of its own: that in which refgraph writes it, or that of the source."""

from __future__ import annotations

from pathlib import Path

import pytest

from refgraph import sources
from refgraph.errors import DataError


def test_answers_need_not_look_like_the_source(tmp_path: Path) -> None:
    source, answers = tmp_path / "customers.csv", tmp_path / "answers.csv"
    source.write_text("id;kind\n1;x\n", encoding="utf-8")
    for text, code in (("id,source\n1,展会\n", "utf-8"), ("id;source\n1;展会\n", "gb18030"), ("id;source\n1;展会\n", "utf-8")):
        answers.write_bytes(text.encode(code))
        found = sources.read_tables(source, patches=[answers], tell=lambda _: "customers", delimiter=";",
                                    encoding=None if text[2] == ";" and code == "utf-8" else "gb18030")
        assert found["patch"][0].frame.rows() == [("1", "展会")]
    answers.write_bytes("id,source\n1,展会\n".encode("gb18030"))
    with pytest.raises(DataError):
        sources.read_tables(answers, patches=[answers], tell=lambda _: "customers")
