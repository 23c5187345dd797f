"""The program as a person uses it with a database: load, ask, draw, look after it; the password is never seen."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from stores import run as cypher

pytestmark = pytest.mark.neo4j
ROOT = Path(__file__).parent.parent.parent
CASE, OTHER = "sample_data/l96", "sample_data/l96-29"


class Program:
    """``refgraph`` with the server's address and password in the environment, and a cache of its own."""

    def __init__(self, server: Any, folder: Path) -> None:
        self.password = server.password
        self.told = {"NEO4J_URI": server.uri, "NEO4J_USERNAME": server.user, "NEO4J_PASSWORD": server.password}
        self.base = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONUTF8": "1", "REFGRAPH_CACHE": str(folder / "cache")}
        self.seen: list[str] = []

    def __call__(self, *words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        done = subprocess.run([sys.executable, "-c", "from refgraph.commands import main; main()", *words], cwd=ROOT, text=True,
                              capture_output=True, env=self.base | (self.told if env is None else env), stdin=subprocess.DEVNULL)
        assert "Traceback" not in done.stderr, done.stderr
        assert self.password not in done.stdout + done.stderr
        return done


@pytest.fixture
def program(neo4j_empty: Any, tmp_path: Path) -> Program:
    return Program(neo4j_empty, tmp_path)


def test_load_ask_and_load_again(program: Program, neo4j_empty: Any) -> None:
    assert program("effect", "neo4j://").returncode == 3
    done = program("load", CASE, "--into", "neo4j://", "--lang", "en")
    assert done.returncode == 0 and done.stdout.startswith("Loaded 129 customers and 58 referrals into neo4j://"), done.stderr
    again = program("load", CASE, "--into", "neo4j://", "--lang", "zh")
    assert again.returncode == 0 and again.stdout.startswith("无需处理")
    for words, langs in ((("effect",), ("en", "zh")), (("recommenders", "--count", "staff"), ("zh",)), (("report",), ("zh",)),
                         (("check",), ("en",)), (("draw", "C020"), ("zh",)), (("timeline", "effect"), ("en",))):
        for lang in langs:
            files, base = (program(*words, source, "--lang", lang) for source in (CASE, "neo4j://"))
            assert files.returncode == base.returncode == 0, base.stderr
            assert files.stdout == base.stdout and len(files.stdout) > 300, words
    asked = program("effect", "neo4j://", "--format", "json")
    assert f'"engine": "neo4j", "source": "{neo4j_empty.uri}"' in " ".join(asked.stdout.split())
    for words, how in (((), "kept"), (("--compute", "columns"), "columns"), (("--value", "profit"), "columns")):
        assert f'"computed": "{how}"' in program("effect", "neo4j://", "--format", "json", *words).stdout
    anew = program("recommenders", "neo4j://", "--compute", "columns", "--format", "csv")
    assert anew.stdout == program("recommenders", "neo4j://", "--format", "csv").stdout and anew.returncode == 0


def test_replace_shows_what_goes_and_asks(program: Program, neo4j_empty: Any) -> None:
    program("load", CASE, "--into", "neo4j://")
    plain = program("load", OTHER, "--into", "neo4j://")
    assert plain.returncode == 2 and "--replace" in plain.stderr
    unasked = program("load", OTHER, "--into", "neo4j://", "--replace")
    assert unasked.returncode == 2 and "129 customers and 58 referrals" in unasked.stderr and "--yes" in unasked.stderr
    assert cypher(neo4j_empty, "MATCH ()-[r:REFERRED]->() RETURN count(r)") == [[58]]
    done = program("load", OTHER, "--into", "neo4j://", "--replace", "--yes")
    assert done.returncode == 0 and done.stdout.startswith("Replaced: 129 customers and 57 referrals")


def test_rows_set_aside_are_told_and_come_back(program: Program) -> None:
    for name in ("ragged-rows", "loops"):
        source = f"sample_data/dirty/{name}"
        loaded = program("load", source, "--into", "neo4j://", "--replace", "--yes")
        files, base = (program("check", s, "--format", "md") for s in (source, "neo4j://"))
        assert loaded.returncode == files.returncode == base.returncode == (3 if name == "ragged-rows" else 0)
        assert files.stdout == base.stdout, name


@pytest.mark.parametrize(("words", "code", "said"), [
    (("effect", "http://127.0.0.1:7474"), 2, "bolt+s"), (("effect", "bolt://example.com"), 2, "--insecure"),
    (("effect", "bolt://ann:canary-77@localhost"), 2, "NEO4J_PASSWORD"), (("effect", "bolt://127.0.0.1:1"), 4, "host and port"),
    (("effect", "neo4j://", "--database", "nothere"), 4, "--database"), (("load", CASE), 2, "--into"),
    (("effect", "neo4j://", "--password", "x"), 2, "--password"), (("effect", "neo4j://", "--node-label", "X"), 3, "--node-label"),
    (("effect", "neo4j://", "--customers", "x.csv"), 2, "Load them"), (("load", "nowhere", "--into", "neo4j://"), 5, "nowhere"),
])  # fmt: skip
def test_what_goes_wrong_is_said_in_two_lines(words: tuple[str, ...], code: int, said: str, program: Program) -> None:
    done = program(*words, "--lang", "en")
    assert done.returncode == code, done.stderr
    assert len(done.stderr.strip().splitlines()) == 2 and not done.stdout
    assert "canary-77" not in done.stderr
    assert said in done.stderr, done.stderr


def test_a_wrong_password_and_one_from_a_file(program: Program, tmp_path: Path) -> None:
    program("load", CASE, "--into", "neo4j://")
    wrong = program("effect", "neo4j://", env=program.told | {"NEO4J_PASSWORD": "canary-wrong-1"})
    assert wrong.returncode == 4 and "canary" not in wrong.stderr + wrong.stdout
    file = tmp_path / "env"
    file.write_text("".join(f"{key}={value}\n" for key, value in program.told.items()), encoding="utf-8")
    right = program("effect", "neo4j://", "--env-file", str(file), env={})
    assert right.returncode == 0 and "30" in right.stdout


def test_doctor_looks_at_a_database(program: Program, neo4j_empty: Any) -> None:
    empty = program("doctor", "neo4j://", "--lang", "en")
    assert empty.returncode == 0 and "the database is empty" in empty.stdout
    program("load", CASE, "--into", "neo4j://")
    done = program("doctor", "neo4j://", "--lang", "en")
    assert done.returncode == 0, done.stdout
    for word in ("Neo4j/5", "community", "signed in", "round trip", "clocks", "constraints", "indexes",
                 "129 customers and 58 referrals", "nothing was committed since", "APOC"):
        assert word in done.stdout
    cypher(neo4j_empty, "MATCH (n:Customer {id: 'C020'}) SET n.revenue = 1.0")
    since = program("doctor", "neo4j://", "--lang", "en")
    assert since.returncode == 0 and "something was committed since" in since.stdout
    cypher(neo4j_empty, "DROP CONSTRAINT refgraph_Order_refgraph_row")
    cypher(neo4j_empty, "CREATE (:Customer {id: 'new'})")
    hurt = program("doctor", "neo4j://", "--lang", "en")
    red = [line for line in hurt.stdout.splitlines() if line.startswith("!!")]
    assert hurt.returncode == 3 and len(red) == 2 and "Order" in red[0] and "added" in red[1]
    assert program("doctor", "neo4j://", "--lang", "zh").stdout.count("!!") == 2
    program("load", CASE, "--into", "neo4j://", "--replace", "--yes")
    assert program("doctor", "neo4j://").returncode == 0


def test_snapshots_are_listed_and_cleared(program: Program) -> None:
    program("load", CASE, "--into", "neo4j://")
    plain, kept, used = (program("effect", "neo4j://", *more) for more in ((), ("--snapshot",), ("--snapshot",)))
    assert plain.stdout == kept.stdout == used.stdout
    assert not [f for f in Path(program.base["REFGRAPH_CACHE"]).rglob("*") if f.is_file() and program.password.encode() in f.read_bytes()]
    shown = program("snapshot", "list", "--format", "csv").stdout.splitlines()
    assert len(shown) == 2 and "neo4j" in shown[1]
    assert program("snapshot", "clear", "--lang", "en").stdout == "1 snapshot taken away.\n"
    assert len(program("snapshot", "list", "--format", "csv").stdout.splitlines()) == 1


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_load_broken_off_by_a_signal_can_be_resumed(number: int, code: int, program: Program, tmp_path: Path) -> None:
    """The signal comes in the first batches of a larger load; its exit code, a hint, and --resume ends it."""
    folder = str(tmp_path / "company")
    assert program("generate", folder, "--size", "20000").returncode == 0
    words = [sys.executable, "-c", "from refgraph.commands import main; main()", "load", folder, "--into", "neo4j://"]
    one = subprocess.Popen(words, cwd=ROOT, env=program.base | program.told, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while one.poll() is None:
        time.sleep(0.2)
        state = program("doctor", "neo4j://", "--lang", "en").stdout
        if "is not finished" in state:
            one.send_signal(number)
            break
    out, err = one.communicate(timeout=60)
    assert (one.returncode, "--resume" in err) == (code, True), (out, err)
    assert program("effect", "neo4j://").returncode == 3
    assert program("load", folder, "--into", "neo4j://").returncode == 2
    done = program("load", folder, "--into", "neo4j://", "--resume", "--lang", "en")
    assert done.returncode in (0, 3) and done.stdout.startswith("Finished what was broken off"), done.stderr
    files, base = (program("recommenders", s, "--format", "csv", "--allow-rejects") for s in (folder, "neo4j://"))
    assert files.stdout == base.stdout


def test_from_python(neo4j_empty: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import refgraph

    monkeypatch.setenv("NEO4J_URI", neo4j_empty.uri)
    monkeypatch.setenv("NEO4J_PASSWORD", neo4j_empty.password)
    data = refgraph.read(str(ROOT / CASE))
    assert [refgraph.load(data, "neo4j://"), refgraph.load(data, neo4j_empty.uri)] == ["new", "same"]
    back = refgraph.read("neo4j://")
    assert back.fingerprint == data.fingerprint
    assert refgraph.run("effect", back).frame.equals(refgraph.run("effect", data).frame)


def test_the_readme_is_true(tmp_path: Path) -> None:
    """Its block, word for word, on a server of its own home, in a shell that has only the project."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = readme.partition("## A database")[2].partition("```sh\n")[2].partition("```")[0]
    for there, here in (("scripts/neo4j start", f"scripts/neo4j start --home '{tmp_path}/home'"), (".neo4j/home/env", f"'{tmp_path}/home/env'"),
                        ("scripts/neo4j stop", f"scripts/neo4j stop --home '{tmp_path}/home'"), (".neo4j/", f"{tmp_path}/")):
        assert there in block
        block = block.replace(there, here)
    done = subprocess.run(["sh", "-euc", block], cwd=ROOT, text=True, capture_output=True, stdin=subprocess.DEVNULL,
                          env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": os.environ.get("HOME", "/")})
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("same\n") == 10
    assert "Loaded 129 customers and 58 referrals" in done.stdout
