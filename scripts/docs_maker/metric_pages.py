"""docs/metrics.md: every formula with unit, source and a worked number."""

from __future__ import annotations

from docs_maker.markdown import NOTICE, format_table
from refgraph import analyses
from refgraph.texts import look_up
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
    return "".join(parts).rstrip("\n") + "\n"
