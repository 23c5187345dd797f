"""The house stays calm: who may import whom, where heavy libraries live, how long files and functions are."""

from __future__ import annotations

import ast
import configparser
import re
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "refgraph"
FILES = sorted(PACKAGE.rglob("*.py"))
WINGS = {"sources", "engines", "analyses", "layouts", "renderers", "generator"}
PEERS = {"model", "texts", "data", "registry", "config", "files", "lean", "progress"}
LEVELS = [{"commands"}, {"flow"}, WINGS, {"intake", "graphs"}, {"kernels", "estimates"}, PEERS, {"errors"}]
LEVEL = {room: k for k, rooms in enumerate(LEVELS) for room in rooms}
ACROSS = {("renderers", "layouts"), ("engines", "cypher")}
LIGHT = {"numpy", "polars"}
HOMES = {
    "click": ["commands/*"], "neo4j": ["engines/neo4j/*"], "matplotlib": ["renderers/*"],
    "numba": ["kernels/compile.py", "kernels/cache.py"], "rich": ["renderers/table*.py"], "jinja2": ["renderers/html.py", "renderers/gallery.py"],
    "openpyxl": ["sources/excel.py"], "defusedxml": ["sources/excel.py"], "xlsxwriter": ["renderers/excel.py"],
    "fontTools": ["renderers/fonts.py"], "scipy": ["estimates/*"], "pandas": ["sources/frames.py"],
    "networkx": ["analyses/communities.py", "flow/networks.py", "sources/frames.py"],
}  # fmt: skip
"""Library -> the files that may import it; every other library is unknown here."""
EACH = pytest.mark.parametrize("file", FILES, ids=[str(p.relative_to(PACKAGE)) for p in FILES])


