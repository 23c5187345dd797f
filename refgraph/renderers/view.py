"""How a page is asked for, and what every page for people says beside its table."""

from __future__ import annotations

from dataclasses import dataclass

from refgraph import texts
from refgraph.model.message import Message, message
from refgraph.model.result import Column, Result, Section
from refgraph.renderers import cells
from refgraph.renderers.values import raw


@dataclass(frozen=True)
class View:
    """format, language (en, zh), first rows only (None = all), terminal columns (None = any), colours."""

    format: str
    lang: str
    top: int | None = None
    width: int | None = None
    color: bool = False

    def say(self, sentence: Message) -> str:
        """A sentence in the language of the reader, on one line and safe to print."""
        return cells.clean(texts.say(sentence, self.lang))

    def symbol(self, column: Column) -> str:
        """The unit that a column is counted in, empty where there is none: ``t`` -> t, 吨."""
        return cells.clean(texts.lookup("unit", column.symbol, self.lang, column.symbol))

    def heading(self, column: Column) -> str:
        """The title of a column, its unit in brackets."""
        return self.with_symbol(texts.title(column.text, self.lang), column)

    def with_symbol(self, text: str, column: Column) -> str:
        """A text about a column followed by the column's unit in brackets, if it has one."""
        symbol = self.symbol(column)
        return self.say(message("note.in-unit", text=text, unit=symbol)) if symbol else text

    def caption(self, section: Section) -> str:
        """The heading of a section: ``[caption]`` of the texts, empty where the section has none."""
        key = section.caption.removeprefix("caption.")
        return texts.lookup("caption", key, self.lang) if key else ""

    def rows(self, section: Section) -> int | None:
        """How many rows of a section to show: its own number, else that of the call."""
        return self.top if section.rows is None else section.rows

    def cut(self, result: Result, rows: int | None) -> tuple[Result, str]:
        """The first rows of a result, and the line that says how many more there are, or that none is."""
        shown = result.top(rows)
        if shown.more:
            return shown, self.say(message("note.more-rows", rows=shown.more))
        return shown, "" if result.frame.height else self.say(message("note.no-rows"))

    def columns(self, result: Result) -> list[list[str]]:
        """The cells of every column as a person of the language reads them, by unit alone."""
        frame = raw(result)
        return [cells.spoken(frame[c.name], c.unit, self.lang) for c in result.columns]
