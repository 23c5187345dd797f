"""docs/metrics.md: every formula with unit, source and a worked number."""

from __future__ import annotations

from docs_maker.markdown import NOTICE, format_table
from refgraph import analyses
from refgraph.pipeline.opening import FIGURE_UNITS
from refgraph.texts import get_label, look_up
from refgraph.texts.formulas import FORMULAS


def build_metric_page() -> str:
    """One section per formula id, in the order of the list, with the analyses that report it."""
    users: dict[str, list[str]] = {}
    for name in analyses.NAMES:
        analysis = analyses.load(name)
        ids = {*analysis.formulas, *(c.formula for c in analysis.columns if c.formula)}
        for id in ids:
            users.setdefault(id, []).append(name)
    parts = [
        NOTICE,
        "# Metrics\n\n",
        "Every number that refgraph reports, with its formula, unit, source and a worked example. ",
        "`refgraph explain ID` prints one of them in either language.\n\n",
    ]
    for id in FORMULAS:
        rows = [
            ("formula", look_up("formula_definition", id, "en")),
            ("unit", look_up("formula_unit", id, "en")),
            ("source", look_up("formula_source", id, "en")),
            ("example", look_up("formula_example", id, "en")),
            ("reported by", ", ".join(users.get(id, [])) or "–"),
        ]
        parts.append(
            f"## {id}\n\n{look_up('formula', id, 'en')}.\n{look_up('formula', id, 'zh')}。\n\n"
        )
        parts.append(format_table(("", ""), rows))
    parts += _list_closed_columns()
    return "".join(parts).rstrip("\n") + "\n"


def _list_closed_columns() -> list[str]:
    """The columns whose figures do not open to rows, by reason, and those that open to inputs."""
    closed: dict[str, list[tuple[str, str]]] = {}
    inputs: list[tuple[str, str]] = []
    figures = 0
    for name in analyses.NAMES:
        columns = [c for c in analyses.load(name).columns if c.unit in FIGURE_UNITS]
        figures += len(columns)
        for column in columns:
            if column.closed:
                closed.setdefault(column.closed, []).append((name, column.name))
            if column.inputs:
                inputs.append((name, column.name))
    parts = [
        "## Figures that do not open\n\n",
        "`refgraph rows ANALYSIS SOURCE --row KEY --column COLUMN` lists the rows of the files ",
        "behind a figure, with the weight of each. ",
        f"Of {figures} columns of figures, {sum(map(len, closed.values()))} do not open, ",
        "for one of these reasons:\n\n",
    ]
    for reason, found in closed.items():
        text = get_label(f"closed-{reason}", "en")
        parts.append(f"* {text[0].upper()}{text[1:]}. {_name_columns(found)}.\n")
    return [
        *parts,
        "\n## Figures that open to inputs\n\n",
        f"{len(inputs)} columns are estimates and ends of intervals: a formula computes them from ",
        "many rows together. They open to these rows, which do not add up to the figure, ",
        f"and the formula is named. {_name_columns(inputs)}.\n",
    ]


def _name_columns(columns: list[tuple[str, str]]) -> str:
    """Pairs of an analysis and a column, analysis by analysis."""
    by_analysis: dict[str, list[str]] = {}
    for analysis, column in columns:
        by_analysis.setdefault(analysis, []).append(f"`{column}`")
    return "; ".join(f"{name}: {', '.join(names)}" for name, names in by_analysis.items())
