"""How a page is asked for, and the parts that every page for people has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from refgraph import texts
from refgraph.model.message import Message, message
from refgraph.model.parameter_values import Limits, convert_fields, convert_word
from refgraph.model.result import Column, Result, Section
from refgraph.renderers import cells
from refgraph.renderers.values import to_raw_frame

LANGUAGE_TAGS = {"en": "en", "zh": "zh-Hans"}
"""Language -> its BCP 47 tag, the value of ``lang`` in HTML and SVG."""


@dataclass(frozen=True, kw_only=True)
class View:
    """What a caller asks for.

    format: a name of `renderers.FORMATS`. lang: en or zh. top: first rows only, None = all. width:
    columns of the terminal, None = any. color: whether the terminal shows styles.
    for_python: whether options are named as Python spells them.
    Raises UsageError for an unknown language or a value of another kind.
    """

    format: str
    lang: str
    top: Annotated[int, Limits(0)] | None = None
    width: Annotated[int, Limits(1)] | None = None
    color: bool = False
    for_python: bool = False

    def __post_init__(self) -> None:
        convert_fields(self)
        convert_word(self.lang, texts.LANGUAGES, "lang")

    def say(self, sentence: Message) -> str:
        """A sentence in the language of the reader, on one line and safe to print."""
        return cells.clean_text(
            texts.format_message(sentence, self.lang, for_python=self.for_python)
        )

    def symbol(self, column: Column) -> str:
        """The unit that a column is counted in, empty where there is none: ``t`` -> t, 吨."""
        return cells.clean_text(texts.look_up("unit", column.symbol, self.lang, column.symbol))

    def heading(self, column: Column) -> str:
        """The title of a column, its unit in brackets."""
        return self.with_symbol(texts.get_column_title(column.text, self.lang), column)

    def list_headings(self, columns: Sequence[Column]) -> list[str]:
        """The headings of columns; those that are alike are followed by the names of columns."""
        headings = [self.heading(column) for column in columns]
        counts = Counter(heading.casefold() for heading in headings)
        return [
            f"{heading} [{column.name}]" if counts[heading.casefold()] > 1 else heading
            for heading, column in zip(headings, columns, strict=True)
        ]

    def with_symbol(self, text: str, column: Column) -> str:
        """A text about a column followed by the column's unit in brackets, if it has one."""
        symbol = self.symbol(column)
        return self.say(message("note.in-unit", text=text, unit=symbol)) if symbol else text

    def caption(self, section: Section) -> str:
        """The heading of a section, ``[caption]`` of the texts; empty if it has none."""
        key = section.caption.removeprefix("caption.")
        return texts.look_up("caption", key, self.lang) if key else ""

    def title(self, result: Result) -> str:
        """The title of a single answer: its caption, the help of its command, or its name."""
        for table in ("caption", "command"):
            title = texts.look_up(table, result.analysis, self.lang, "")
            if title:
                return title
        return cells.clean_text(result.analysis)

    def row_limit(self, section: Section) -> int | None:
        """How many rows of a section to show: its own number, otherwise that of the call."""
        return self.top if section.rows is None else section.rows

    def take_rows(self, result: Result, limit: int | None) -> tuple[Result, str]:
        """The first rows, and a line on how many more there are, or that there are none at all."""
        shown = result.head(limit)
        if shown.more:
            return shown, self.say(message("note.more-rows", rows=shown.more))
        return shown, "" if result.frame.height else self.say(message("note.no-rows"))

    def format_columns(self, result: Result) -> list[list[str]]:
        """The cells of every column as a reader of the language sees them, by unit alone."""
        frame = to_raw_frame(result)
        return [
            cells.format_values(frame[column.name], column.unit, self.lang)
            for column in result.columns
        ]
