"""The house stays calm: who may import whom, where heavy libraries live, how long files and functions are."""

from __future__ import annotations

import ast
import configparser
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "refgraph"
FILES = sorted(PACKAGE.rglob("*.py"))
LEVELS = [
    {"commands"}, {"flow"}, {"sources", "engines", "analyses", "layouts", "renderers", "generator"}, {"intake", "graphs"},
    {"kernels", "estimates"}, {"model", "texts", "data", "registry", "config", "files", "progress"}, {"errors"},
]  # fmt: skip
LEVEL = {room: k for k, rooms in enumerate(LEVELS) for room in rooms}
HOMES = {
    "click": ["commands"], "neo4j": ["engines/neo4j"], "matplotlib": ["renderers"], "numba": ["kernels/compile.py", "kernels/cache.py"],
    "rich": ["renderers/table.py"], "jinja2": ["renderers/html.py"], "openpyxl": ["sources/excel.py"],
    "xlsxwriter": ["renderers/excel.py"], "fontTools": ["renderers/fonts.py"], "scipy": ["estimates", "kernels/loops.py"],
    "networkx": ["analyses/communities.py", "flow/networks.py"], "pandas": ["sources/frames.py"],
}  # fmt: skip
LIGHT = {"numpy", "polars"}
NAMES = [str(p.relative_to(ROOT)) for p in FILES]
EACH = pytest.mark.parametrize("file", FILES, ids=NAMES)


def room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0].removesuffix(".py") if len(parts) == 1 else parts[0]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Import):
            yield from (name.name for name in each.names)
        elif isinstance(each, ast.ImportFrom) and each.module:
            yield from (f"{each.module}.{name.name}" for name in each.names)


@EACH
def test_imports_run_downwards_and_wings_do_not_meet(file: Path) -> None:
    here = room(file)
    if here == "__init__":
        return
    for name in imports(tree(file)):
        if not name.startswith("refgraph."):
            continue
        there = name.split(".")[1]
        if there in (here, "cypher") or there not in LEVEL:
            continue
        assert here != "errors", name
        same = LEVEL[there] == LEVEL[here]
        allowed = LEVEL[there] > LEVEL[here] or (here, there) == ("renderers", "layouts") or (
            same and LEVEL[here] in (3, 4, 5))  # intake and graphs, kernels and estimates, model and its peers
        assert allowed, f"{file.relative_to(ROOT)} imports {name}"


def test_the_model_reaches_for_nothing_but_itself() -> None:
    for file in (PACKAGE / "model").glob("*.py"):
        assert not [n for n in imports(tree(file)) if n.startswith("refgraph.") and not n.startswith(("refgraph.model", "refgraph.errors"))]


@EACH
def test_heavy_libraries_stay_at_home(file: Path) -> None:
    place = file.relative_to(PACKAGE).as_posix()
    for name in imports(tree(file)):
        top = name.split(".")[0]
        if top in HOMES:
            assert any(place == home or place.startswith(home + "/") for home in HOMES[top]), f"{place} imports {name}"


@EACH
def test_only_light_libraries_load_with_a_module(file: Path) -> None:
    if room(file) == "commands":
        return
    body = [n for n in tree(file).body if isinstance(n, (ast.Import, ast.ImportFrom))]
    tops = {name.split(".")[0] for node in body for name in imports(node)}
    assert not tops & set(HOMES), tops & set(HOMES)


@EACH
def test_files_and_functions_stay_short(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count("\n") <= 250
    assert max(map(len, text.splitlines()), default=0) <= 130
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            doc = ast.get_docstring(node, clean=False)
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno + 1 - (doc.count("\n") + 1 if doc else 0) <= 40, node.name


@EACH
def test_public_things_say_what_they_are(file: Path) -> None:
    module = tree(file)
    if file.stat().st_size:
        assert ast.get_docstring(module), "module"
    for node in module.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name


@EACH
def test_nothing_that_runs_data_as_code(file: Path) -> None:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("eval", "exec")
    assert not {"pickle", "marshal", "yaml", "shelve"} & {n.split(".")[0] for n in imports(tree(file))}


def test_every_room_is_packaged() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    listed = set(setup["options"]["packages"].split()) - {"refgraph.cypher"}
    found = {".".join(p.parent.relative_to(ROOT).parts) for p in PACKAGE.rglob("__init__.py")}
    assert listed == found


def test_no_path_of_a_machine_and_no_registry_host() -> None:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    tracked = done.stdout.split() or NAMES
    wrong = re.compile(r"(/(?:home|Users|root|work)/[a-z.]|https?://(?:pypi|files\.pythonhosted|repo1?\.maven|registry\.npmjs))")
    for name in tracked:
        if name.endswith((".py", ".md", ".toml", ".cfg", ".cypher", ".sh")) and name != "tests/test_architecture.py":
            assert not wrong.search((ROOT / name).read_text(encoding="utf-8")), name


def test_the_help_loads_neither_polars_nor_numpy() -> None:
    import sys

    code = "import sys\nfrom refgraph.commands import main\ntry:\n    main()\nexcept SystemExit:\n    pass\nassert not {'polars', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code, "--help"], check=True, capture_output=True)
