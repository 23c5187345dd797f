"""The rooms of the package: who may import whom, and which files may import a heavy library.

Lengths, docstrings, names and banned calls are checked by ruff and by ``scripts/style``.
"""

from __future__ import annotations

import ast
import configparser
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "refgraph"
FILES = sorted(PACKAGE.rglob("*.py"))
WINGS = {"sources", "engines", "analyses", "layouts", "renderers", "generator"}
OUTPUTS = {"files", "staging", "temporary_files"}
PEERS = {"model", "texts", "data", "registry", "config", "progress"} | OUTPUTS
LEVELS = [
    {"__main__"},
    {"commands"},
    {"assistant"},
    {"ask"},
    {"api"},
    {"reports"},
    {"pipeline"},
    WINGS,
    {"measures"},
    {"graph"},
    {"intake"},
    {"kernels", "estimates"},
    PEERS,
    {"errors"},
]
"""Top first. A room imports rooms on lower levels only."""
LEVEL = {room: level for level, rooms in enumerate(LEVELS) for room in rooms}
ACROSS = {("renderers", "layouts"), ("engines", "cypher")}
"""The only imports between rooms of the same level."""
LIGHT = {"numpy", "polars"}
"""Libraries that any file may import."""
HOMES = {
    "click": ["commands/*"],
    "neo4j": ["engines/neo4j/*"],
    "matplotlib": ["renderers/*"],
    "numba": ["kernels/compilation.py"],
    "jinja2": ["renderers/html.py", "renderers/gallery.py", "renderers/explorer.py"],
    "fontTools": ["renderers/font_*.py"],
    "scipy": ["estimates/*", "kernels/pagerank.py"],
    "fastexcel": ["sources/workbooks.py"],
    **dict.fromkeys(("mcp", "mcp_types", "anyio"), ["assistant/server.py"]),
    "pptx": ["renderers/slide.py"],
    "typst": ["renderers/report_pdf.py"],
    "xlsxwriter": ["renderers/workbook.py"],
    "zstandard": ["sources/compression.py"],
    "rapidfuzz": ["intake/similar_names.py"],
    "opencc": ["intake/script_conversion.py"],
    "pypinyin": ["renderers/explorer.py"],
    "networkx": [
        "analyses/communities.py",
        "pipeline/networkx_interchange.py",
        "pipeline/export_graphs.py",
        "sources/graph_files.py",
    ],
}
"""Library -> the files that may import it, inside a function. Other libraries are not imported."""
for_each_file = pytest.mark.parametrize(
    "file", FILES, ids=[str(file.relative_to(PACKAGE)) for file in FILES]
)


def get_path_in_package(file: Path) -> str:
    return file.relative_to(PACKAGE).as_posix()


def get_room(file: Path) -> str:
    return get_path_in_package(file).split("/")[0].removesuffix(".py")


@cache
def parse(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def find_imports(*trees: ast.AST) -> Iterator[str]:
    """Dotted names imported anywhere in the trees, also by a call with a constant name."""
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module and not node.level, "relative import"
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Call) and node.args:
            yield from find_called_import(node)


def find_called_import(call: ast.Call) -> Iterator[str]:
    """The start of the name that ``import_module`` is called with."""
    if getattr(call.func, "attr", getattr(call.func, "id", "")) != "import_module":
        return
    name = call.args[0]
    if isinstance(name, ast.JoinedStr):
        name = name.values[0]
    if isinstance(name, ast.Constant):
        yield str(name.value)


@cache
def list_imports(file: Path) -> list[str]:
    """Every name that a file imports."""
    return list(find_imports(parse(file)))


def select_libraries(imports: Iterable[str]) -> set[str]:
    """Top-level names of the libraries imported, without the standard library and refgraph."""
    names = {name.split(".")[0] for name in imports}
    return names - set(sys.stdlib_module_names) - {"refgraph"}


def find_early_imports(node: ast.AST) -> Iterator[ast.stmt]:
    """Imports that run with the module itself: not in functions, not under TYPE_CHECKING."""
    for child in ast.iter_child_nodes(node):
        for_typing = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
        if isinstance(child, (ast.Import, ast.ImportFrom)):
            yield child
        elif not for_typing and not isinstance(
            child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
        ):
            yield from find_early_imports(child)


