"""Cause and remedy of an error in the language of the user, also what the system says."""

from __future__ import annotations

import errno
import os
import re

import pytest

from refgraph.errors import FileError, UsageError
from refgraph.model.refusals import describe_refusal
from refgraph.texts import LANGUAGES, explain_error, load_texts


def test_reasons_have_their_own_words_in_english_and_chinese_ones_in_chinese() -> None:
    assert all(key == text for key, text in load_texts("en")["reason"].items())
    assert all(re.search("[\u4e00-\u9fff]", text) for text in load_texts("zh")["reason"].values())


REFUSALS = [
    PermissionError(errno.EACCES, os.strerror(errno.EACCES)),
    OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
    OSError(errno.EROFS, os.strerror(errno.EROFS)),
    OSError(errno.ELOOP, os.strerror(errno.ELOOP)),
    OSError(errno.ESTALE, os.strerror(errno.ESTALE)),
    OSError("no number"),
    ValueError("embedded null byte"),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=map(str, range(len(REFUSALS))))
def test_refusal_of_the_system_is_told_in_words_of_refgraph(refusal: Exception) -> None:
    error = FileError("cannot-write", path="x.csv", why=describe_refusal(refusal))
    told = explain_error(error, "en")[0]
    assert str(getattr(refusal, "strerror", None) or refusal) not in told
    assert told.startswith("Cannot write x.csv: ")
    chinese = explain_error(error, "zh")[0].replace("UTF-8", "")
    assert re.findall("[A-Za-z. ]+", chinese)[:1] == [" x.csv"]


def test_explain_error_leaves_no_space_between_chinese_words_and_names_an_empty_list() -> None:
    assert explain_error(UsageError("missing-value", name="命令"), "zh")[0] == "缺少命令。"
    assert explain_error(UsageError("missing-value", name="ID"), "zh")[0] == "缺少 ID。"
    unknown = UsageError("unknown-sheet", name="x", known=[])
    assert [explain_error(unknown, lang)[1] for lang in LANGUAGES] == [
        "Known names: none.",
        "现有：无。",
    ]
