"""What ``refgraph explain`` can explain: formulas, terms of the glossary, input columns."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from refgraph import analyses
from refgraph.errors import UsageError
from refgraph.model.units import Unit
from refgraph.texts import LANGUAGES, load_glossary, load_texts, look_up
from refgraph.texts.formulas import FORMULAS

FORMULA_PARTS = {
    "formula": "definition",
    "unit": "unit",
    "source": "source",
    "example": "example",
}
"""What stands in front of each line, and the table of its text."""
MAX_SUGGESTIONS = 5
OPEN_UNITS = (Unit.COUNT, Unit.VALUE, Unit.SHARE)
"""Units of figures that an explanation shows how to open."""


def list_explanations(lang: str) -> list[str]:
    """One line per formula, then per term: its name, a tab, and its meaning."""
    lines = [f"{name}\t{look_up('formula', name, lang)}" for name in FORMULAS]
    terms = load_glossary().values()
    return lines + [f"{term[lang]}\t{term[f'meaning_{lang}']}" for term in terms]


def explain(name: str, lang: str) -> list[str]:
    """The lines about a formula (M14), a term in either language, or a column (customers.role).

    Upper and lower case are the same. Of equal names a formula comes first, then a term. Raises
    UsageError ``unknown-term`` with the most similar names.
    """
    wanted = name.casefold()
    formulas = {formula_id.casefold(): formula_id for formula_id in FORMULAS}
    terms = _index_terms()
    columns = load_texts(lang)["field"]
    if wanted in formulas:
        return _describe_formula(formulas[wanted], lang)
    if wanted in terms:
        return _describe_term(terms[wanted], lang)
    if wanted in columns:
        return [f"{wanted}  {columns[wanted]}"]
    similar = get_close_matches(wanted, [*formulas, *terms, *columns], MAX_SUGGESTIONS, 0.0)
    raise UsageError("unknown-term", name=name, known=[formulas.get(key, key) for key in similar])


def _index_terms() -> dict[str, Mapping[str, str]]:
    """Every word of the glossary, in both languages and in lower case, with its entry."""
    return {term[lang].casefold(): term for term in load_glossary().values() for lang in LANGUAGES}


def _describe_formula(formula_id: str, lang: str) -> list[str]:
    colon = look_up("help", "colon", lang)
    details = [
        f"  {look_up('help', part, lang)}{colon}{look_up(f'formula_{table}', formula_id, lang)}"
        for part, table in FORMULA_PARTS.items()
    ]
    title = f"{formula_id}  {look_up('formula', formula_id, lang)}"
    return [title, *details, *_name_rows_command(formula_id, lang)]


def _name_rows_command(formula_id: str, lang: str) -> list[str]:
    """The command that lists the rows behind a figure of this formula, if one opens."""
    for name in analyses.NAMES:
        for column in analyses.load(name).columns:
            is_open = column.unit in OPEN_UNITS and not column.closed
            if column.formula == formula_id and is_open:
                colon = look_up("help", "colon", lang)
                key = look_up("metavar", "key", lang)
                command = f"refgraph rows {name} SOURCE --row {key} --column {column.name}"
                return [f"  {look_up('help', 'rows', lang)}{colon}{command}"]
    return []


def _describe_term(term: Mapping[str, str], lang: str) -> list[str]:
    """The word in the language asked for, then in the other, and the meaning."""
    others = [term[other] for other in LANGUAGES if other != lang]
    return [f"{term[lang]}  ({', '.join(others)})", f"  {term[f'meaning_{lang}']}"]
