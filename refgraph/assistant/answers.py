"""A question of an assistant, answered: text to read, the same as data, or an error in two lines.

The text is the answer as Markdown, with its headline, notes and period; the data have the layout of
the JSON output. Both have the same number of rows, and both say how many more there are.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from refgraph import analyses, pipeline
from refgraph.assistant.tools import DEFAULT_ROWS, MAX_ROWS, ROWS_PARAMETER, SCOPE_FIELDS
from refgraph.engines.base import Engine
from refgraph.errors import DataError, RefgraphError
from refgraph.model.parameter_values import Limits, convert_number
from refgraph.model.result import Result
from refgraph.model.scope import Scope
from refgraph.pipeline.party_names import find_party, name_parties
from refgraph.renderers import json, markdown
from refgraph.renderers.cells import clean_text
from refgraph.renderers.page_provenance import list_provenance
from refgraph.renderers.values import to_json_value, to_raw_frame
from refgraph.renderers.view import View
from refgraph.texts import explain_error

LOGGER = logging.getLogger(__name__)
Arguments = Mapping[str, object]


@dataclass(frozen=True, eq=False)
class Questions:
    """What holds for all questions: the source, its scope, the rows of an answer, the language."""

    engine: Engine
    scope: Scope
    lang: str
    rows: int = DEFAULT_ROWS


@dataclass(frozen=True)
class ToolAnswer:
    """text: for the assistant. content: the same as data, None for an error."""

    text: str
    content: dict[str, Any] | None = None

    @property
    def is_error(self) -> bool:
        """Whether the question has no answer."""
        return self.content is None


def answer(questions: Questions, name: str, arguments: Arguments) -> ToolAnswer:
    """The answer to one call of a tool; errors, too, are answers."""
    try:
        result, rows = ask(questions, name, arguments)
        return show_result(result, rows, questions.lang)
    except RefgraphError as error:
        return show_error(error, questions.lang)
    except MemoryError as error:
        return show_error(DataError("not-enough-memory", what=str(error)[:300]), questions.lang)
    except Exception as error:
        LOGGER.debug("%s failed", name, exc_info=True)
        internal = RefgraphError("internal", kind=type(error).__name__, what=str(error)[:300])
        return show_error(internal, questions.lang)


def ask(questions: Questions, name: str, arguments: Arguments) -> tuple[Result, int]:
    """The result of one call, and how many of its rows are shown.

    Raises UsageError for an unknown tool, argument or value; DataError as the analysis.
    """
    analysis, engine = analyses.load(name), questions.engine
    given = {key: value for key, value in arguments.items() if value is not None}
    rows = questions.rows
    if ROWS_PARAMETER in given:
        limits = Limits(1, MAX_ROWS)
        rows = int(convert_number(given.pop(ROWS_PARAMETER), int, limits, ROWS_PARAMETER))
    scope = _build_scope(questions.scope, given)
    variant = analysis.find_variant(given)
    if variant is not None:
        what, text = variant[0].option, find_party(engine, variant[1])
        return pipeline.run_variant(engine, name, what, text, scope), rows
    settled = analysis.fill_defaults(given)
    parameters = {p.name: name_parties(engine, p, settled[p.name]) for p in analysis.parameters}
    return pipeline.run(engine, name, parameters, scope, rows), rows


def show_result(result: Result, rows: int, lang: str) -> ToolAnswer:
    """An answer with its first rows."""
    view = View(format="md", lang=lang, top=rows, for_python=True)
    page = markdown.render(result, view).decode().rstrip("\n")
    origin = "\n".join(f"- {label}: {text}" for label, text in list_provenance(result, view))
    shown = result.head(rows)
    rest = {"rows": to_raw_frame(shown).to_dicts(), "more_rows": shown.more}
    content = json.describe_result(shown, view) | rest
    return ToolAnswer(f"{page}\n\n{origin}" if origin else page, to_json_value(content))


def show_error(error: RefgraphError, lang: str) -> ToolAnswer:
    """Cause and remedy of an error, a line each, and of all found with it."""
    lines: list[str] = []
    for fault in (error, *error.others):
        lines += map(clean_text, explain_error(fault, lang, for_python=True))
    return ToolAnswer("\n".join(lines))


def _build_scope(scope: Scope, given: dict[str, object]) -> Scope:
    """The scope of all questions with what this one sets, which is taken out of ``given``."""
    own = {name: given.pop(name) for name in SCOPE_FIELDS if name in given}
    if not own:
        return scope
    known = {field.name: getattr(scope, field.name) for field in fields(scope)}
    return Scope(**{**known, **own})
