"""Help pages: lines wrapped by the width of what a terminal shows, Chinese included."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

import click

from refgraph.commands.console import get_console
from refgraph.texts.widths import measure_width

MAX_TERM_WIDTH = 30
"""A longer term of a list has a line of its own."""
NO_LINE_START = frozenset("，。、；：？！）」』》”’…")
"""Chinese punctuation that does not begin a line."""


class HelpFormatter(click.HelpFormatter):
    """A help page whose columns stay straight with characters of double width."""

    def write_heading(self, heading: str) -> None:
        """The heading of a section, with the colon of its language."""
        colon = get_console().look_up("help", "colon").rstrip()
        self.write(f"{' ' * self.current_indent}{heading}{colon}\n")

    def write_text(self, text: str) -> None:
        """Paragraphs, divided by empty lines."""
        indent = " " * self.current_indent
        paragraphs = text.split("\n\n")
        for number, paragraph in enumerate(paragraphs):
            if number:
                self.write("\n")
            for line in wrap_text(paragraph, self.width - self.current_indent):
                self.write(f"{indent}{line}\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = MAX_TERM_WIDTH, col_spacing: int = 2
    ) -> None:
        """A list of terms and their meanings, in two columns."""
        pairs = list(rows)
        widest = max((measure_width(term) for term, _ in pairs), default=0)
        column = min(widest, col_max) + col_spacing
        indent = " " * self.current_indent
        for term, meaning in pairs:
            room = column - measure_width(term)
            lines = wrap_text(meaning, self.width - self.current_indent - column)
            first = lines.pop(0) if lines and room >= col_spacing else ""
            self.write(f"{indent}{term}{' ' * room if first else ''}{first}\n")
            for line in lines:
                self.write(f"{indent}{' ' * column}{line}\n")

    def write_lines(self, text: str) -> None:
        """Lines as they are, so that a command can be copied."""
        for line in text.strip("\n").split("\n"):
            self.write(f"{' ' * self.current_indent}{line}\n")


def wrap_text(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` columns, if no single word is wider."""
    lines: list[str] = []
    line = ""
    for piece in _split_pieces(" ".join(text.split())):
        if line and measure_width(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    if line.strip():
        lines.append(line.rstrip())
    return lines


def _split_pieces(text: str) -> Iterator[str]:
    """Parts between which a line may break: words with their spaces, single Chinese characters."""
    piece = ""
    for character in text:
        is_wide = unicodedata.east_asian_width(character) in "WF"
        can_break_before = is_wide or piece.endswith(" ") or (piece and _ends_wide(piece))
        if piece and can_break_before and character not in NO_LINE_START and character != " ":
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _ends_wide(piece: str) -> bool:
    return unicodedata.east_asian_width(piece[-1]) in "WF"