def place(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def room(path: Path) -> str:
    return place(path).split("/")[0].removesuffix(".py")


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(*nodes: ast.AST) -> Iterator[str]:
    """Dotted names imported anywhere below, those asked for by a constant ``import_module`` included."""
    for each in (x for node in nodes for x in ast.walk(node)):
        if isinstance(each, ast.Import):
            yield from (name.name for name in each.names)
        elif isinstance(each, ast.ImportFrom):
            assert each.module and not each.level, "relative import"
            yield from (f"{each.module}.{name.name}" for name in each.names)
        elif isinstance(each, ast.Call) and each.args and ast.unparse(each.func).endswith(("import_module", "lean.imported")):
            start = each.args[0].values[0] if isinstance(each.args[0], ast.JoinedStr) else each.args[0]
            if isinstance(start, ast.Constant):
                yield str(start.value)


def at_once(node: ast.AST) -> Iterator[ast.stmt]:
    """Statements that run when the module is imported: not the bodies of functions nor of ``if TYPE_CHECKING``."""
    for child in ast.iter_child_nodes(node):
        typing = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
        if isinstance(child, (ast.Import, ast.ImportFrom)):
            yield child
        elif not typing and not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield from at_once(child)


def rooms(file: Path) -> set[tuple[str, str]]:
    """(this room, other room of refgraph that it imports)."""
    found = {name.split(".")[1] for name in imports(tree(file)) if name.startswith("refgraph.")}
    return {(room(file), there) for there in found - {room(file)}}


@EACH
def test_imports_run_downwards_and_wings_do_not_meet(file: Path) -> None:
    if file.parent == PACKAGE and file.stem == "__init__":
        return
    for here, there in rooms(file):
        down = LEVEL.get(there, -1) > LEVEL[here] or {here, there} <= PEERS - {"model"} or (here in PEERS and there == "model")
        assert down or (here, there) in ACROSS, f"{here} imports {there}"


def test_no_room_imports_itself_by_a_way_round() -> None:
    graph = nx.DiGraph([pair for file in FILES if room(file) != "__init__" for pair in rooms(file)])
    assert len(graph) > 10
    assert nx.is_directed_acyclic_graph(graph), nx.find_cycle(graph)


def test_the_model_reaches_for_nothing_but_itself_and_errors_for_nothing() -> None:
    assert {there for file in (PACKAGE / "model").glob("*.py") for _, there in rooms(file)} <= {"errors"}
    assert not [name for name in imports(tree(PACKAGE / "errors.py")) if name.startswith("refgraph")]


@EACH
def test_heavy_libraries_stay_at_home_and_load_when_used(file: Path) -> None:
    tops = {name.split(".")[0] for name in imports(tree(file))} - set(sys.stdlib_module_names) - {"refgraph"} - LIGHT
    assert tops <= set(HOMES)
    for top in tops:
        assert any(fnmatch(place(file), home) for home in HOMES[top]), top
    early = {name.split(".")[0] for name in imports(*at_once(tree(file)))} & set(HOMES)
    assert early <= ({"click"} if room(file) == "commands" else set())


def test_all_rooms_but_the_commands_load_light() -> None:
    names = [".".join(f.relative_to(ROOT).with_suffix("").parts) for f in FILES if room(f) != "commands"]
    code = f"import sys, importlib\nfor name in {names!r}: importlib.import_module(name)\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert loaded >= LIGHT
    assert not loaded & set(HOMES)


@pytest.mark.parametrize("file", [*FILES, *sorted((ROOT / "tests").rglob("*.py"))], ids=lambda f: str(f.relative_to(ROOT)))
def test_files_and_functions_stay_short(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count("\n") <= 250
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            doc = ast.get_docstring(node, clean=False)
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno + 1 - (doc.count("\n") + 1 if doc else 0) <= 40, node.name


@EACH
def test_lines_stay_short(file: Path) -> None:
    assert max(map(len, file.read_text(encoding="utf-8").splitlines()), default=0) <= 130


def public(node: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Functions, classes and their methods whose names have no underscore in front."""
    for each in node.body:
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not each.name.startswith("_"):
            yield each
            if isinstance(each, ast.ClassDef):
                yield from public(each)


@EACH
def test_public_things_say_what_they_are(file: Path) -> None:
    module = tree(file)
    assert not module.body or ast.get_docstring(module)
    assert not [each.name for each in public(module) if not ast.get_docstring(each)]


@EACH
def test_nothing_that_runs_data_as_code(file: Path) -> None:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in ("eval", "exec", "compile", "__import__", "builtins.eval", "builtins.exec", "os.system")
            assert not any(k.arg in ("allow_pickle", "shell") for k in node.keywords), called
    assert not {"pickle", "marshal", "yaml", "shelve", "dill", "joblib"} & {n.split(".")[0] for n in imports(tree(file))}


def test_every_room_is_packaged_and_every_package_is_there() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    listed = setup["options"]["packages"].split()
    assert sorted(set(listed)) == sorted(listed)
    assert set(listed) - {"refgraph.cypher"} == {".".join(f.parent.relative_to(ROOT).parts) for f in FILES}
    assert all((f.parent / "__init__.py").is_file() for f in FILES)
    assert (ROOT / "cypher" / "__init__.py").is_file()


def test_no_path_of_a_machine_and_no_registry_host() -> None:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = [n for n in done.stdout.split("\0") if n and (ROOT / n).is_file()] or [str(f.relative_to(ROOT)) for f in FILES]
    homes, hosts = "home|Users|root|work", "pypi|pythonhosted|maven|npmjs|conda|docker"
    wrong = re.compile(rf"(?<![\w.)}}])/(?:{homes})/\w|https?://[\w.-]*(?:{hosts})[\w-]*\.(?:org|io|com|net)")
    for name in names:
        content = (ROOT / name).read_bytes()
        found = wrong.search(content.decode("utf-8", "replace")) if b"\0" not in content else None
        assert not found, f"{name}: {found}"


def test_the_help_loads_neither_polars_nor_numpy() -> None:
    code = "import sys\nfrom refgraph.commands import main\ntry: main()\nexcept SystemExit: print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, "--help"], check=True, capture_output=True, text=True)
    assert "refgraph.commands.group" in done.stdout
    assert not LIGHT & set(done.stdout.split())
