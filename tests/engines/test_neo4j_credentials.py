"""Addresses and credentials: checked before anything is sent, and never shown."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from refgraph.engines import ENGINES, NEO4J_SCHEMES, find_factory, is_address
from refgraph.engines.neo4j.credentials import Credentials, resolve_credentials
from refgraph.engines.options import Connection
from refgraph.errors import FileError, UsageError

CANARY = "sesame-canary-71"
"""A password to be searched for where it must not be."""
NO_VARIABLES: Mapping[str, str] = {}
VARIABLES = {
    "NEO4J_URI": "bolt://localhost:5",
    "NEO4J_USERNAME": "ann",
    "NEO4J_PASSWORD": CANARY,
    "NEO4J_DATABASE": "d",
}


def resolve(uri: str, connection: Connection = Connection()) -> Credentials:
    """The credentials for an address, without environment variables."""
    return resolve_credentials(uri, connection, NO_VARIABLES)


@pytest.mark.parametrize("scheme", NEO4J_SCHEMES)
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "[::1]"])
def test_resolve_credentials_local_address_any_scheme_is_accepted(scheme: str, host: str) -> None:
    credentials = resolve(f"{scheme}://{host}:17/")
    assert credentials.port == 17
    assert credentials.is_unencrypted == ("+" not in scheme)
    assert (credentials.database, credentials.user) == ("neo4j", "neo4j")
    assert resolve(f"{scheme}://{host}").port == 7687


@pytest.mark.parametrize(
    "uri",
    [
        "http://localhost",
        "https://localhost:7473",
        "bolt://",
        "neo4j://localhost/db",
        "bolt://h:99999",
        "bolt://h:x",
        "ftp://h",
        "bolt://localhost?x=1",
        "bolt://[::1",
        "://h",
    ],
)
def test_resolve_credentials_invalid_address_raises_usage_error(uri: str) -> None:
    with pytest.raises(UsageError) as caught:
        resolve(uri)
    assert caught.value.id == ("no-uri" if uri == "bolt://" else "bad-uri")


@pytest.mark.parametrize(
    "uri", ["bolt://example.com", "neo4j://10.0.0.1", "bolt://localhost.example.com"]
)
def test_resolve_credentials_unencrypted_remote_address_needs_insecure(uri: str) -> None:
    with pytest.raises(UsageError) as caught:
        resolve(uri)
    assert caught.value.id == "insecure-uri"
    assert resolve(uri, Connection(insecure=True)).uri == uri


def test_resolve_credentials_encrypted_remote_address_is_accepted() -> None:
    assert resolve("neo4j+s://example.com").host == "example.com"


@pytest.mark.parametrize(
    "uri",
    [
        f"bolt://neo4j:{CANARY}@localhost",
        f"bolt://{CANARY}@localhost",
        f"http://x:{CANARY}@localhost",
        f"bolt://x:{CANARY}@h:x",
    ],
)
def test_resolve_credentials_password_in_address_is_refused_and_not_shown(uri: str) -> None:
    with pytest.raises(UsageError) as caught:
        resolve(uri)
    assert CANARY not in f"{caught.value} {caught.value.values}"


def test_resolve_credentials_environment_is_read_and_password_not_shown() -> None:
    credentials = resolve_credentials("neo4j://", environment=VARIABLES)
    expected = Credentials("bolt://localhost:5", user="ann", password=CANARY, database="d")
    assert credentials == expected
    assert CANARY not in repr(credentials)


def test_resolve_credentials_env_file_overrides_environment(tmp_path: Path) -> None:
    file = tmp_path / "env"
    lines = (
        "# mine",
        "export NEO4J_USERNAME='bob'",
        'NEO4J_PASSWORD="p=q"',
        "PATH=/x",
        "NEO4J_DATABASE=",
    )
    file.write_text("\n".join(lines), encoding="utf-8")
    connection = Connection(env_file=str(file), database="e")
    credentials = resolve_credentials("neo4j:", connection, VARIABLES)
    assert (credentials.user, credentials.password) == ("bob", "p=q")
    assert credentials.database == "e"


def test_resolve_credentials_missing_env_file_raises_file_error(tmp_path: Path) -> None:
    with pytest.raises(FileError):
        resolve_credentials("neo4j://", Connection(env_file=str(tmp_path / "none")), VARIABLES)


def test_resolve_credentials_no_address_anywhere_names_the_variable() -> None:
    with pytest.raises(UsageError, match="NEO4J_URI"):
        resolve("bolt://")


def test_is_address_path_is_false() -> None:
    assert is_address("bolt://x")
    assert not any(map(is_address, ("sample_data/l96", "C:\\x", None, Path("neo4j:"))))


@pytest.mark.parametrize("scheme", ENGINES)
def test_find_factory_registered_scheme_has_every_function(scheme: str) -> None:
    factory = find_factory(f"{scheme}://localhost")
    for name in ("open_engine", "open_store", "check_health"):
        assert callable(getattr(factory, name))


def test_find_factory_unknown_scheme_names_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        find_factory(f"http://x:{CANARY}@localhost")
    assert caught.value.id == "bad-uri"
    assert "bolt+s" in str(caught.value.values["known"])
    assert CANARY not in str(caught.value.values)
