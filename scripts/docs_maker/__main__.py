"""Write the generated pages, or compare them with what is there (--check)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from docs_maker import (
    command_pages,
    graph_page,
    metric_pages,
    preset_page,
    python_pages,
    reference_page,
    table_pages,
)

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES: dict[str, Callable[[], str]] = {
    "docs/cli.md": command_pages.build_command_page,
    "docs/columns.md": table_pages.build_column_page,
    "docs/metrics.md": metric_pages.build_metric_page,
    "docs/graph.md": graph_page.build_graph_page,
    "docs/glossary.md": table_pages.build_glossary_page,
    "docs/presets.md": preset_page.build_preset_page,
    "docs/python.md": reference_page.build_reference_page,
    "refgraph/ask.pyi": python_pages.build_stub,
}


def main() -> int:
    """Exit code 1 when --check finds a page that is not up to date."""
    stale = []
    for name, build in PAGES.items():
        path, text = ROOT / name, build()
        if "--check" in sys.argv[1:]:
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                stale.append(name)
        else:
            path.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"{name} is not up to date: run scripts/docs")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
