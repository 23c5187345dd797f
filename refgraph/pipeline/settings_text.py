"""A proposal for refgraph.toml as text: valid as it stands, with the reason beside every line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from refgraph.errors import RefgraphError
from refgraph.model.message import Label, Message, message
from refgraph.model.parameter_values import describe_value
from refgraph.model.setting_lines import write_key, write_value
from refgraph.model.settings_proposal import (
    ProposedColumn,
    ProposedFile,
    ProposedLine,
    SettingsProposal,
)
from refgraph.texts import explain_error, format_message

TABLES = (
    *("read", "date_format", "decimal", "currency", "units", "status", "role", "words"),
    *("channels.family", "key_account"),
)
"""Tables of refgraph.toml after ``[columns]``, in order."""
_NEVER_EMPTY = ("currency", "key_account")
"""Tables that need a key; without one, their header is off too."""


def write_settings(proposal: SettingsProposal, language: str) -> str:
    """The text of the file, with a line break at its end."""
    writer = _Writer(language)
    lines = [*writer.write_head(proposal), "", "[columns]"]
    for file in proposal.files:
        lines += ["", *writer.write_file(file)]
    needed = [line for line in proposal.lines if line.table == "columns"]
    lines += ["", *writer.write_lines(needed)] if needed else []
    for table in TABLES:
        lines += writer.write_table(table, [line for line in proposal.lines if line.table == table])
    return "\n".join(lines) + "\n"


class _Writer:
    """Writes parts of the file in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.on_columns: set[str] = set()

    def _say(self, sentence: Message) -> str:
        text = format_message(sentence, self.language)
        return "".join(c if c.isprintable() else " " for c in text)

    def write_head(self, proposal: SettingsProposal) -> Iterator[str]:
        """What the file is, how to use it, and what is still wrong with the data."""
        source = describe_value(proposal.source)
        yield f"# {self._say(message('init.head', source=source))}"
        yield f"# {self._say(message('init.how-to-read'))}"
        if proposal.fault is not None:
            yield "#"
            yield f"# {self._say(message('init.not-readable'))}"
            for fault in (proposal.fault, *proposal.fault.others):
                yield f"# {self._explain(fault)}"

    def _explain(self, fault: RefgraphError) -> str:
        text = " ".join(explain_error(fault, self.language))
        return "".join(c if c.isprintable() else " " for c in text)

    def write_file(self, file: ProposedFile) -> Iterator[str]:
        """The file and what becomes of each of its columns."""
        name = describe_value(file.name)
        if file.table is None:
            id = "init.other-file" if file.is_other else "init.file-unread"
            yield f"# {self._say(message(id, file=name))}"
            return
        sentence = message("init.file", file=name, table=Label(file.table), rows=file.rows)
        yield f"# {' '.join(map(self._say, (sentence, *file.notes)))}"
        for column in file.columns:
            yield self._write_column(column)

    def _write_column(self, column: ProposedColumn) -> str:
        reason = self._say(column.reason) if column.reason else ""
        if column.kind == "guess":
            reason = self._say(message("init.guess", reason=reason))
        if column.examples:
            values = list(column.examples)
            reason = self._say(message("init.examples", reason=reason, examples=values))
        if not column.column:
            return f"# {describe_value(column.header)}: {reason}"
        line = f"{column.column} = {write_value(column.header)}"
        is_on = column.kind in ("guess", "given") and column.column not in self.on_columns
        self.on_columns |= {column.column} if is_on else set()
        return f"{'' if is_on else '# '}{line}{'  # ' if reason else ''}{reason}"

    def write_table(self, table: str, lines: Sequence[ProposedLine]) -> Iterator[str]:
        """A table with its lines; off lines are comments."""
        if not lines:
            return
        is_on = table not in _NEVER_EMPTY or any(line.is_on for line in lines)
        yield ""
        yield f"{'' if is_on else '# '}[{table}]"
        yield from self.write_lines(lines)

    def write_lines(self, lines: Sequence[ProposedLine]) -> Iterator[str]:
        """Lines of one table; off lines are comments."""
        for line in lines:
            for sentence in line.why:
                yield f"# {self._say(sentence)}"
            key = ".".join(map(write_key, line.key.split(".")))
            yield f"{'' if line.is_on else '# '}{key} = {write_value(line.value)}"
