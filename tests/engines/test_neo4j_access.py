"""Addresses and credentials: checked before anything is sent, and never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from refgraph.engines.neo4j.access import SCHEMES, Access, is_address, reached
from refgraph.errors import FileError, UsageError

CANARY = "sesame-canary-71"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_scheme_on_this_machine(scheme: str) -> None:
    for host in ("localhost", "127.0.0.1", "127.8.8.8", "[::1]"):
        found = reached(f"{scheme}://{host}:17/", environment={})
        assert (found.port, found.plain, found.database, found.user) == (17, "+" not in scheme, "neo4j", "neo4j")
    assert reached(f"{scheme}://localhost", environment={}).port == 7687


@pytest.mark.parametrize("uri", ["http://localhost", "https://localhost:7473", "bolt://", "neo4j://localhost/db", "bolt://h:99999",
                                 "bolt://h:x", "ftp://h", "bolt://localhost?x=1", "bolt://[::1", "://h"])
def test_what_is_no_address(uri: str) -> None:
    with pytest.raises(UsageError, match="."):
        reached(uri, environment={})


def test_plain_text_stays_on_this_machine() -> None:
    for uri in ("bolt://example.com", "neo4j://10.0.0.1", "bolt://localhost.example.com"):
        with pytest.raises(UsageError) as caught:
            reached(uri, environment={})
        assert caught.value.id == "insecure-uri"
        assert reached(uri, environment={}, insecure=True).uri == uri
    assert reached("neo4j+s://example.com", environment={}).host == "example.com"


def test_a_password_in_the_address_is_refused_and_not_told() -> None:
    for uri in (f"bolt://neo4j:{CANARY}@localhost", f"bolt://{CANARY}@localhost", f"http://x:{CANARY}@localhost", f"bolt://x:{CANARY}@h:x"):
        with pytest.raises(UsageError) as caught:
            reached(uri, environment={})
        assert CANARY not in f"{caught.value} {caught.value.values}"


def test_the_environment_and_a_file_of_it(tmp_path: Path) -> None:
    told = {"NEO4J_URI": "bolt://localhost:5", "NEO4J_USERNAME": "ann", "NEO4J_PASSWORD": CANARY, "NEO4J_DATABASE": "d"}
    found = reached("neo4j://", environment=told)
    assert found == Access("bolt://localhost:5", "ann", CANARY, "d")
    assert CANARY not in repr(found)
    file = tmp_path / "env"
    file.write_text("# mine\nexport NEO4J_USERNAME='bob'\nNEO4J_PASSWORD=\"p=q\"\nPATH=/x\nNEO4J_DATABASE=\n", encoding="utf-8")
    found = reached("neo4j:", environment=told, env_file=str(file), database="e")
    assert (found.user, found.password, found.database) == ("bob", "p=q", "e")
    with pytest.raises(FileError):
        reached("neo4j://", environment=told, env_file=str(tmp_path / "none"))
    with pytest.raises(UsageError, match="NEO4J_URI"):
        reached("bolt://", environment={})


def test_a_path_is_no_address() -> None:
    assert is_address("bolt://x")
    assert not any(map(is_address, ("sample_data/l96", "C:\\x", None, Path("neo4j:"))))
