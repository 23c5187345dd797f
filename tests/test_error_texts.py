"""Cause and remedy of an error in the language of the user, also what the system says."""

from __future__ import annotations

import errno
import os
import re

import pytest

from refgraph.errors import FileError, UsageError
from refgraph.texts import LANGUAGES, explain_error, load_texts


def test_reasons_have_their_own_words_in_english_and_chinese_ones_in_chinese() -> None:
    assert all(key == text for key, text in load_texts("en")["reason"].items())
    assert all(re.search("[\u4e00-\u9fff]", text) for text in load_texts("zh")["reason"].values())


@pytest.mark.parametrize(
    "code", [errno.ENOENT, errno.EACCES, errno.EISDIR, errno.ENOTDIR, errno.ENOSPC, errno.EROFS]
)
def test_explain_error_says_in_chinese_what_the_system_says(code: int) -> None:
    error = FileError("cannot-write", path="x.csv", why=os.strerror(code))
    assert os.strerror(code) in explain_error(error, "en")[0]
    assert re.findall("[A-Za-z. ]+", explain_error(error, "zh")[0]) == [" x.csv"]


def test_explain_error_leaves_no_space_between_chinese_words_and_names_an_empty_list() -> None:
    assert explain_error(UsageError("missing-value", name="命令"), "zh")[0] == "缺少命令。"
    assert explain_error(UsageError("missing-value", name="ID"), "zh")[0] == "缺少 ID。"
    unknown = UsageError("unknown-sheet", name="x", known=[])
    assert [explain_error(unknown, lang)[1] for lang in LANGUAGES] == [
        "Known names: none.",
        "现有：无。",
    ]
