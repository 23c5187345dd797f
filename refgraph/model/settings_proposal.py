"""What ``refgraph init`` found out about a SOURCE, before it is written as a refgraph.toml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from refgraph.errors import RefgraphError
from refgraph.model.message import Message
from refgraph.model.setting_lines import TomlValue

LineKind = Literal["known", "guess", "given", "unused"]


@dataclass(frozen=True, kw_only=True)
class ProposedColumn:
    """A header of a file. column: ``table.field``, empty if it is none.

    kind: whether the header is known, the field is guessed, an option names it, or it is not used.
    reason: why. examples: some of its cells.
    """

    header: str
    column: str = ""
    kind: LineKind = "unused"
    reason: Message | None = None
    examples: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class ProposedFile:
    """A file or sheet. table: what it is read as, None = not read. notes: how it was read.

    is_other: whether it is not read because another file holds its table.
    """

    name: str
    table: str | None
    is_other: bool = False
    rows: int = 0
    columns: Sequence[ProposedColumn] = ()
    notes: Sequence[Message] = ()


@dataclass(frozen=True, kw_only=True)
class ProposedLine:
    """A line of a table of refgraph.toml. is_on: off lines are comments that a person may turn on.

    why: sentences that stand above it.
    """

    table: str
    key: str
    value: TomlValue
    is_on: bool = False
    why: Sequence[Message] = ()


@dataclass(frozen=True, kw_only=True)
class SettingsProposal:
    """Everything that ``refgraph init`` writes.

    fault: what still keeps the source from being read, all faults together.
    """

    source: str
    files: Sequence[ProposedFile]
    lines: Sequence[ProposedLine] = ()
    fault: RefgraphError | None = None

    @property
    def guesses(self) -> list[ProposedColumn]:
        """The columns that a person should confirm."""
        return [c for file in self.files for c in file.columns if c.kind == "guess"]

    @property
    def open_lines(self) -> list[ProposedLine]:
        """The lines that wait for a decision."""
        return [line for line in self.lines if not line.is_on]