def find_room_pairs(file: Path) -> set[tuple[str, str]]:
    """(room of the file, other room that it imports)."""
    names = [name for name in list_imports(file) if name.startswith("refgraph.")]
    others = {name.split(".")[1] for name in names} - {get_room(file)}
    return {(get_room(file), other) for other in others}


@for_each_file
def test_imports_between_rooms_point_downwards(file: Path) -> None:
    if file.parent == PACKAGE and file.stem == "__init__":
        return
    for here, there in find_room_pairs(file):
        downwards = (
            LEVEL.get(there, -1) > LEVEL[here]
            or {here, there} <= PEERS - {"model"}
            or (here in PEERS and there == "model")
        )
        assert downwards or (here, there) in ACROSS, f"{here} imports {there}"


def test_imports_between_rooms_have_no_cycle() -> None:
    pairs = [
        pair for file in FILES if get_room(file) != "__init__" for pair in find_room_pairs(file)
    ]
    graph = nx.DiGraph(pairs)
    assert len(graph) > 10
    assert nx.is_directed_acyclic_graph(graph), nx.find_cycle(graph)


def test_model_imports_only_errors_and_errors_import_nothing() -> None:
    model_files = (PACKAGE / "model").glob("*.py")
    assert {there for file in model_files for _, there in find_room_pairs(file)} <= {"errors"}
    names = list_imports(PACKAGE / "errors.py")
    assert not [name for name in names if name.startswith("refgraph")]


@for_each_file
def test_heavy_libraries_are_imported_in_their_homes_when_used(file: Path) -> None:
    libraries = select_libraries(list_imports(file)) - LIGHT
    assert libraries <= set(HOMES)
    for library in libraries:
        path = get_path_in_package(file)
        assert any(fnmatch(path, home) for home in HOMES[library]), library
    early = select_libraries(find_imports(*find_early_imports(parse(file)))) & set(HOMES)
    assert early <= ({"click"} if get_room(file) == "commands" else set())


def test_every_home_has_a_file_that_imports_the_library() -> None:
    importing = {get_path_in_package(file): select_libraries(list_imports(file)) for file in FILES}
    unused = [
        (library, home)
        for library, homes in HOMES.items()
        for home in homes
        if not any(fnmatch(path, home) and library in importing[path] for path in importing)
    ]
    assert not unused


def test_rooms_other_than_commands_import_no_heavy_library() -> None:
    files = [file for file in FILES if get_room(file) != "commands"]
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files]
    code = (
        "import sys, importlib\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert loaded >= LIGHT
    assert not loaded & {*HOMES, "pandas", "openpyxl"}


def test_help_imports_neither_polars_nor_numpy() -> None:
    code = (
        "import sys\n"
        "from refgraph.commands import main\n"
        "try: main()\n"
        "except SystemExit: print(*sys.modules)"
    )
    words = [sys.executable, "-c", code, "--help"]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    assert "refgraph.commands.cli" in done.stdout
    assert not LIGHT & set(done.stdout.split())


def test_setup_lists_every_package() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    listed = setup["options"]["packages"].split()
    assert sorted(set(listed)) == sorted(listed)
    present = {".".join(file.parent.relative_to(ROOT).parts) for file in FILES}
    assert set(listed) - {"refgraph.cypher"} == present
    assert all((file.parent / "__init__.py").is_file() for file in FILES)
    assert (ROOT / "cypher" / "__init__.py").is_file()


def test_no_file_names_a_path_of_a_machine_or_a_registry_host() -> None:
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    names = [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]
    names = names or [str(file.relative_to(ROOT)) for file in FILES]
    folders, hosts = "home|Users|root|work", "pypi|pythonhosted|maven|npmjs|conda|docker"
    banned = re.compile(
        rf"(?<![\w.)}}])/(?:{folders})/\w|https?://[\w.-]*(?:{hosts})[\w-]*\.(?:org|io|com|net)"
    )
    for name in names:
        content = (ROOT / name).read_bytes()
        text = "" if b"\0" in content else content.decode("utf-8", "replace")
        assert not (match := banned.search(text)), f"{name}: {match}"
