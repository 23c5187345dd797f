"""docs/columns.md: all input tables and all columns of answers; docs/glossary.md: all terms."""

from __future__ import annotations

from docs_maker.markdown import NOTICE, format_table
from refgraph import analyses
from refgraph.model.field_types import Field
from refgraph.model.fields import FIELDS_BY_TABLE
from refgraph.model.matches import MANDATORY_COLUMNS, NO_WORDS, YES_WORDS
from refgraph.model.result import Column
from refgraph.model.vocabulary import VOCABULARIES
from refgraph.pipeline.matching import MATCH_RESULT_COLUMNS
from refgraph.texts import get_column_meaning, get_column_title, load_glossary, look_up


def build_column_page() -> str:
    """Input tables first, then the columns of each analysis."""
    parts = [
        NOTICE,
        "# Columns\n\n",
        "What refgraph reads, and what it answers, in both languages. ",
        "`refgraph explain TABLE.COLUMN` and `refgraph explain ID` print the same.\n\n",
        "## What refgraph reads\n\n",
        "Only an id is mandatory. Headers are compared without case, spaces, underscores ",
        "and units in brackets; `--column TABLE.COLUMN=HEADER` names any other header.\n\n",
    ]
    for table, fields in FIELDS_BY_TABLE.items():
        parts.append(f"### {table}\n\n")
        headings = ("column", "type", "meaning", "含义", "also understood")
        parts.append(format_table(headings, map(_describe_field, fields)))
    parts.append(
        "### Words\n\nColumns that take fixed words, and what may be written for each word.\n\n"
    )
    for name, vocabulary in VOCABULARIES.items():
        rows = [(f"`{word}`", ", ".join(aliases)) for word, aliases in vocabulary.items()]
        parts.append(f"**{name}**\n\n" + format_table(("word", "also understood"), rows))
    parts += _describe_match_file()
    parts.append("## What refgraph answers\n\n")
    parts.append("Column names stay the same in every language. `detail`: left out of narrow ")
    parts.append("tables on a terminal.\n\n")
    for name in analyses.NAMES:
        analysis = analyses.load(name)
        parts.append(
            f"### {name}\n\n{look_up('command', name, 'en')}. One row per {analysis.grain}.\n\n"
        )
        headings = ("column", "unit", "meaning", "标题", "含义", "formula")
        parts.append(format_table(headings, map(_describe_column, analysis.columns)))
    return "".join(parts).rstrip("\n") + "\n"


def _describe_match_file() -> list[str]:
    """The columns of the file of ``match``, and what a person may write into it."""
    headings = ("column", "unit", "meaning", "标题", "含义", "formula")
    words = [("yes", ", ".join(YES_WORDS)), ("no", ", ".join(NO_WORDS))]
    return [
        "### Confirmed matches\n\n",
        "The file of `refgraph match`, read back with `--matches`. It must have the columns ",
        ", ".join(f"`{column}`" for column in MANDATORY_COLUMNS),
        "; the candidate may also be given by name. An apostrophe in front of a text ",
        "keeps a spreadsheet from changing it and is dropped on reading, except in workbooks.\n\n",
        format_table(headings, map(_describe_column, MATCH_RESULT_COLUMNS)),
        format_table(("word", "also understood"), words),
    ]


def _describe_field(field: Field) -> tuple[str, ...]:
    key = f"{field.table}.{field.name}"
    name = f"`{field.name}`" + (" (mandatory)" if field.mandatory else "")
    meanings = (look_up("field", key, "en"), look_up("field", key, "zh"))
    return name, field.type.value, *meanings, ", ".join(field.aliases)


def _describe_column(column: Column) -> tuple[str, ...]:
    unit = str(column.unit.value) + (", detail" if column.detail else "")
    return (
        f"`{column.name}`",
        unit,
        get_column_meaning(column.text, "en"),
        get_column_title(column.text, "zh"),
        get_column_meaning(column.text, "zh"),
        column.formula,
    )


def build_glossary_page() -> str:
    """One row per term."""
    headings = ("term", "术语", "meaning", "含义")
    rows = [
        (term["en"], term["zh"], term["meaning_en"], term["meaning_zh"])
        for term in load_glossary().values()
    ]
    intro = "One term per concept, in both languages. A test holds every text to it.\n\n"
    return NOTICE + "# Glossary\n\n" + intro + format_table(headings, rows).rstrip("\n") + "\n"
