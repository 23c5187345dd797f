"""docs/python.md: every public name of the package, as ``help()`` shows it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from typing import Any

import refgraph
from docs_maker.markdown import NOTICE, format_table
from refgraph import analyses, ask, errors

INTRODUCTION = """# Python

```python
import refgraph

data = refgraph.read("sample_data/l96")  # a Dataset: files, frames, a networkx graph, a database
result = refgraph.ask.recommenders(data, by="closed")  # a Result
result.show()  # a table here, a page in a notebook
result.frame  # a polars frame
print(result.headline)  # the sentence
```

Everything below is imported when it is first used; `import refgraph` alone loads nothing heavy.
Sentences, tables and errors are in the language of the environment variable `REFGRAPH_LANG` (`en`,
`zh`), else of the locale. Every value that an option takes is checked: an unknown word, a number
out of range or a value of another kind raises a `UsageError` with the known ones.

## Frames and graphs

Tables need not be files: polars, pandas and pyarrow frames, duckdb results and paths can be mixed.
IDs stay exact; a column of floating-point IDs is refused.

```pycon
>>> import polars as pl
>>> import refgraph
>>> rows = pl.DataFrame({"id": [7, 8, 9], "name": ["Ada", "Bo", "Cy"], "referred_by": [None, 7, 7]})
>>> orders = pl.DataFrame(
...     {"customer": [8, 9], "at": ["2024-01-31", "2024-02-01"], "revenue": [100.0, 20.5]}
... )
>>> small = refgraph.read(rows, orders=orders)
>>> refgraph.run("recommenders", small).frame["direct_value"].to_list()
[120.5]

```

Graphs go to networkx and back: nodes are customers, an edge leads from referrer to referred,
attributes are columns. `to_networkx(flat=True)` gives a graph that `networkx.write_graphml` and
`write_gexf` accept.

```pycon
>>> data = refgraph.read("sample_data/five-en")
>>> graph = refgraph.build_graph(data).to_networkx()
>>> sorted(graph.successors("001"))
['002', '004']
>>> refgraph.read(graph).fingerprint == data.fingerprint
True
>>> import networkx
>>> stranger = networkx.DiGraph([("ann", "bob"), ("bob", "cid")])
>>> refgraph.run("chains", refgraph.read(stranger)).frame["path"].to_list()
['ann → bob → cid']

```
"""
SECTIONS = {
    "Functions": inspect.isfunction,
    "Classes": lambda x: inspect.isclass(x) and not issubclass(x, Warning),
}
"""Heading -> which public names the section shows."""


def build_reference_page() -> str:
    """The whole page."""
    public = {name: getattr(refgraph, name) for name in refgraph.__all__}
    parts = [NOTICE, INTRODUCTION, "\n## Analyses\n\n", _format_analyses()]
    for heading, belongs in SECTIONS.items():
        parts.append(f"\n## {heading}\n")
        parts += [_format_entry(name, x) for name, x in public.items() if belongs(x)]
    parts += ["\n## Errors and warnings\n\n", _format_errors()]
    return "".join(parts)


def _format_analyses() -> str:
    """One row per function of `refgraph.ask`."""
    rows = []
    for name in ask.__all__:
        analysis = analyses.load(name.replace("_", "-"))
        options = ", ".join(f"`{p.name}`" for p in analysis.options)
        rows.append((f"`{name}`", ask.describe_analysis(analysis)[0], options))
    text = (
        "Each is `refgraph.ask.NAME(data, scope=Scope(), *, options)` and returns a Result;\n"
        "`help(refgraph.ask.NAME)` lists its options and columns.\n\n"
    )
    return text + format_table(("function", "question", "options"), rows).rstrip("\n") + "\n"


def _format_entry(name: str, value: Any) -> str:
    """A function or class with its signature, docstring and public methods."""
    lines = [f"{name}{_format_signature(value)}", "", *_list_docstring(value)]
    if inspect.isclass(value):
        for member, function in _find_members(value):
            signature = _format_signature(function) if callable(function) else ""
            lines += ["", f"{name}.{member}{signature}", *_list_docstring(function, "    ")]
    return f"\n### {name}\n\n```text\n" + "\n".join(lines) + "\n```\n"


def _find_members(kind: type) -> Iterator[tuple[str, Any]]:
    """Public methods and properties that a class of refgraph defines, in order of definition."""
    for base in kind.__mro__:
        if base.__module__.startswith("refgraph"):
            for name, member in vars(base).items():
                is_shown = inspect.isfunction(member) or isinstance(member, property)
                if is_shown and not name.startswith("_") and inspect.getdoc(member):
                    yield name, member


def _list_docstring(value: Any, indent: str = "    ") -> list[str]:
    return [f"{indent}{line}".rstrip() for line in (inspect.getdoc(value) or "").splitlines()]


def _format_signature(value: Callable[..., Any]) -> str:
    """Parameters with types and defaults, as they are written in the source."""
    parts, is_keyword = [], False
    for parameter in inspect.signature(value).parameters.values():
        if parameter.name == "self":
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and not is_keyword:
            parts.append("*")
            is_keyword = True
        parts.append(_format_parameter(parameter))
    result = inspect.signature(value).return_annotation
    has_result = inspect.isfunction(value) and result not in (inspect.Signature.empty, "None")
    return f"({', '.join(parts)})" + (f" -> {result}" if has_result else "")


def _format_parameter(parameter: inspect.Parameter) -> str:
    stars = {parameter.VAR_KEYWORD: "**", parameter.VAR_POSITIONAL: "*"}.get(parameter.kind, "")
    hint = "" if parameter.annotation is parameter.empty else f": {parameter.annotation}"
    default = "" if parameter.default is parameter.empty else f" = {_name_default(parameter)}"
    return f"{stars}{parameter.name}{hint}{default}"


def _name_default(parameter: inspect.Parameter) -> str:
    """A default as it is written: an object of the package by its class, a function by its name."""
    default = parameter.default
    if is_dataclass(default):
        return f"{type(default).__name__}()"
    if inspect.isfunction(default):
        return default.__name__
    return "..." if str(default).startswith("<") else repr(default)


def _format_errors() -> str:
    """The tree of errors and the warning, with exit codes of the command line."""
    rows = [
        (f"`{name}`", str(getattr(kind, "exit_code", "")), _read_first_line(kind))
        for name, kind in vars(errors).items()
        if inspect.isclass(kind) and kind.__module__ == errors.__name__
    ]
    table = format_table(("class of refgraph.errors", "exit code", "when"), rows)
    return table.rstrip("\n") + "\n"


def _read_first_line(kind: type) -> str:
    return (inspect.getdoc(kind) or "").splitlines()[0]
