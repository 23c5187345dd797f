"""Files of ``refgraph match``: how many decisions they hold, also where nobody asked for them."""

from __future__ import annotations

from collections.abc import Iterable

from refgraph.errors import DataError, FileError
from refgraph.intake.match_decisions import cast_matches
from refgraph.model.matches import count_match_headers
from refgraph.sources.content import to_printable_name
from refgraph.sources.options import Dialect
from refgraph.sources.source_files import SourceFile

_USUAL = Dialect(count_known=count_match_headers)


def count_decisions(file: SourceFile) -> tuple[int, int]:
    """How many rows hold a yes or no, and how many are open; none for a file of another kind."""
    try:
        confirm = cast_matches(file.read(_USUAL)).frame["confirm"]
    except (DataError, FileError):
        return 0, 0
    return int(confirm.is_in(["yes", "no"]).sum()), int((confirm == "").sum())


def remark_on_match_files(
    files: Iterable[SourceFile],
) -> tuple[list[SourceFile], list[tuple[str, int]]]:
    """The files of another kind, and a remark with a number for each file of matches."""
    others, remarks = [], []
    for file in files:
        decided, undecided = count_decisions(file)
        if decided or undecided:
            code = "matches-unused" if decided else "matches-open"
            remarks.append((f"{code} {to_printable_name(file.name)}", decided or undecided))
        else:
            others.append(file)
    return others, remarks
