"""Answers and sentences in a Python session: as text, as HTML, on the screen."""

from __future__ import annotations

import shutil
import sys
from typing import Annotated, Any

from refgraph.errors import UsageError
from refgraph.model.message import Message
from refgraph.model.parameter_values import Limits, convert_value, convert_word, describe_value
from refgraph.model.result import Report, Result
from refgraph.renderers import table
from refgraph.renderers.notebook import MAX_ROWS, render_notebook, render_report
from refgraph.renderers.view import View
from refgraph.texts import LANGUAGES, find_language, format_message

MIN_WIDTH = 40
"""Columns of the narrowest table that is still readable."""


def to_text(
    subject: Message | Result | Report,
    lang: str | None = None,
    *,
    rows: int | None = None,
    width: int | None = None,
) -> str:
    """The sentence of a Message, or an answer as a plain table with headline and notes.

    lang: ``en`` or ``zh``; None = that of the environment variable ``REFGRAPH_LANG``, else that of
    the locale. rows: first rows only, None = all. width: columns of the terminal, None = any.
    Raises UsageError ``not-an-answer``, ``bad-word``, ``not-an-integer``, ``out-of-range``.
    """
    language = _choose_language(lang)
    if isinstance(subject, Message):
        return format_message(subject, language, for_python=True)
    view = View(format="table", lang=language, top=rows, width=width, for_python=True)
    return table.render(_check_answer(subject), view).decode()


def to_html(
    answer: Result | Report, lang: str | None = None, *, rows: int | None = MAX_ROWS
) -> str:
    """An answer as an HTML fragment, as notebooks show it; further rows are only counted.

    lang, rows: as for `to_text`. Raises UsageError as `to_text`.
    """
    language, answer = _choose_language(lang), _check_answer(answer)
    if isinstance(answer, Report):
        return render_report(answer, language, rows)
    return render_notebook(answer, language, rows)


def show(answer: Result | Report, rows: int | None = MAX_ROWS) -> None:
    """Show an answer: as a page in a notebook, elsewhere as a table on stdout.

    rows: how many first rows, None = all. Raises UsageError as `to_text`.
    """
    rows = convert_value(rows, Annotated[int, Limits(0)] | None, "rows")
    notebook = _find_notebook()
    if notebook is not None:
        notebook.display.display(notebook.display.HTML(to_html(answer, rows=rows)))
        return
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    width = max(columns, MIN_WIDTH) if columns is not None else None
    print(to_text(answer, rows=rows, width=width), end="")


def _choose_language(lang: str | None) -> str:
    return find_language() if lang is None else convert_word(lang, LANGUAGES, "lang")


def _check_answer(answer: object) -> Any:
    """The answer itself. Raises UsageError ``not-an-answer`` for anything else."""
    if not isinstance(answer, (Result, Report)):
        raise UsageError("not-an-answer", value=describe_value(answer))
    return answer


def _find_notebook() -> Any:
    """IPython if the program runs in a notebook that shows HTML, else None."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return ipython if hasattr(shell, "kernel") else None
